"""Free times as the texts of the API, made of whole seconds: 90 days have more than a thousand of them."""

from __future__ import annotations

import datetime as dt
import json
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from practice.core.clock import DAY, EPOCH, stretches
from practice.models import Practitioner


@dataclass(frozen=True)
class SlotTexts:
    """Free times as JSON texts in one string. `starts`: each one's second; `ends`: where its text ends."""

    starts: array[int]
    ends: array[int]
    body: bytes

    @classmethod
    def of(cls, found: Mapping[int, Practitioner], zone: ZoneInfo, *, minutes: int) -> SlotTexts:
        """Return the texts of these starts, in order, of sessions of `minutes`, with local times in `zone`.

        As `schemas.slot` writes them.
        """
        starts, length = list(found), minutes * 60
        names = {slug: json.dumps(slug) for slug in {person.slug for person in found.values()}}
        texts: list[str] = []
        for begin, until, offset in stretches(zone, starts[0], starts[-1] + 1) if starts else ():
            east = _offset(offset)
            texts += [
                f'{{"start": "{_clock(second)}Z", "end": "{_clock(second + length)}Z", '
                f'"local": "{_clock(second + offset)}{east}", "practitioner": {names[found[second].slug]}}}, '
                for second in starts[bisect_left(starts, begin) : bisect_left(starts, until)]
            ]
        ends = accumulate(map(len, texts))  # of ASCII alone, so a byte for each letter
        return cls(array("q", starts), array("q", ends), "".join(texts).encode("ascii"))

    def between(self, earliest: int, latest: int) -> bytes:
        """Return the texts of the times from `earliest` to `latest`, both included, with commas between."""
        first, last = bisect_left(self.starts, earliest), bisect_right(self.starts, latest)
        if first >= last:
            return b""
        begin = self.ends[first - 1] if first else 0
        return self.body[begin : self.ends[last - 1] - len(", ")]


def _clock(second: int) -> str:
    """Return date and time, as ISO 8601 without an offset, so many seconds after the start of 1970."""
    return f"{_date(second // DAY)}T{_time(second % DAY)}"


@lru_cache(maxsize=1_000)
def _date(day: int) -> str:
    return (EPOCH + dt.timedelta(days=day)).date().isoformat()


@lru_cache(maxsize=1_440)
def _time(second: int) -> str:
    return (EPOCH + dt.timedelta(seconds=second)).time().isoformat()


def _offset(seconds_east: int) -> str:
    """Return an offset as ISO 8601 writes it, such as +05:45."""
    return EPOCH.replace(tzinfo=dt.timezone(dt.timedelta(seconds=seconds_east))).isoformat()[19:]
