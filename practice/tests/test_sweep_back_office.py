"""The back office in the sweep: shut for all who do not run it, and no page of it breaks."""

from __future__ import annotations

import re

import pytest

from practice.tests.back_office_rows import add_rows, models_without_rows
from practice.tests.sweep import Route, browser, cookies_of, knock, routes

pytestmark = pytest.mark.django_db


def test_the_back_office_is_shut_on_every_route_by_every_method(world):
    inside = [route for route in routes() if route.is_back_office]
    assert len(inside) > 20
    client = cookies_of(browser(world.people["client"]))
    once = cookies_of(browser(world.people["owner"], second_factor=False))
    for address in {world.address(route) for route in inside}:
        for method in ("GET", "POST"):
            assert knock({}, method, address) == ("login", []), address
            assert knock(client, method, address) == ("404", []), address
        assert knock(once, "GET", address) == ("302", []), address


# What the back office only shows: rows that are made elsewhere, and that nobody may add or delete here.
NOT_ADDED = set(
    """practice.practice practice.letter practice.suppression practice.accesslog practice.consent
    booking.appointmentchange booking.package portal.followup portal.recordingupload portal.sessionnote
    portal.assignment admin.logentry""".split()
)
DELETED = set(
    """practice.article practice.room practice.suppression booking.openinghours booking.closure
    booking.package portal.followupplan""".split()
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


def test_every_page_of_the_back_office_opens_for_the_owner_with_a_real_row(world):
    add_rows(world)
    assert models_without_rows() == set()
    owner = cookies_of(browser(world.people["owner"]))
    inside = [route for route in routes() if route.is_back_office]
    answers = {route.name: knock(owner, "GET", world.address(route)) for route in inside}

    assert {name: word for name, (word, _) in answers.items()} == {one.name: expected(one) for one in inside}
    assert {name: wrote for name, (_, wrote) in answers.items() if wrote} == {}


def test_before_the_second_factor_staff_reach_only_its_set_up_and_sign_out(world):
    cookies = cookies_of(browser(world.people["owner"], second_factor=False))
    reached = {
        route.name
        for route in routes()
        if route.closed
        and not route.is_back_office
        and knock(cookies, "GET", world.address(route))[0] == "200"
    }

    again = {"account_request_reauthentication_code"}  # proves once more whose session it is
    assert reached <= again | {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"}
