"""Values for the pages of a series: what is wished for, and of each session whether it fits or why not."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from booking.appointments.views import times
from booking.availability import wording as availability_wording
from booking.errors import BookingError
from booking.models import SessionType
from booking.packages import queries as packages_queries
from booking.policy.terms import terms_of_practice
from booking.policy.wording import policy_of_each
from booking.queries import asker_status_of
from booking.series.actions import SeriesChanged
from booking.series.planning import EVERY, MOST, PlannedSession, plan
from booking.time_zones.clocks import Clocks
from practice.contact import please_call
from practice.core import clock, formatting
from practice.models import Practitioner, User
from practice.queries import the_practice

USUAL = 4  # sessions, until another number is chosen


@dataclass(frozen=True)
class SeriesChoices:
    """A wished series: type, practitioner, client, first time, how many, and every how many weeks."""

    session_type: SessionType
    practitioner: Practitioner
    client: User
    first: dt.datetime
    every: int
    number: int

    def start_in(self, reader: times.Reader) -> str:
        """Return the first time as a form carries it."""
        try:
            return self.first.astimezone(reader.zone).isoformat()
        except OverflowError:  # the first and last days that a calendar has
            return self.first.isoformat()


@dataclass(frozen=True)
class Row:
    """A session as the page shows it: a tick where it fits; else why not, and free times near it."""

    number: int
    when: str
    value: str
    picked: bool
    why_not: str
    near: list[dict[str, object]]
    is_left_out: bool


def number_in(raw: str, *, most: int, usual: int) -> int:
    """Return a whole number from a form, from one to `most`; `usual` for anything else."""
    return min(max(int(raw), 1), most) if raw.isascii() and raw.isdigit() and len(raw) < 4 else usual


def judged_rows(request: HttpRequest, wish: SeriesChoices, reader: times.Reader) -> dict[str, Any]:
    """Return the rows, and what they cost."""
    practice, kind, now = the_practice(), wish.session_type, timezone.now()
    members = plan(
        kind,
        wish.practitioner,
        first=wish.first,
        every=wish.every,
        count=wish.number,
        now=now,
        asker=asker_status_of(request.user, now=now),
    )
    chosen = picked_in(request) if request.method == "POST" else None
    day = members[0].wall.date()
    left = packages_queries.left_for(packages_queries.of_client(wish.client), kind, day=day)
    terms, of = terms_of_practice(practice), len(members)
    clocks = reader.clocks(kind)
    return {
        "wish": wish,
        "session_type": kind,
        "practitioner": wish.practitioner,
        "client": wish.client,
        "start": wish.start_in(reader),
        "every": EVERY,
        "numbers": range(1, MOST + 1),
        "rows": [row(number, one, clocks, chosen) for number, one in enumerate(members, start=1)],
        "fitting": sum(one.refusal is None for one in members),
        "series": series_in(request),
        "reader": reader,
        "price": formatting.money(kind.price_cents, practice.currency, locale=practice.locale),
        "left": left,
        "windows": policy_of_each(terms, paid=min(left, of), of=of, call=please_call(practice)),
    }


def row(number: int, member: PlannedSession, clocks: Clocks, chosen: set[dt.datetime] | None) -> Row:
    """Return the words of one session. `chosen`: earlier choices; None: all that fit are chosen."""
    fits = member.refusal is None
    near = times.near(list(member.near), clocks)
    for one, slot in zip(near, member.near, strict=True):
        one["picked"] = chosen is not None and slot.start in chosen
    refusal, call = member.refusal, please_call(the_practice())
    return Row(
        number=number,
        when=when(member, clocks),
        value=member.start.astimezone(clocks.first).isoformat() if fits and member.start else "",
        picked=fits and (chosen is None or member.start in chosen),
        why_not=availability_wording.sentence(refusal, zone=clocks.first, locale=clocks.locale, call=call)
        if refusal
        else "",
        near=near,
        is_left_out=not any(one["picked"] for one in near),
    )


def when(member: PlannedSession, clocks: Clocks) -> str:
    """Return day and time; where no instant can be booked, as the practice's clocks would show it."""
    if member.start and member.refusal is None:
        there = clocks.beside(member.start)
        here = clocks.moment(member.start)
        return f"{here} ({there})" if there else here
    words_there = formatting.wall_moment(member.wall, locale=clocks.locale)
    return f"{words_there} ({clocks.first_place})" if clocks.elsewhere else words_there


def picked_in(request: HttpRequest) -> set[dt.datetime]:
    """Return the instants that were chosen; other values are ignored."""
    raw = request.POST.getlist("pick")[: MOST + 1]
    raw += [request.POST.get(f"pick-{number}", "") for number in range(1, MOST + 1)]
    found = set()
    for value in raw:
        try:
            found.add(clock.read_instant(value[:40], clock.zone_named("UTC")))
        except clock.ClockError:
            continue
    return found


def series_in(request: HttpRequest) -> uuid.UUID:
    """Return the id of this page's series: sent twice, it is booked once."""
    try:
        return uuid.UUID(request.POST.get("series", ""))
    except ValueError:
        return uuid.uuid4()


def status_of(error: BookingError) -> int:
    """Return 409 if somebody else was first, 422 if a rule forbids it."""
    return 409 if isinstance(error, SeriesChanged) else 422


def series_in_words(number: int) -> str:
    """Return what was booked, for the page that follows."""
    return ngettext(
        "Booked: one session. We’ve emailed you the details.",
        "Booked: %(number)s sessions. We’ve sent one email with all of them.",
        number,
    ) % {"number": number}
