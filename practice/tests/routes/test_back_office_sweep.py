"""The back office in the sweep: shut for all who do not run it, and no page of it breaks."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from practice.access import roles
from practice.tests.routes.back_office_rows import add_rows, models_without_rows
from practice.tests.routes.route_sweep import Route, browser, cookies_of, routes, send_request

pytestmark = [pytest.mark.django_db, pytest.mark.long]


def test_the_back_office_is_shut_on_every_route_by_every_method(world):
    inside = [route for route in routes() if route.is_back_office]
    assert len(inside) > 20
    client = cookies_of(browser(world.people["client"]))
    once = cookies_of(browser(world.people["owner"], second_factor=False))
    for address in {world.address(route) for route in inside}:
        for method in ("GET", "POST"):
            assert send_request({}, method, address) == ("login", []), address
            assert send_request(client, method, address) == ("404", []), address
        assert send_request(once, "GET", address) == ("302", []), address


# What the back office only shows: rows that are made elsewhere, and that nobody may add or delete here.
NOT_ADDED = set(
    """practice.practice practice.letter practice.accesslog practice.consent
    booking.appointmentchange booking.package booking.ledgerentry booking.receipt
    portal.followup portal.recordingupload portal.sessionnote
    portal.assignment admin.logentry""".split()
)
DELETED = set(
    """practice.article practice.room practice.suppression booking.openinghours booking.closure
    booking.package portal.followupplan portal.collection""".split()
)
# Pages of no model of ours.
OTHERS = {
    "admin:index": "200",
    "admin:login": "302",
    "admin:logout": "405",
    "admin:password_change": "200",
    "admin:password_change_done": "200",
    "admin:autocomplete": "403",  # without the field that asks
    "admin:jsi18n": "200",
    "admin:view_on_site": "404",
    "admin:app_list": "200",
    "backoffice/(?P<url>.*)$": "404",
}


def expected(route: Route) -> str:
    """Return what a page of the back office answers to its owner."""
    found = re.fullmatch(r"admin:(practice|booking|portal|admin)_(\w+)_(\w+)", route.name)
    if not found:
        return OTHERS.get(route.name, "302")  # the address of a row alone leads to its change page
    model = f"{found[1]}.{found[2]}"
    refused = {"add": model in NOT_ADDED, "delete": model not in DELETED}
    return "403" if refused.get(found[3], False) else "200"


#: Each page of the back office, with a row of Ann's, for those who work here. SWEEP=write makes it anew.
TABLE = Path(__file__).with_name("sweep_back_office.txt")
WHO = ("owner", "front_desk", "colleague")


def as_text(answers: dict[str, dict[str, str]]) -> str:
    """The table as it is stored and printed: one line for each page, one column for each person."""
    head = f"{'page':<58}" + "".join(f"{who:<12}" for who in WHO).rstrip()
    lines = [f"{name:<58}" + "".join(f"{word:<12}" for word in of.values()) for name, of in answers.items()]
    return "\n".join([head, *(line.rstrip() for line in lines)]) + "\n"


def test_every_page_of_the_back_office_answers_each_of_those_who_work_here_as_the_table_says(world):
    """Its owner: every page opens, with a real row. The others: as stored. Reading changes nothing."""
    add_rows(world)
    assert models_without_rows() == set()
    inside = [route for route in routes() if route.is_back_office]
    answers, wrote = {}, []
    for who in WHO:
        cookies = cookies_of(browser(world.people[who]))
        for one in inside:
            word, changed = send_request(cookies, "GET", world.address(one))
            answers.setdefault(one.name, {})[who] = word
            wrote += [(who, one.name, changed)] if changed else []
    made = as_text(answers)
    print(made)
    if os.environ.get("SWEEP") == "write":
        TABLE.write_text(made, encoding="utf-8")

    assert {name: of["owner"] for name, of in answers.items()} == {one.name: expected(one) for one in inside}
    assert wrote == []
    assert made.splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


def test_the_table_itself_shows_nobody_what_is_not_theirs():
    """302: such a row is not there; 403: such a page is not theirs. What is changed, is changed by a POST."""
    for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]:
        page, *words = line.split()
        of = dict(zip(WHO, words, strict=True))
        found = re.fullmatch(r"admin:(\w+)_(\w+)_(change|history|delete)", page)
        model = f"{found[1]}.{found[2]}" if found else ""
        if model not in roles.RESOURCE_OF:
            continue
        for who, role in (("front_desk", "front_desk"), ("colleague", "practitioner")):
            reach = roles.scope_of_model(role, model, "see")
            if reach is roles.Scope.NOTHING or (role == "practitioner" and reach is roles.Scope.OWN):
                assert of[who] in ("302", "403"), (page, who)


def test_before_the_second_factor_staff_reach_only_its_set_up_and_sign_out(world):
    cookies = cookies_of(browser(world.people["owner"], second_factor=False))
    reached = {
        route.name
        for route in routes()
        if route.closed
        and not route.is_back_office
        and send_request(cookies, "GET", world.address(route))[0] == "200"
    }

    again = {"account_request_reauthentication_code"}  # proves once more whose session it is
    assert reached <= again | {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"}
