"""A page is served without what only a few pages and tasks need: that is loaded when it is used."""

import importlib
import json
import os
import subprocess
import sys

import pytest

from practice.core.loading.late_modules import LATE, LateModule, load_late, load_without
from practice.tests.processes.database_template import copy_file
from practice.tests.processes.up_runner import ROOT

#: Something that is loaded together with each of them, and with nothing else.
TELLS = {
    "fpdf": "fpdf.enums",
    "fontTools.ttLib": "fontTools.ttLib.ttFont",
    "icalendar": "icalendar.cal",
    "booking.calendars.importing.busy": "recurring_ical_events",
    "allauth.mfa.webauthn.internal.auth": "fido2",
    "dkim": "dns",
    "practice.mail_events.webhook_views": "anymail",
    "redis": "redis.client",
    "practice.storage.bucket": "botocore",
}
NEVER = {"redis.asyncio.client", "rich", "numpy", "requests", "boto3", "storages"}
ONE_PAGE = """
import json, sys
import django
django.setup()
from django.test import Client
status = Client().get("/", SERVER_NAME="localhost").status_code
loaded = list(sys.modules)
for name in json.loads(sys.argv[1]):
    if hasattr(type(sys.modules[name]), "_loaded"):
        sys.modules[name]._loaded()
print(json.dumps([status, loaded, list(sys.modules)]))
"""


@pytest.fixture(scope="module")
def one_page(tmp_path_factory):
    """The status of the first page, what is loaded after it, and what after a use of each late module."""
    folder = tmp_path_factory.mktemp("one-page")
    copy_file(folder / "portal.sqlite3")
    environ = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": "", "DEBUG": "1"}
    environ["DJANGO_SETTINGS_MODULE"] = "practice.settings"
    command = [sys.executable, "-c", ONE_PAGE, json.dumps(list(LATE))]
    asked = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, check=True, text=True)
    return json.loads(asked.stdout.splitlines()[-1])


# One page of a practice on SQLite, which the part on PostgreSQL would migrate a file for.
@pytest.mark.processes
@pytest.mark.sqlite
def test_a_page_is_served_without_them(one_page):
    status, loaded, _ = one_page
    assert status == 200
    assert (set(TELLS.values()) | NEVER) & set(loaded) == set()


@pytest.mark.processes
@pytest.mark.sqlite
def test_each_is_loaded_with_its_first_use(one_page):
    """The control, too: what tells that a module is loaded does tell it."""
    assert set(TELLS) == set(LATE)
    assert set(TELLS.values()) <= set(one_page[2])


@pytest.fixture
def library(tmp_path, monkeypatch):
    """A library of somebody else; whether its modules were loaded."""
    folder = tmp_path / "slow_library"
    folder.mkdir()
    (folder / "__init__.py").write_text("LOADED = ['all']\ndef answer(): return 42\n")
    (folder / "half.py").write_text("from slow_library import answer\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield
    for name in [one for one in sys.modules if one.startswith("slow_library")]:
        del sys.modules[name]


def test_a_late_module_is_loaded_with_its_first_use_and_stays_the_same(library):
    load_late("slow_library")
    import slow_library

    assert isinstance(sys.modules["slow_library"], LateModule)
    assert slow_library.answer() == 42
    assert not isinstance(sys.modules["slow_library"], LateModule)
    assert slow_library.LOADED is sys.modules["slow_library"].LOADED


def test_a_submodule_loads_its_late_module_first(library):
    load_late("slow_library")
    from slow_library.half import answer

    assert answer() == 42


def test_what_a_test_replaces_in_it_is_replaced_for_all(library, monkeypatch):
    load_late("slow_library")
    import slow_library

    monkeypatch.setattr(slow_library, "answer", lambda: 7)
    assert sys.modules["slow_library"].answer() == 7
    monkeypatch.undo()
    assert sys.modules["slow_library"].answer() == 42


def test_a_module_can_be_loaded_as_if_another_were_missing(library, tmp_path):
    (tmp_path / "slow_library" / "half.py").write_text(
        "try:\n    import colors_of_the_rainbow as found\nexcept ImportError:\n    found = None\n"
    )
    (tmp_path / "colors_of_the_rainbow.py").write_text("")
    assert load_without("colors_of_the_rainbow", "slow_library.half").found is None
    assert "colors_of_the_rainbow" not in sys.modules


def test_a_part_that_is_loaded_with_its_module_is_not_loaded_once_more(tmp_path, monkeypatch):
    package = tmp_path / "late_package"
    package.mkdir()
    (package / "__init__.py").write_text("from late_package import part as loaded_first\n")
    (package / "part.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(LATE, "late_package", "this test")
    load_late("late_package")
    part = importlib.import_module("late_package.part")
    assert sys.modules["late_package"].loaded_first is part
    assert part.__spec__.origin == str(package / "part.py")  # as it was loaded
    for name in ("late_package", "late_package.part"):
        del sys.modules[name]
