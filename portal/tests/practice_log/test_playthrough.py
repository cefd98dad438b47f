"""Which play-through a stretch belongs to, and that no minute of the clock counts twice."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from portal.practice_log.listening import Heard
from portal.practice_log.playthrough import alone_ms, over_from

EIGHT = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def heard(seq, minute, *, lasts=1.0, sound=None, start=0):
    """A stretch that began `minute` minutes after eight and took `lasts`; `sound` minutes of it sounded."""
    began = EIGHT + minute * MINUTE
    sound_ms = round((lasts if sound is None else sound) * 60_000)
    return Heard(seq, start, start + sound_ms, 1, began, began + lasts * MINUTE)


# --- Over -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("known", "new", "left", "over"),
    [
        ([heard(0, 0)], [heard(1, 24 * 60)], None, 1),
        ([heard(0, 0)], [heard(1, 1), heard(2, 124), heard(3, 125)], None, 2),
        ([heard(0, 0)], [heard(3, 125), heard(2, 124), heard(1, 1)], None, 2),
        ([], [heard(0, 0), heard(1, 122)], None, 1),
        ([], [heard(0, 121)], EIGHT, 0),
        ([heard(0, 0)], [heard(1, 121)], None, None),
        ([], [heard(0, 120)], EIGHT, None),
        ([], [heard(0, 24 * 60)], None, None),
        ([heard(0, 0), heard(4, 300)], [heard(1, 1)], None, None),
        ([heard(0, 0)], [heard(1, 1, lasts=480, sound=0.25), heard(2, 481)], None, None),
        ([heard(4, 300)], [heard(0, 0), heard(1, 1)], None, None),
    ],
    ids=[
        "the next day",
        "the first that is too late, and all after it",
        "in whatever order they are told",
        "silence within one batch",
        "two hours after the words that made the entry",
        "exactly two hours of silence",
        "and after words",
        "the first that is heard of it at all",
        "what was told late belongs where it was heard",
        "a laptop asleep is no silence between two stretches",
        "all of it told late",
    ],
)
def test_after_two_hours_of_silence_it_is_another_one(known, new, left, over):
    assert over_from(known, new, left_at=left) == over


# --- No minute twice --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("own", "others", "minutes"),
    [
        ([heard(0, 0, lasts=15)], [heard(0, 0, lasts=15)], 0),
        ([heard(0, 0, lasts=15)], [heard(0, 5, lasts=15)], 5),
        ([heard(0, 0, lasts=15)], [heard(0, 2, lasts=2), heard(1, 3, lasts=2), heard(0, 14, lasts=9)], 11),
        ([heard(0, 0, lasts=15)], [heard(0, 15, lasts=15)], 15),
        ([heard(0, 0), heard(1, 0)], [], 2),
        ([heard(0, 0, lasts=480, sound=1)], [heard(0, 60, lasts=10)], 1),
        ([heard(0, 60, lasts=10)], [heard(0, 0, lasts=480, sound=1)], 10),
        ([heard(0, 0, lasts=0.99, sound=1)], [], 1),
        ([], [heard(0, 0)], 0),
    ],
    ids=[
        "two tabs at once",
        "half of it at once",
        "several others, overlapping each other",
        "one after the other",
        "one entry counts what its own device says",
        "asleep: only its beginning sounded",
        "and hides nothing that was heard meanwhile",
        "players round a little",
        "nothing",
    ],
)
def test_what_sounded_elsewhere_at_the_same_time_is_not_counted_again(own, others, minutes):
    assert alone_ms(own, others) == round(minutes * 60_000)


@pytest.mark.parametrize("seed", range(20))
def test_however_many_devices_tell_it_in_whatever_order_no_more_is_counted_than_the_clock_went(seed):
    chance = random.Random(seed)
    devices = [
        [heard(seq, seq * 3 + chance.random() * 2, lasts=chance.random()) for seq in range(20)]
        for _ in range(3)
    ]
    told = [(device, one) for device, segments in enumerate(devices) for one in segments]
    chance.shuffle(told)
    counted = 0
    for at, (device, one) in enumerate(told):
        counted += alone_ms([one], [other for whose, other in told[:at] if whose != device])
    went = alone_ms([heard(0, 0, lasts=60)], []) - alone_ms([heard(0, 0, lasts=60)], [one for _, one in told])
    assert counted == pytest.approx(went, abs=len(told))
