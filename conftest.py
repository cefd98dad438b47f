"""How tests run: a var/ of their own, real static files, one fixed clock, and a place for each file."""

import fcntl
import gc
import importlib
import multiprocessing
import os
import shutil
import string
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import django
import hypothesis
import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.middleware import csrf
from xdist.scheduler import LoadFileScheduling

# Loading all modules and collecting all tests makes a million objects that stay: to look through them for
# garbage again and again took a quarter of that time, in each worker. `pytest_collection_finish` looks again.
gc.disable()
# Before Django reads its settings: tests must not touch the var/ of a practice living in this clone. That is
# why pyproject.toml does not name the settings: pytest-django would read them before this file.
if "PYTEST_VAR" not in os.environ:
    os.environ["PYTEST_VAR"] = tempfile.mkdtemp(prefix="mp-test-")
    os.environ["PYTEST_OWNER"] = str(os.getpid())
os.environ["VAR_DIR"] = os.environ["PYTEST_VAR"]
os.environ["KEYS_DIR"] = f"{os.environ['PYTEST_VAR']}-keys"
MAIL = (
    *("EMAIL_URL", "DEFAULT_FROM_EMAIL", "EMAIL_EVENTS", "BOUNCE_MAILBOX", "BOUNCE_ADDRESS"),
    *("DKIM_SELECTOR", "DKIM_KEY_FILE"),
)
BACKUPS = ("BACKUP_TO", "BACKUP_EVERY", "BACKUP_KEEP")
S3 = ("BUCKET", "SIGNED_LINKS", "ENDPOINT_URL", "REGION", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY")
BUCKETS = (*(f"S3_{name}" for name in S3), *(f"BACKUP_S3_{name}" for name in S3[2:]))
UNSET = (
    *MAIL,
    *BACKUPS,
    *BUCKETS,
    "REDIS_URL",
    "SITE_URL",
    "DEMO",
    "DEBUG",
    "X_ACCEL",
    "SENTRY_DSN",
    "MEDIA_ROOT",
)
for name in UNSET:
    os.environ[name] = ""
    os.environ.pop(name)
os.environ["DJANGO_SETTINGS_MODULE"] = "practice.settings"
# Playwright keeps an event loop in the thread that drives a browser; Django would then refuse the database to
# every later test of that worker, as if it were asynchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
django.setup()
# A test's connection lives as long as its worker: closed after a minute, as behind a web server, it would
# take the test's transaction with it.
connection.settings_dict["CONN_MAX_AGE"] = None
# No example is timed (a busy machine would fail it), and one commit tries the same examples every time.
hypothesis.settings.register_profile("portal", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("portal")
# Argon2 takes a fifth of a second by design; a test need not wait for it.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Each test client builds the middleware anew: listing all static files each time took a third of a run.
settings.WHITENOISE_AUTOREFRESH = True

# A page holds random tokens: with letters one in some thousands says "Ann", and a test that looks for no Ann
# fails for it.
csrf.CSRF_ALLOWED_CHARS = string.digits

pytest_plugins = ["practice.tests.cost"]

ROOT, APPS = Path(__file__).parent, ("practice", "booking", "portal")
#: What the clock says when a test begins: Tuesday, March 2, 2027, 10:07 in Denver. It goes on from there.
FIXED_CLOCK = "2027-03-02T17:07:30+00:00"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption("--files-with", default="", help="load only test files with one of these marks: a,b")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Pass over files without the marks of `--files-with`: else each worker loads what `-m` leaves out."""
    marks = config.getoption("files_with")
    if not marks or not collection_path.match("test_*.py"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    return None if any(f"mark.{mark}" in text for mark in marks.split(",")) else True


def pytest_configure(config: pytest.Config) -> None:
    """Collect the static files once, before xdist's workers start: pages are tested with hashed names."""
    if hasattr(config, "workerinput") or os.environ.get("PYTEST_OWNER") != str(os.getpid()):
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    if config.getoption("numprocesses", 0) and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        compile_tests()


def compile_tests() -> None:
    """Compile in a fresh clone each test file once, on all cores: else each worker compiles all of them.

    Of two runs that begin together, the second finds what the first compiled.
    """
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        names = [
            module_name(path)
            for app in APPS
            for path in (ROOT / app).rglob("test_*.py")
            if not compiled(path)
        ]
        cores = os.cpu_count() or 1
        fork = multiprocessing.get_context("fork")  # what they import is gone with them
        crowd = [fork.Process(target=import_all, args=(names[place::cores],)) for place in range(cores)]
        for process in crowd:
            process.start()
        for process in crowd:
            process.join()


def compiled(path: Path) -> bool:
    """Return whether a compiled file lies there, as pytest names it; an old one is up to the workers."""
    return any((path.parent / "__pycache__").glob(f"{path.stem}.*-pytest-*.pyc"))


def module_name(path: Path) -> str:
    """Return the name by which a file under ROOT is imported."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def import_all(names: list[str]) -> None:
    """Import these modules, which keeps what was compiled. What cannot be imported, a worker reports."""
    for name in names:
        with suppress(Exception):
            importlib.import_module(name)


def pytest_report_header() -> str:
    """Say which samples are drawn, so that a run can be repeated."""
    from practice.tests.sampling import PROVE, SEED

    return f"seed {SEED} (PROOF_SEED={SEED} repeats it), {'full' if PROVE else 'sampled'} size"


@pytest.hookimpl(tryfirst=True)  # before `-m` selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for no database and what is tried twice, and begin with the long ones."""
    for item in items:
        if runs_programs(item):
            item.add_marker(pytest.mark.flaky(reruns=1))  # `tools/run_tests.py` names it in the end
        if not (uses_database(item) or runs_programs(item) or item.get_closest_marker("django_db")):
            item.add_marker("once")
        if "module_db" in getattr(item, "fixturenames", ()):
            item.add_marker("django_db")  # a savepoint for each test, also where it only looks
    items.sort(key=how_late)


#: Browser tests that do not need the practice that the others share, and so need not wait in line for it.
WITHOUT_PRACTICE = {"test_page_width.py", "test_first_steps.py"}


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Keep together what shares its set-up.

    Not by marks: with pytest 9.2.0, `--dist loadgroup` of pytest-xdist 3.8.0 keeps nothing together, and says
    nothing (findings/test_groups.sh). `tools/run_tests.py` fails if a file ran in more than one worker.
    """
    return ByGroup(config, log)


class ByGroup(LoadFileScheduling):
    """A worker takes a whole file, or all of the browser's that share one practice."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def group_of(nodeid: str) -> str:
    """Return what a test stays together with in one worker: its file, or all that share one practice."""
    path = nodeid.partition("::")[0]
    folder, _, name = path.rpartition("/")
    return "browser" if folder == "practice/tests/browser" and name not in WITHOUT_PRACTICE else path


def how_late(item: pytest.Item) -> int:
    """Return a test's place in the order: what waits most and lasts longest begins first."""
    for place, mark in enumerate(("browser", "long", "processes")):
        if item.get_closest_marker(mark):
            return place
    return 3


def uses_database(item: pytest.Item) -> bool:
    """Return whether a test asks for the database by a fixture."""
    asked = {"db", "transactional_db", "live_server", "module_db"}
    return bool(asked & set(getattr(item, "fixturenames", ())))


def runs_programs(item: pytest.Item) -> bool:
    """Return whether a test starts programs of its own."""
    return bool(item.get_closest_marker("processes") or item.get_closest_marker("browser"))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Look for garbage again, but not among what was loaded and collected: it stays to the end."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Begin every test at the same instant, so that none depends on the day or the hour it runs at.

    Programs that are started share one clock with the test, which begins there with the run; the browser's
    tests set up their own (practice/tests/browser/conftest.py).
    """
    from practice.in_language import note_facts

    note_facts(None)  # what the test before it read
    if item.get_closest_marker("browser"):
        return (yield)
    if item.get_closest_marker("processes"):
        from practice.tests.processes.shifted_clock import shifted

        with shifted():
            return (yield)
    with time_machine.travel(FIXED_CLOCK, tick=True):
        return (yield)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: object
) -> Iterator[None]:
    """Give each worker a copy of one migrated database, where pytest-django would migrate for each."""
    from practice.tests.worker_database import flush_past_the_guard, own_test_database

    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    blocker: Any = django_db_blocker
    flush_past_the_guard()
    with ExitStack() as stack:
        # Open to it only here: a test that does not ask for a database must not write into that of others.
        with blocker.unblock():
            stack.enter_context(own_test_database(worker))
        yield
        with blocker.unblock():
            stack.close()


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Let a module's fixtures write rows that all its tests find, and take them back after the last.

    Each test still runs in a savepoint of its own. Not beside `transactional_db`.
    """
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        whole = transaction.atomic()
        whole._from_testcase = True  # as Django's TestCase marks its own: `durable` blocks may lie inside
        with whole:
            yield
            transaction.set_rollback(True)


def pytest_unconfigure(config: pytest.Config | None) -> None:
    """Leave nothing behind."""
    if os.environ.get("PYTEST_OWNER") == str(os.getpid()):
        for folder in (os.environ["PYTEST_VAR"], os.environ["KEYS_DIR"]):
            shutil.rmtree(folder, ignore_errors=True)
