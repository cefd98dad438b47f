"""The story of the product is the order of the code, and imports go only one way along it."""

import os
import subprocess
import sys

import pytest

from practice.tests.code.reading_order import (
    MOST,
    ROOT,
    circles,
    crowded,
    feature,
    feature_circles,
    hidden,
    layer,
    sources,
    upward,
)

MODULES = sources()
PURE = [module for module in MODULES if layer(module) == "pure"]
#: Imports between features that know each other both ways. Each would need a reason here; there is none.
ALLOWED_CIRCLES: list[str] = []


def planted(module: str, line: str) -> dict[str, str]:
    """The real code with one more line at the end of a module."""
    return MODULES | {module: MODULES.get(module, "") + f"\n{line}\n"}


def test_imports_only_go_up_the_page():
    assert upward(MODULES) == []


@pytest.mark.parametrize(
    ("module", "line", "found"),
    [
        ("practice.queries", "import booking.models", "practice.queries → booking.models"),
        ("practice.core.clock", "from practice.models import User", "practice.core.clock → practice.models"),
        ("booking.errors", "from portal import models", "booking.errors → portal.models"),
        (
            "booking.models.offering",
            "from ..availability.listing import free",
            "booking.models.offering → booking.availability.listing",
        ),
        (
            "booking.availability.listing",
            "from booking.appointments.views import book",
            "booking.availability.listing → booking.appointments.views.book",
        ),
        (
            "booking.packages.queries",
            "from booking.packages import actions",
            "booking.packages.queries → booking.packages.actions",
        ),
        (
            "booking.intake.letters",
            "from booking.intake.actions import hand_in",
            "booking.intake.letters → booking.intake.actions",
        ),
        (
            "booking.intake.queries",
            "from booking.intake import letters",
            "booking.intake.queries → booking.intake.letters",
        ),
        (
            "booking.intake.actions",
            "from booking.intake import forms",
            "booking.intake.actions → booking.intake.forms",
        ),
        ("practice.queries", "from practice import tasks", "practice.queries → practice.tasks"),
        (
            "practice.mail.workspace_views",
            "from booking import queries",
            "practice.mail.workspace_views → booking.queries",
        ),
        (
            "booking.series.views.book",
            "from practice.site.views import pages",
            "booking.series.views.book → practice.site.views.pages",
        ),
        (
            "booking.api.routes",
            "from booking.testing import x",
            "booking.api.routes → booking.testing",
        ),
        ("practice.queries", "def f():\n    from booking import models", "practice.queries → booking.models"),
    ],
)
def test_a_planted_import_the_wrong_way_is_found(module, line, found):
    assert set(upward(planted(module, line))) - set(upward(MODULES)) == {found}


def test_only_the_site_knows_all_apps():
    assert upward(planted("practice.site.views.pages", "import portal.home.views")) == []


def test_no_modules_import_each_other_in_a_circle():
    assert circles(MODULES) == []


def test_a_planted_circle_is_found():
    modules = {
        "booking.one": "from booking import two",
        "booking.two": "import booking.one",
        "booking.three": "",
    }
    assert circles(modules) == ["booking.one", "booking.two"]


def test_features_import_each_other_one_way_only():
    assert feature_circles(MODULES) == ALLOWED_CIRCLES


@pytest.mark.parametrize(
    ("module", "line", "found"),
    [
        (
            "booking.offers.actions",
            "from booking.waitlist.actions import answer",
            {
                "booking.offers.actions → booking.waitlist.actions.answer",
                "booking.waitlist.actions.answer → booking.offers.actions",
            },
        ),
        (
            "practice.mail.post",
            "from practice.accounts import account_notice_texts",
            {
                "practice.mail.post → practice.accounts.account_notice_texts",
                "practice.accounts.account_notice_texts → practice.mail.post",
            },
        ),
        (
            "portal.practice_log.history",
            "from portal.workspace import brief",
            {
                "portal.practice_log.history → portal.workspace.brief",
                "portal.workspace.brief → portal.practice_log.progress",
            },
        ),
        (  # around a third
            "booking.policy.terms",
            "from booking.holds.actions import hold",
            {
                "booking.policy.terms → booking.holds.actions.hold",
                "booking.holds.actions.hold → booking.policy.terms",
            },
        ),
    ],
)
def test_a_planted_feature_that_knows_who_knows_it_is_found(module, line, found):
    assert found <= set(feature_circles(planted(module, line)))


def test_a_planted_circle_around_a_third_feature_is_found_and_nothing_beside_it():
    modules = {
        "booking.a.rules": "from booking.b import rules",
        "booking.b.rules": "from booking.c import rules",
        "booking.c.rules": "from booking.a import words\nfrom booking.d import rules",
        "booking.a.words": "",
        "booking.d.rules": "",
        "booking.e.rules": "from booking.a import rules",
    }
    assert feature_circles(modules) == [
        "booking.a.rules → booking.b.rules",
        "booking.b.rules → booking.c.rules",
        "booking.c.rules → booking.a.words",
    ]


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("booking.queries", "booking.queries"),
        ("booking.letters.before_session.reminders", "booking.letters"),
        ("booking.availability.engine.slots", "booking.availability.engine"),
        ("booking.models.offering", ""),
        ("booking.urls", ""),
    ],
)
def test_a_feature_is_a_folder_of_an_app_or_a_file_beside_them(module, expected):
    assert feature(module) == expected


def test_no_folder_is_crowded():
    assert crowded(MODULES) == {}


def test_a_planted_crowd_is_found():
    added = {f"booking.packages.new_{number}": "" for number in range(MOST)}
    assert list(crowded(MODULES | added)) == ["booking.packages"]


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
    assert loads(["practice.core.formatting", framework]) == framework


def test_the_pure_layer_holds_what_it_is_about():
    assert {
        *("practice.core.clock", "practice.core.body", "practice.site.processes.claim"),
        *("booking.availability.engine.slots", "booking.offers.matching", "portal.followups.engine.guards"),
    } <= set(PURE)
