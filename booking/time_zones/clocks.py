"""Clocks in which a session is shown: the practice's for a session in a room, wherever its reader is.

A visit at the client's is shown in the practice's clock, too. By telephone and video there is no place: the
reader's own clock comes first, and the practice's second.

The reader's own clock is the second line, with its name, and with its day where that is another one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from booking.models import Appointment, Place, SessionType
from practice.core import formatting
from practice.core.locales.zone_words import city_of
from practice.models import Practice
from practice.queries import practice_zone, zone_of


def place_has_a_clock(what: SessionType | Appointment) -> bool:
    """Return whether the session is at a place with a clock; a call or video session is not.

    A visit at the client's is: it is shown in the practice's clock, as the travel time is.
    """
    return what.place in (Place.PRACTICE, Place.CLIENT)


@dataclass(frozen=True)
class Clocks:
    """The clock a time is shown in, the one shown beside it, and the locale of times.

    Where both show the same, nothing is named and nothing is shown beside.
    """

    first: ZoneInfo
    second: ZoneInfo
    locale: str

    @property
    def elsewhere(self) -> bool:
        """Return whether the second may show another time than the first."""
        return self.first.key != self.second.key

    @property
    def first_place(self) -> str:
        """Return the place of the first clock: "Denver"."""
        return city_of(self.first.key, locale=self.locale)

    @property
    def second_place(self) -> str:
        """Return the place of the second clock."""
        return city_of(self.second.key, locale=self.locale)

    def differ(self, instant: datetime) -> bool:
        """Return whether the two show another time at that instant."""
        return instant.astimezone(self.first).utcoffset() != instant.astimezone(self.second).utcoffset()

    def day_of(self, instant: datetime) -> date:
        """Return the day on the first clock."""
        return instant.astimezone(self.first).date()

    def day(self, instant: datetime) -> str:
        """Return the day on the first clock in words."""
        return formatting.day_in_words(self.day_of(instant), locale=self.locale)

    def time(self, instant: datetime) -> str:
        """Return the time on the first clock, with its zone's name where the two differ."""
        return formatting.clock_time(instant, self.first, locale=self.locale, name_zone=self.differ(instant))

    def moment(self, instant: datetime, *, year: bool = False) -> str:
        """Return day and time on the first clock, with its zone's name where the two differ."""
        day = formatting.day_in_words(self.day_of(instant), locale=self.locale, year=year)
        return formatting.at_time(day, self.time(instant), locale=self.locale)

    def span(self, start: datetime, end: datetime) -> str:
        """Return a stretch of time on the first clock, with its zone's name where the two differ."""
        return formatting.span(start, end, self.first, locale=self.locale, name_zone=self.differ(start))

    def beside(self, instant: datetime) -> str:
        """Return the same instant on the second clock, by name: "5:00 PM CET in Berlin"; nothing if equal."""
        if not self.differ(instant):
            return ""
        told = formatting.clock_time(instant, self.second, locale=self.locale, name_zone=True)
        there = instant.astimezone(self.second).date()
        if there != self.day_of(instant):
            day = formatting.day_in_words(there, locale=self.locale)
            told = formatting.at_time(day, told, locale=self.locale)
        if is_nowhere(self.second):
            return told
        return _("%(time)s in %(place)s") % {"time": told, "place": self.second_place}


def is_nowhere(zone: ZoneInfo) -> bool:
    """Return whether a zone is an offset, not a place: "Etc/GMT+5" would be read as east of Greenwich."""
    return zone.key.startswith("Etc/") or "/" not in zone.key


def clocks_for(what: SessionType | Appointment, reader: ZoneInfo, practice: Practice) -> Clocks:
    """Return the clocks in which such a session is shown to somebody with that zone."""
    home = practice_zone(practice)
    if place_has_a_clock(what):
        return Clocks(home, reader, practice.locale)
    return Clocks(reader, home, practice.locale)


def clocks_of(appointment: Appointment, practice: Practice) -> Clocks:
    """Return the clocks in which its reader sees an appointment: their zone, else the one booked in."""
    own = appointment.contact.zone if appointment.contact else ""
    reader = zone_of(own or appointment.zone or practice.zone, practice=practice)
    return clocks_for(appointment, reader, practice)
