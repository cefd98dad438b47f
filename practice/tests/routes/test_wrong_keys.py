"""The doors that are opened by a key in a link, and what keeps other sites from knocking at a form."""

from __future__ import annotations

import pytest

from practice.tests.routes.route_sweep import METHODS, browser, routes, send_request
from practice.tests.routes.test_route_sweep import MATRIX

pytestmark = pytest.mark.django_db
# The public API needs neither Origin nor token: it knows nobody, so there is nobody to pretend to be. The way
# out of letters is opened by its token alone: mail programmes press it without a cookie (RFC 8058).
UNGUARDED = ("api:", "email_wishes")


@pytest.mark.parametrize("token", ["x", "x.y", "0" * 32 + ".abc", "a:b:c", "%F0%9F%92%A9", "..", "A" * 4000])
def test_a_made_up_key_opens_nothing(world, token):
    for route in routes():
        if "token" in route.arguments:
            address = world.address(route)
            real = world.known(route)["token"]
            made_up = address.replace(real, token)
            assert made_up != address
            for method in ("GET", "POST", "DELETE"):
                word, wrote = send_request({}, method, made_up)
                assert word in ("302", "404", "405", "410"), (method, made_up, word)
                assert wrote == []


def test_a_key_works_for_one_purpose_only(world):
    keys = {name: sample["token"] for name, sample in world.samples.items() if "token" in sample}
    keys["appointment"] = keys.pop("*")
    same = ({"hold", "hold_let_go", "api:end_hold"}, {"appointment", "appointment_move", "appointment_cancel",
            "appointment_bring_back", "appointment_confirm", "appointment_calendar", "series_cancel"},
            {"intake", "intake_step", "intake_onward"},
            {"email_wishes", "email_wishes_unslashed"})  # fmt: skip
    for route in routes():
        if "token" not in route.arguments:
            continue
        plain = route.name.removeprefix("embed:")
        family = next((names for names in same if plain in names), {plain})
        own = world.known(route)["token"]
        for purpose, key in keys.items():
            if purpose not in family:
                for method in ("GET", "POST"):
                    word, wrote = send_request({}, method, world.address(route).replace(own, key))
                    assert word in ("404", "405", "410"), (route.name, purpose, word)
                    assert wrote == []


def test_every_form_is_guarded_by_its_token_or_by_our_origin(world):
    person = browser(world.people["owner"], enforce_csrf_checks=True)
    stored = MATRIX.read_text(encoding="utf-8")
    for route in routes():
        if route.is_back_office or route.name.startswith(UNGUARDED):
            continue
        rows = [line.split() for line in stored.splitlines() if line.split()[0] == route.name]
        takes_posts = any(row[2 + METHODS.index("POST")] not in ("404", "405", "login") for row in rows)
        if takes_posts:
            answer = person.post(world.address(route), headers={"origin": "https://evil.example"})
            assert answer.status_code == 403, route.name
