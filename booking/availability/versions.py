"""Whether what free times are made of has changed since an answer was made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import CharField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from booking.models import Appointment, AvailabilityVersion, ImportedCalendar
from practice.models import Practitioner
from practice.queries import WrittenOnce

ALL = "all"
Tokens = frozenset[tuple[str, int]]


@dataclass(frozen=True)
class Versions:
    """The tokens of all subjects at one moment (`AvailabilityVersion`), and when the next hold ends.

    `rows`: subject, token and, of another calendar, whose it is.
    """

    rows: tuple[tuple[str, int, int | None], ...]
    hold_ends: datetime | None

    def of(self, practitioners: Sequence[Practitioner]) -> Tokens:
        """Return the version of the free times of these practitioners; empty: none is known.

        Before the first change that was noted there is nothing to tell two states apart.
        """
        rooms = {person.room_id for person in practitioners if person.room_id}
        people = {person.pk for person in practitioners}
        named = {ALL, *(f"p:{pk}" for pk in people), *(f"r:{room}" for room in rooms)}
        found = {
            (subject, token) for subject, token, whose in self.rows if subject in named or whose in people
        }
        return frozenset(found if any(subject == ALL for subject, _token in found) else ())


def versions_now(*, now: datetime) -> Versions:
    """Read all tokens in one query.

    Before everything that an answer is made of: of a change in between, the answer may know and its version
    not, never the reverse.
    """
    found = _NOTED.all(now=now)
    return Versions(tuple((row[0], row[1], row[2]) for row in found), found[0][3] if found else None)


def _noted(now: datetime) -> QuerySet[AvailabilityVersion, tuple[Any, ...]]:
    holds = Appointment.objects.open_holds(now).order_by("hold_expires_at").values("hold_expires_at")[:1]
    calendars = ImportedCalendar.objects.annotate(subject=Concat(Value("c:"), Cast("pk", CharField())))
    whose = calendars.filter(subject=OuterRef("subject")).order_by().values("practitioner")[:1]
    return AvailabilityVersion.objects.values_list("subject", "token", Subquery(whose), Subquery(holds))


#: Asked for every list of free times: to write it takes longer than to answer it.
_NOTED = WrittenOnce(_noted, now=datetime(1901, 2, 3, tzinfo=UTC))
