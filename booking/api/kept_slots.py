"""Answers of free times, kept in this process as long as nothing they are made of has changed.

An answer is kept without regard to notice and horizon, which move with the clock: what they leave is cut out
of it each time. It is looked up by what was asked, and given again only if the database's tokens of all that
it is made of are still the same (`booking/availability/versions.py`), and no hold has ended by itself.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from zoneinfo import ZoneInfo

from booking.api.slot_texts import SlotTexts
from booking.availability import listing
from booking.availability.engine.service import LONGEST, Limits, Service
from booking.availability.versions import Tokens, Versions
from booking.models import SessionType
from practice.core.clock import UnknownZone, zone_named
from practice.models import Practitioner

#: What all answers kept in one process may take, in bytes. One of 90 days takes about 50 to 250 kB.
MOST_BYTES = 4_000_000
Asked = tuple[str | None, ...]


@dataclass(frozen=True)
class KeptSlots:
    """The free times of one question, with what they depend on.

    `zones`: every zone that was asked. `since`: when it was made; it says nothing about earlier moments.
    """

    service: Service
    zone: ZoneInfo
    zones: tuple[ZoneInfo, ...]
    texts: SlotTexts
    practitioners: tuple[Practitioner, ...]
    version: Tokens
    hold_ends: dt.datetime | None
    since: dt.datetime

    def answer(self, now: dt.datetime) -> bytes | None:
        """Return the answer as of `now`; None where there is no time, and a reason has to be found."""
        limits = Limits.of(self.service, now)
        found = self.texts.between(limits.earliest, limits.latest)
        if not found or self.service.refuse("unknown"):
            return None
        return b'{"tz": %s, "slots": [%s], "reason": null}' % (json.dumps(self.zone.key).encode(), found)

    def holds(self, noted: Versions, now: dt.datetime) -> bool:
        """Return whether nothing has changed since, as far as was `noted` and by the clock.

        The clock may have been set back meanwhile, and time zones may be read anew.
        """
        if not self.since <= now or (self.hold_ends is not None and self.hold_ends <= now):
            return False
        return noted.of(self.practitioners) == self.version and all(map(_is_current, self.zones))

    @property
    def size(self) -> int:
        """Return about how many bytes it takes."""
        return len(self.texts.body) + 16 * len(self.texts.starts) + 2_000


def make(
    session_type: SessionType,
    practitioners: list[Practitioner],
    *,
    zone: ZoneInfo,
    first: dt.datetime,
    until: dt.datetime,
    now: dt.datetime,
    noted: Versions,
) -> tuple[KeptSlots, listing.Availability]:
    """Return the free times of these practitioners from now on, to be kept, and what they were made of.

    `noted`: what was noted before the type and the practitioners were read.
    """
    seen = listing.load_availability(session_type, practitioners, first=first, until=until, now=now)
    at_any_notice = replace(seen.service, notice=dt.timedelta(0), horizon=LONGEST)
    found = replace(seen, service=at_any_notice).who_is_free()
    zones = {zone, *(zone_named(person.zone) for person in practitioners)}
    texts = SlotTexts.of(found, zone, minutes=seen.service.minutes)
    people, version = tuple(practitioners), noted.of(practitioners)
    made = KeptSlots(seen.service, zone, tuple(zones), texts, people, version, noted.hold_ends, now)
    return made, seen


class SlotsCache:
    """The answers of one process, the one used last at the end. Safe between threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._bytes, self._lock = most_bytes, 0, Lock()
        self._kept: OrderedDict[Asked, KeptSlots] = OrderedDict()

    def get(self, asked: Asked, *, noted: Versions, now: dt.datetime) -> KeptSlots | None:
        """Return what is kept for this question, if it still holds."""
        with self._lock:
            kept = self._kept.get(asked)
            if kept is not None:
                self._kept.move_to_end(asked)
        return kept if kept is not None and kept.holds(noted, now) else None

    def put(self, asked: Asked, made: KeptSlots) -> None:
        """Keep an answer in place of the one before, and as many of the others as there is room for."""
        if not made.version or made.size > self._most:
            return
        with self._lock:
            before = self._kept.pop(asked, None)
            self._bytes += made.size - (before.size if before else 0)
            self._kept[asked] = made
            while self._bytes > self._most:
                _asked, gone = self._kept.popitem(last=False)
                self._bytes -= gone.size

    def clear(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0


def _is_current(zone: ZoneInfo) -> bool:
    try:
        return zone_named(zone.key) is zone
    except UnknownZone:
        return False


CACHE = SlotsCache()
