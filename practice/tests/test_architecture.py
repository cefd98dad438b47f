"""The story of the product is the order of the code, and imports go only one way along it."""

import os
import subprocess
import sys

import pytest

from practice.tests.reading_order import ROOT, circles, hidden, layer, sources, upward

MODULES = sources()
PURE = [module for module in MODULES if layer(module) == "pure"]


def planted(module: str, line: str) -> dict[str, str]:
    """The real code with one more line at the end of a module."""
    return MODULES | {module: MODULES.get(module, "") + f"\n{line}\n"}


def test_imports_only_go_up_the_page():
    assert upward(MODULES) == []


@pytest.mark.parametrize(
    ("module", "line", "found"),
    [
        ("practice.queries", "import booking.models", "practice.queries → booking.models"),
        ("practice.clock", "from practice.models import User", "practice.clock → practice.models"),
        ("booking.calendar", "from portal import models", "booking.calendar → portal.models"),
        (
            "booking.models.offering",
            "from ..calendar import free",
            "booking.models.offering → booking.calendar",
        ),
        ("booking.calendar", "from booking.views import book", "booking.calendar → booking.views.book"),
        ("practice.queries", "from practice import tasks", "practice.queries → practice.tasks"),
        ("practice.views.pages", "import booking.urls", "practice.views.pages → booking.urls"),
        ("booking.views.book", "from booking.testing import x", "booking.views.book → booking.testing"),
        ("practice.queries", "def f():\n    from booking import models", "practice.queries → booking.models"),
    ],
)
def test_a_planted_import_the_wrong_way_is_found(module, line, found):
    assert set(upward(planted(module, line))) - set(upward(MODULES)) == {found}


def test_no_modules_import_each_other_in_a_circle():
    assert circles(MODULES) == []


def test_a_planted_circle_is_found():
    modules = {
        "booking.one": "from booking import two",
        "booking.two": "import booking.one",
        "booking.three": "",
    }
    assert circles(modules) == ["booking.one", "booking.two"]


def test_no_import_hides_inside_a_function():
    assert hidden(MODULES) == []


def test_a_planted_hidden_import_is_found():
    modules = {
        "booking.links": "def f():\n    import json",
        "booking.apps": "def ready():\n    import booking.links",
    }
    assert hidden(modules) == ["booking.links, line 2"]


def loads(modules: list[str]) -> str:
    """Which of Django and Celery a fresh Python has loaded after importing these modules."""
    code = f"import sys, {', '.join(modules)}; print(*({{'django', 'celery'}} & set(sys.modules)))"
    environ = {"PATH": os.environ["PATH"]}
    asked = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environ, capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


def test_pure_modules_load_neither_django_nor_celery():
    assert loads(PURE) == ""


@pytest.mark.parametrize("framework", ["django", "celery"])
def test_a_module_that_loads_a_framework_is_told_apart(framework):
    assert loads(["practice.text", framework]) == framework


def test_the_pure_layer_holds_what_it_is_about():
    assert {"practice.clock", "practice.body", "booking.scheduling.slots", "practice.processes.claim"} <= set(
        PURE
    )
