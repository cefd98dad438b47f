"""The timer counts what the dosage says, and its one sound has a bell exactly where each phase begins."""

from __future__ import annotations

import subprocess
from collections import Counter

import pytest
from django.core.exceptions import ValidationError

from portal.exercises.engine.timing import Kind, Timing, phases, starts, total_seconds
from portal.exercises.engine.track import track
from portal.models import Exercise

BOTH = Timing(3, 8, 4, 2)
RATE = 8000


def rings(sound: bytes) -> list[int]:
    """The seconds at which it becomes loud after being quiet."""
    decoded = subprocess.run(
        ["ffmpeg", "-v", "error", "-i", "-", "-f", "s8", "-ac", "1", "-ar", str(RATE), "-"],
        input=sound,
        capture_output=True,
        check=True,
    ).stdout
    tenth = RATE // 10
    loud = [
        max(abs(one - 256 if one > 127 else one) for one in decoded[at : at + tenth]) > 24
        for at in range(0, len(decoded) - tenth, tenth)
    ]
    return [round(at / 10) for at in range(1, len(loud)) if loud[at] and not any(loud[max(0, at - 4) : at])]


def test_both_sides_have_all_times_with_a_rest_between_but_none_at_the_end() -> None:
    found = phases(BOTH)
    assert Counter(one.kind for one in found) == {"ready": 1, "hold": 6, "rest": 4, "switch": 1, "end": 1}
    assert [(one.number, one.side) for one in found if one.kind is Kind.HOLD] == [
        *((1, 1), (2, 1), (3, 1)),
        *((1, 2), (2, 2), (3, 2)),
    ]
    assert total_seconds(found) == starts(found)[-1] == 5 + 2 * (3 * 8 + 2 * 4) + 10


def test_without_rest_one_time_follows_the_other() -> None:
    assert [one.kind for one in phases(Timing(2, 5))] == ["ready", "hold", "hold", "end"]


def test_a_bell_rings_where_each_phase_begins_and_nowhere_else() -> None:
    found = phases(BOTH)
    assert rings(track(found)) == starts(found)[1:]


def test_a_hold_shorter_than_its_bell_moves_nothing() -> None:
    found = phases(Timing(4, 1, 2))
    length = len(track(found)) / 72 * 0.024
    assert length == pytest.approx(total_seconds(found) + 4, abs=0.1)


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"repetitions": 6}, "The timer needs both"),
        ({"hold_seconds": 6}, "The timer needs both"),
        ({"repetitions": 30, "hold_seconds": 60, "sides": 2}, "more than 30 minutes"),
        ({"repetitions": 31, "hold_seconds": 1}, "enter 30 or less"),
    ],
)
def test_half_a_timing_and_one_without_end_are_refused(numbers: dict[str, int], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Exercise(slug="tilt", title="Tilt", **numbers).clean_fields(
            exclude={"words", "position", "steps", "regions"}
        )
        Exercise(slug="tilt", title="Tilt", **numbers).clean()
