"""The timer counts what an assignment says, where its words can be read in one way."""

from __future__ import annotations

import pytest
from django.test import Client

from portal.exercises.engine.dosage import timing_by
from portal.exercises.engine.timing import Timing
from portal.models import Exercise
from portal.testing import assign, make_exercise
from practice.testing import make_practice, make_practitioner, make_user

USUAL = Timing(8, 5, rest=3, sides=2)


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("6 times, 10 seconds each", (6, 10, 3)),
        ("Six times, with 10 seconds of rest between", (6, 5, 10)),
        ("3 x 20 s, rest 15 seconds", (3, 20, 15)),
        ("3×20s", (3, 20, 3)),
        ("Eight slow times, in the morning.", (8, 5, 3)),
        ("four times, three times a day", (4, 5, 3)),
        ("hold it 30 seconds, twice a day", (8, 30, 3)),
        ("10 reps daily", (8, 5, 3)),
        ("Seis veces, 20 segundos cada una, dos veces al día", (6, 20, 3)),
    ],
)
def test_numbers_that_can_be_read_in_one_way_count(words, numbers):
    assert timing_by(words, USUAL) == Timing(*numbers[:2], rest=numbers[2], sides=2)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "every second day",
        "five to six times, 10 seconds",
        "6-8 times",
        "Eight times, a rest, and four times more.",
        "10 seconds, then 20 seconds",
        "99 times",
        "6 times, 999 seconds",
        "30 times, 180 seconds each",
        "0 times, 0 seconds",
        "five circles each way",
        "times seconds x",
    ],
)
def test_anything_else_leaves_the_exercises_own_numbers(words):
    assert timing_by(words, USUAL) == USUAL


@pytest.fixture
def bridge() -> Exercise:
    make_practice()
    return make_exercise("bridge", repetitions=8, hold_seconds=5, dosage="Eight times")


@pytest.mark.django_db
def test_a_clients_page_and_sound_follow_their_own_assignment_and_nobody_elses(bridge: Exercise) -> None:
    ann, ben = make_user("Ann"), make_user("Ben")
    assign(bridge, ann, by=make_practitioner(), dosage="4 times, 20 seconds each")
    pages = {}
    for one in (ann, ben):
        browser = Client()
        browser.force_login(one)
        pages[one.name] = browser.get("/portal/exercises/bridge/").content.decode()
        sounds = [
            browser.get(f"/portal/exercises/bridge/bells/{key}.mp3").status_code
            for key in ("4-20-0-1", "8-5-0-1")
        ]
        assert sounds == ([200, 404] if one == ann else [404, 200])

    assert "4 times, 20 seconds each" in pages["Ann"]
    assert "8 times, 5 seconds each" in pages["Ben"]
