"""The texts of free times, written from whole seconds, are those that the API's schema would write."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from booking.api.schemas import slot
from booking.api.slot_texts import SlotTexts
from booking.availability.listing import FreeStart
from practice.core.clock import instant_at, seconds
from practice.models import Practitioner
from practice.tests.sampling import SEED

PEOPLE = [Practitioner(slug="tess"), Practitioner(slug='té"ss\\')]
#: Both clock changes of Denver; a change of half an hour; none; and an offset with seconds, long ago.
SAMPLES = [
    ("America/Denver", datetime(2027, 3, 13, tzinfo=UTC)),
    ("America/Denver", datetime(2027, 11, 6, tzinfo=UTC)),
    ("Australia/Lord_Howe", datetime(2027, 4, 3, tzinfo=UTC)),
    ("Asia/Kathmandu", datetime(2027, 12, 31, tzinfo=UTC)),
    ("UTC", datetime(2028, 2, 28, tzinfo=UTC)),
    ("Africa/Monrovia", datetime(1972, 1, 6, tzinfo=UTC)),
]


def expected(found: dict[int, Practitioner], zone: ZoneInfo, minutes: int) -> list[dict[str, str]]:
    length = timedelta(minutes=minutes)
    free = [
        FreeStart(start := instant_at(second), start + length, person) for second, person in found.items()
    ]
    return [slot(one, zone).dict() for one in free]


def read(texts: bytes) -> list[dict[str, str]]:
    return json.loads(b"[%s]" % texts)


@pytest.mark.parametrize(("name", "begin"), SAMPLES)
def test_texts_are_what_the_schema_writes(name, begin):
    chance, zone, first = random.Random(SEED), ZoneInfo(name), seconds(begin)
    starts = sorted(chance.sample(range(first, first + 3 * 86_400), 300))
    found = {second: chance.choice(PEOPLE) for second in starts}
    texts = SlotTexts.of(found, zone, minutes=50)
    wanted = expected(found, zone, 50)
    assert len({one["local"][19:] for one in wanted}) == (1 if name in ("UTC", "Asia/Kathmandu") else 2)
    assert texts.between(starts[0], starts[-1]) == json.dumps(wanted).encode()[1:-1]
    assert read(texts.between(starts[9] + 1, starts[20])) == wanted[10:21]


def test_no_time_has_no_text():
    texts = SlotTexts.of({}, ZoneInfo("UTC"), minutes=50)
    assert (texts.between(0, 10**12), texts.body) == (b"", b"")
