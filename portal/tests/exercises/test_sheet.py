"""The sheet to print: for whom, from whom and when, and codes that open the exercises."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape

import pytest
import time_machine
from django.test import Client
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from portal.testing import assign, make_exercise
from practice.models import Practitioner, User
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = pytest.mark.django_db

SHEET = "/portal/exercise-sheet/"
GIVEN = ("tilt", "cat-and-cow")
NOW = dt.datetime(2026, 11, 25, 5, tzinfo=dt.UTC)  # in Denver still the 24th
CODE = re.compile(
    r'viewBox="0 0 (\d+) \1" role="img" aria-label="QR code[^>]+>.*?class="leaf__modules" d="([^"]+)"'
)
BLACK = re.compile(r"M(\d+) (\d+)h(\d+)v1h-\3z")


@pytest.fixture
def tess(settings) -> Iterator[Practitioner]:
    settings.SITE_URL = "https://juniper.example"
    with time_machine.travel(NOW, tick=False):
        make_practice()
        yield make_practitioner()


@pytest.fixture
def ann(tess: Practitioner, client: Client) -> User:
    """Ann, signed in, with two exercises; a third is someone else's."""
    ann = make_user("Ann Field", zone="America/Denver")
    for slug in GIVEN:
        assign(make_exercise(slug), ann, by=tess, dosage="in the morning", word="Smaller, Ann.")
    assign(make_exercise("head"), make_user("Ben Okafor"), by=tess, word="Slower, Ben.")
    client.force_login(ann)
    return ann


def modules(side: int, path: str) -> list[list[bool]]:
    """The black modules of a drawn code, row by row."""
    assert BLACK.sub("", path) == ""
    rows = [[False] * side for _ in range(side)]
    for x, y, length in (map(int, one) for one in BLACK.findall(path)):
        rows[y][x : x + length] = [True] * length
    return rows


def code_of(address: str) -> list[list[bool]]:
    """The modules of an address, with four of white around them, as the standard asks."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(address)
    return code.get_matrix()


def shown(browser: Client, path: str = SHEET) -> str:
    return unescape(browser.get(path).content.decode())


def test_it_says_for_whom_from_whom_and_when_and_has_only_their_exercises(client: Client, ann: User) -> None:
    html = shown(client)
    assert ">Exercises for Ann Field</h1>" in html
    assert "From Tess, Juniper Street Myopractic · November 24, 2026" in html
    assert html.count("Tess: “Smaller, Ann.”") == html.count("<strong>in the morning</strong>") == 2
    assert "Ben" not in html


def test_each_code_opens_its_exercise(client: Client, ann: User) -> None:
    drawn = [modules(int(side), path) for side, path in CODE.findall(shown(client))]
    assert drawn == [code_of(f"https://juniper.example/portal/exercises/{slug}/") for slug in GIVEN]


def test_who_works_with_them_prints_the_same_sheet_and_no_one_else(
    ann: User, tess: Practitioner, client: Client
) -> None:
    path = f"/workspace/clients/{ann.pk}/exercise-sheet/"
    front = at_work(make_user("Faye Ott", role=User.Role.FRONT_DESK))
    assert CODE.findall(shown(at_work(tess.user), path)) == CODE.findall(shown(client))
    assert [one.get(path).status_code for one in (front, client)] == [404, 404]
