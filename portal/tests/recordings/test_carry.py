"""Where a place of one recording is in another one of the same lesson. No database, no Django."""

from __future__ import annotations

import random

import pytest

from portal.audio.carry import Outline, is_same_length, marks, moved

MIN = 60_000
OLD = Outline(20 * MIN, ((0, "Lie down"), (5 * MIN, "The pelvis"), (15 * MIN, "Rest")))
#: The same lesson in another voice: slower at first, and the rest is shorter.
NEW = Outline(22 * MIN, ((0, "Lie down"), (8 * MIN, "The pelvis"), (19 * MIN, "Rest")))
OTHER = Outline(22 * MIN, ((0, "Arrive"), (8 * MIN, "The pelvis")))


@pytest.mark.parametrize(
    ("old", "new", "at", "there"),
    [
        (OLD, NEW, 10 * MIN, 13 * MIN + MIN // 2),  # the middle of a chapter is its middle
        (OLD, NEW, 5 * MIN, 8 * MIN),
        (OLD, NEW, 20 * MIN, 22 * MIN),
        (OLD, NEW, 99 * MIN, 22 * MIN),
        (OLD, NEW, -1, 0),
        (OLD, OTHER, 10 * MIN, 11 * MIN),  # other chapters: the whole is stretched
        (Outline(20 * MIN), Outline(10 * MIN), 10 * MIN, 5 * MIN),
        (Outline(20 * MIN), Outline(20 * MIN + 1900), 10 * MIN, 10 * MIN),  # the same but for its end
        (Outline(20 * MIN), Outline(20 * MIN - 1900), 20 * MIN, 20 * MIN - 1900),
    ],
)
def test_a_place_goes_to_the_same_part_of_the_lesson(old: Outline, new: Outline, at: int, there: int) -> None:
    assert moved(at, marks(old, new)) == there


def test_a_length_is_the_same_up_to_two_seconds() -> None:
    lengths = (2_000, 2_001)
    assert [is_same_length(Outline(MIN), Outline(MIN + more)) for more in lengths] == [True, False]


def test_no_outline_breaks_it_and_later_places_stay_later() -> None:
    """Chapters twice at one place, past the end or out of order, and recordings without any length."""
    dice = random.Random(13)
    titles = "abcd"
    for _ in range(500):
        two = []
        for _which in range(2):
            length = dice.choice([0, 1, 1000, 60_000])
            chapters = [(dice.randint(0, length + 10), title) for title in titles[: dice.randint(0, 4)]]
            two.append(Outline(length, tuple(dice.choice([chapters, sorted(chapters)]))))
        known = marks(*two)
        there = [moved(at, known) for at in range(-10, 70_000, 700)]
        assert there == sorted(there)
        assert all(0 <= at <= two[1].duration_ms for at in there)
