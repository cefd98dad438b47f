"""Values for the templates of the month and the day, in the clock of the session's place.

A reader elsewhere sees their own clock beside it (`booking.time_zones.clocks`).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from booking.availability.engine.explain import Refusal, day_word
from booking.availability.listing import Availability, FreeStart
from booking.models import Appointment, SessionType
from booking.time_zones.clocks import Clocks, place_has_a_clock
from practice.core import clock, formatting

WEEKS = 4


@dataclass(frozen=True)
class Reader:
    """A reader: their zone, the practice's zone, and the locale of times."""

    zone: ZoneInfo
    practice_zone: ZoneInfo
    locale: str

    def clocks(self, what: SessionType | Appointment) -> Clocks:
        """Return the clocks in which such a session is shown to this reader."""
        if place_has_a_clock(what):
            return Clocks(self.practice_zone, self.zone, self.locale)
        return Clocks(self.zone, self.practice_zone, self.locale)


@dataclass(frozen=True)
class Day:
    """A day of the month's grid: how many times are free, or a code for why none is."""

    date: dt.date
    free: int
    reason: str
    url: str
    chosen: bool

    @property
    def word(self) -> str:
        """Return the reason in a word or two."""
        return words_of_a_day().get(self.reason, "")


@dataclass(frozen=True)
class Time:
    """A start as a button: in the clock of the place, and in the reader's clock where that differs."""

    value: str
    words: str
    there: str


def by_day(found: list[FreeStart], zone: ZoneInfo) -> dict[dt.date, list[FreeStart]]:
    """Return free times by their date on a clock: 17:00 in Denver is tomorrow in Kiritimati."""
    days: dict[dt.date, list[FreeStart]] = {}
    for slot in found:
        days.setdefault(slot.start.astimezone(zone).date(), []).append(slot)
    return days


def month(
    days: dict[dt.date, list[FreeStart]],
    *,
    first: dt.date,
    today: dt.date,
    seen: Availability,
    zone: ZoneInfo,
    chosen: dt.date | None,
    query: dict[str, str],
) -> list[Day]:
    """Return the days of four weeks from `first`, each with its number of free times or a reason."""
    shown = [first + dt.timedelta(days=number) for number in range(7 * WEEKS)]
    none = [day for day in shown if not days.get(day) and day >= today]
    why = dict(zip(none, seen.why_each([clock.day_bounds(day, zone) for day in none]), strict=True))
    return [
        Day(
            date=day,
            free=len(days.get(day, [])),
            reason=reason_for(day, why, today=today) if not days.get(day) else "",
            url=f"?{urlencode({**query, 'day': day.isoformat()})}#times" if days.get(day) else "",
            chosen=day == chosen,
        )
        for day in shown
    ]


def reason_for(day: dt.date, why: dict[dt.date, Refusal | None], *, today: dt.date) -> str:
    """Return the code of why a day has no times: "past" before today, "closed" if nobody gives the type."""
    if day < today:
        return "past"
    refusal = why[day]
    return day_word(refusal) if refusal else "closed"


def words_of_a_day() -> dict[str, str]:
    """Return the words under the number of a day without free times, by reason."""
    return {
        "past": _("past"),
        "later": _("not yet"),
        "closed": pgettext("day", "closed"),
        "short": _("none"),
        "full": _("full"),
        "soon": _("too soon"),
    }


def times(slots: list[FreeStart], clocks: Clocks) -> list[tuple[str, list[Time]]]:
    """Return the starts of one day in parts: morning, afternoon, evening. Empty parts are left out.

    Starts that the practice prefers come first, in a part of their own.
    """
    suits, morning, afternoon, evening = (
        _("Best for our schedule"),
        *(_("Morning"), _("Afternoon"), _("Evening")),
    )
    parts: dict[str, list[Time]] = {suits: [], morning: [], afternoon: [], evening: []}
    for slot in slots:
        hour = slot.start.astimezone(clocks.first).hour
        name = morning if hour < 12 else afternoon if hour < 17 else evening
        parts[suits if slot.beside else name].append(as_time(slot.start, clocks))
    return [(name, found) for name, found in parts.items() if found]


def as_time(start: dt.datetime, clocks: Clocks) -> Time:
    """Return one start as a button. Its value carries the offset, so it names one instant."""
    return Time(
        value=start.astimezone(clocks.first).isoformat(),
        words=formatting.clock_time(
            start, clocks.first, locale=clocks.locale
        ),  # the page names its zone above
        there=clocks.beside(start),
    )


def near(found: list[FreeStart], clocks: Clocks) -> list[dict[str, object]]:
    """Return the times nearest to one that is gone, as buttons: they may be on different days."""
    return [
        {
            "value": slot.start.astimezone(clocks.first).isoformat(),
            "time": formatting.clock_time(slot.start, clocks.first, locale=clocks.locale),
            "day": clocks.day(slot.start),
            "when": formatting.moment(slot.start, clocks.first, locale=clocks.locale),
            "there": clocks.beside(slot.start),
            "practitioner": slot.practitioner,
        }
        for slot in found
    ]
