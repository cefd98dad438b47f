"""robots.txt closes what is closed, tells no secret name, and leaves what is for everybody open."""

import re
from urllib.robotparser import RobotFileParser

import pytest
from django.conf import settings
from django.test import Client

from practice.site.views.robots import CLOSED
from practice.tests.routes.route_sweep import routes

PUBLIC = ("/", "/articles/", "/articles/low-back/", "/lessons/", "/lessons/floor/", "/privacy/", "/book/")


def rules() -> RobotFileParser:
    parser = RobotFileParser()
    parser.parse(Client().get("/robots.txt").content.decode().splitlines())
    return parser


@pytest.mark.parametrize("path", PUBLIC)
def test_what_is_for_everyone_may_be_found(path):
    assert rules().can_fetch("anybody", path)


def test_whatever_carries_a_token_or_asks_for_sign_in_is_left_alone():
    """Each address of the site, as it stands in the table: with a new one, this asks for its line."""
    own = [one for one in routes() if not one.is_back_office and (one.closed or "token" in one.arguments)]
    closed = [re.compile(re.escape(path).replace(r"\*", ".*")) for path in CLOSED]
    addresses = {one.name: "/" + one.pattern.replace("<slug:slug>", "session") for one in own}
    assert len(addresses) > 60
    assert {name for name, path in addresses.items() if not any(one.match(path) for one in closed)} == set()


def test_it_does_not_say_where_the_back_office_is():
    assert settings.ADMIN_PATH not in Client().get("/robots.txt").content.decode()


def test_it_is_one_text_for_everyone_kept_for_a_day():
    answer = Client().get("/robots.txt")  # asks no database: a test without one may not
    assert (answer["Content-Type"], answer["Cache-Control"], answer.cookies) == (
        "text/plain; charset=utf-8",
        "public, max-age=86400",
        {},
    )
