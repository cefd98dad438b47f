"""The table of roles in the documents is the table in the code, and no other module decides by role."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser

from practice.access import roles, rows
from practice.admin.shared import OwnRowsAdmin
from practice.models import User
from practice.tests.code.reading_order import ROOT, sources

COLUMNS = ("visitor", "client", "front desk", "practitioner", "owner")
# Rows about no person, and not shown to anybody as such: counters, signs of life, parts of a recording.
OF_NOBODY = {
    *("practice.usagecount", "practice.heartbeat", "booking.idempotencykey", "booking.availabilityversion"),
    *("portal.chapter", "portal.cue", "practice.erasure", "practice.dooropening", "practice.lease"),
}
# Where a role is given to somebody or counted, rather than asked for what it may do.
GIVES_ROLES = {
    *(
        "practice.models.people",
        "practice.accounts.actions.enter",
        "practice.site.welcome",
        "practice.access.roles",
        "practice.accounts.actions.staff",
        "booking.staff.workspace_views",
        "booking.staff.forms",
        "portal.merging.access",
    ),
    *(
        "booking.access",
        "booking.own_rows",
        "booking.letters.to_practitioner",
        "portal.records.access",
        "practice.access.rows",
    ),
}


def documented() -> dict[str, dict[str, str]]:
    """The table of docs/roles.md: thing → role → words."""
    found = {}
    for line in (ROOT / "docs" / "roles.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 7 and not cells[0].startswith(("-", "thing")):
            found[cells[0]] = dict(zip(COLUMNS, cells[2:], strict=True))
    return found


def enforced() -> dict[str, dict[str, str]]:
    """The same of the code."""
    return {
        name: {column: thing.grant(column.replace(" ", "_")).words for column in COLUMNS}
        for name, thing in roles.RESOURCES.items()
    }


def test_the_documents_say_what_the_code_enforces():
    print(*(f"{name}: {words}" for name, words in documented().items()), sep="\n")

    assert documented() == enforced()


def test_every_kind_of_row_belongs_to_one_thing_of_the_table():
    ours = {
        model._meta.label_lower
        for app in ("practice", "booking", "portal")
        for model in apps.get_app_config(app).get_models()
    }
    named = [model for thing in roles.RESOURCES.values() for model in thing.models]

    assert ours - set(named) == OF_NOBODY
    assert sorted(named) == sorted(set(named))


def test_of_every_kind_someone_has_said_which_rows_are_own():
    at_work = ("front_desk", "practitioner")
    needed = {
        model
        for model in roles.RESOURCE_OF
        for role in at_work
        for verb in ("see", "change")
        if roles.scope_of_model(role, model, verb) is roles.Scope.OWN
    }

    assert needed - rows.registered() == set()


def test_every_page_of_the_back_office_limits_its_rows():
    assert [model for model, page in admin.site._registry.items() if not isinstance(page, OwnRowsAdmin)] == []


def test_no_other_module_and_no_template_decides_by_role():
    asks = re.compile(r"\.role\b|Role\.(?:FRONT_DESK|PRACTITIONER|OWNER|CLIENT)\b")
    found = {
        name
        for name, text in sources().items()
        if ".tests" not in name and not name.startswith("portal.demo") and not name.endswith("testing")
        if asks.search(text)
    }
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "user.role" in path.read_text("utf-8")]

    assert found - GIVES_ROLES == set()
    assert pages == []


@pytest.mark.parametrize("role", ["client", "front_desk", "practitioner", "owner"])
def test_anyone_who_left_may_nothing_at_work(role):
    gone = User(role=role, is_active=False)

    assert [name for name in roles.RESOURCES if rows.may(gone, name)] == []
    assert [model for model in roles.RESOURCE_OF if gone.has_perm(model.replace(".", ".view_"))] == []


def test_a_client_may_nothing_at_work_and_nobody_knows_a_made_up_role():
    assert [name for name in roles.RESOURCES if rows.may(User(role="client"), name)] == []
    assert roles.may("emperor", "records") is False
    assert not AnonymousUser().has_perm("booking.view_appointment")
