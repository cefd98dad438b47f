"""The doors that are opened by a key in a link, and what keeps other sites from knocking at a form."""

from __future__ import annotations

from random import Random

import pytest

from practice.tests.routes.route_sweep import METHODS, browser, routes, send_request
from practice.tests.routes.test_route_sweep import MATRIX
from practice.tests.sampling import PROVE, SEED

pytestmark = pytest.mark.django_db
# The public API needs neither Origin nor token: it knows nobody, so there is nobody to pretend to be. The way
# out of letters is opened by its token alone: mail programmes press it without a cookie (RFC 8058).
UNGUARDED = ("api:", "email_wishes")


def asked_by(*methods: str, route: str, key: str) -> tuple[str, ...]:
    """Return by which of these methods this route is asked with this key: one that the commit draws.

    Each route is asked with many keys, so by each method with about half of them. A route that takes a
    made-up key by one method alone goes unseen with a probability of 0.008 (0.5 ** 7, of seven keys); that of
    another purpose, of some twenty, with less. `make prove` asks by all.
    """
    return methods if PROVE else (Random(f"{SEED} {route} {key}").choice(methods),)


@pytest.mark.parametrize("token", ["x", "x.y", "0" * 32 + ".abc", "a:b:c", "%F0%9F%92%A9", "..", "A" * 4000])
def test_a_made_up_key_opens_nothing(world, token):
    for route in routes():
        if "token" in route.arguments:
            address = world.address(route)
            real = world.known(route)["token"]
            made_up = address.replace(real, token)
            assert made_up != address
            for method in ("GET", *asked_by("POST", "DELETE", route=route.name, key=token)):
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
                for method in asked_by("GET", "POST", route=route.name, key=purpose):
                    word, wrote = send_request({}, method, world.address(route).replace(own, key))
                    assert word in ("404", "405", "410"), (route.name, purpose, word)
                    assert wrote == []


def test_every_form_is_guarded_by_its_token_or_by_our_origin(world):
    person = browser(world.people["owner"], enforce_csrf_checks=True)
    stored: dict[str, list[list[str]]] = {}
    for line in MATRIX.read_text(encoding="utf-8").splitlines():
        stored.setdefault(line.split()[0], []).append(line.split())
    for route in routes():
        if route.is_back_office or route.name.startswith(UNGUARDED):
            continue
        rows = stored.get(route.name, [])
        takes_posts = any(row[2 + METHODS.index("POST")] not in ("404", "405", "login") for row in rows)
        if takes_posts:
            answer = person.post(world.address(route), headers={"origin": "https://evil.example"})
            assert answer.status_code == 403, route.name
