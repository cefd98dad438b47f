"""How the tests stand: a var/ of their own, real static files, the fast password hasher."""

import os
import shutil
import tempfile
from pathlib import Path

import django
import pytest
from django.core.management import call_command
from django.db import connection

# Before Django reads its settings: tests must not touch the var/ of a practice living in this clone. That is
# why pyproject.toml does not name the settings: pytest-django would read them before this file.
if "PYTEST_VAR" not in os.environ:
    os.environ["PYTEST_VAR"] = tempfile.mkdtemp(prefix="mp-test-")
    os.environ["PYTEST_OWNER"] = str(os.getpid())
os.environ["VAR_DIR"] = os.environ["PYTEST_VAR"]
for name in ("EMAIL_URL", "REDIS_URL", "SITE_URL", "DEMO", "DEBUG", "X_ACCEL", "SENTRY_DSN", "MEDIA_ROOT"):
    os.environ[name] = ""
    os.environ.pop(name)
os.environ["DJANGO_SETTINGS_MODULE"] = "practice.settings"
django.setup()
# A test's connection lives as long as its worker: closed after a minute, as behind a web server, it would
# take the test's transaction with it.
connection.settings_dict["CONN_MAX_AGE"] = None


def pytest_configure(config: pytest.Config) -> None:
    """Collect the static files once, before xdist's workers start: pages are tested with hashed names."""
    if hasattr(config, "workerinput") or os.environ.get("PYTEST_OWNER") != str(os.getpid()):
        return
    call_command("collectstatic", interactive=False, verbosity=0)


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for no database need not run again on the other engine; what takes long begins first."""
    for item in items:
        asked = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
        starts_its_own = item.get_closest_marker("processes") or item.get_closest_marker("browser")
        if not (asked or starts_its_own or item.get_closest_marker("django_db")):
            item.add_marker("once")
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing behind."""
    if os.environ.get("PYTEST_OWNER") == str(os.getpid()):
        shutil.rmtree(Path(os.environ["PYTEST_VAR"]), ignore_errors=True)


@pytest.fixture(autouse=True)
def fast_passwords(settings: object) -> None:
    """Argon2 takes a fifth of a second by design; a test need not wait for it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def static_files_when_asked_for(settings: object) -> None:
    """Each client builds the middleware anew: listing all static files each time took a third of a run."""
    settings.WHITENOISE_AUTOREFRESH = True  # type: ignore[attr-defined]
