"""The back office in the sweep: shut for all who do not run it, and no page of it breaks."""

from __future__ import annotations

import pytest

from practice.tests.sweep import browser, cookies_of, knock, routes

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


def test_no_page_of_the_back_office_breaks_for_the_owner(world):
    owner = cookies_of(browser(world.people["owner"]))
    for route in routes():
        if route.is_back_office and "logout" not in route.name:
            word, wrote = knock(owner, "GET", world.address(route))
            assert word in ("200", "302", "403", "404", "405"), (route.name, word)
            assert wrote == [], route.name


def test_before_the_second_factor_staff_reach_only_its_set_up_and_sign_out(world):
    cookies = cookies_of(browser(world.people["owner"], second_factor=False))
    reached = {
        route.name
        for route in routes()
        if route.closed
        and not route.is_back_office
        and knock(cookies, "GET", world.address(route))[0] == "200"
    }

    set_up = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn"}
    assert reached <= set_up | {"account_request_reauthentication_code"}
