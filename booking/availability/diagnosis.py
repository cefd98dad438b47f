"""Explanations for people at work: which rule refuses a time, and whose session is there.

The same refusal as a client reads, in words that staff can act on. A name is shown only to readers who see
that practitioner's days.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from booking import queries
from booking.availability import listing, wording
from booking.availability.engine.audience import AskerStatus
from booking.availability.engine.explain import Refusal
from booking.availability.loading import room_for
from booking.models import Appointment, SessionType
from practice.contact import please_call
from practice.core import formatting
from practice.models import Practitioner
from practice.queries import the_practice

State = Appointment.State


@dataclass(frozen=True)
class Verdict:
    """A practitioner's answer: the first rule that refuses the time, in words; empty when it is offered.

    `by_session`: a session has the time, and no reason helps. Blocked time and other calendars may be passed.
    """

    practitioner: Practitioner
    refusal: Refusal | None
    words: str
    by_session: bool = False


@dataclass(frozen=True)
class Reader:
    """A reader at work: zone and locale of times, and the ids of the practitioners whose days they see."""

    zone: ZoneInfo
    locale: str
    sees: Collection[int]


def explain_refusals(
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    start: datetime,
    *,
    now: datetime,
    asker: AskerStatus,
    reader: Reader,
    ignoring: Appointment | None = None,
) -> list[Verdict]:
    """Return one verdict for each practitioner about `start`, by the judgement that lists and books.

    `ignoring`: an appointment that is to be moved.
    """
    refusals = listing.first_refusals(
        session_type, practitioners, start, now=now, asker=asker, ignoring=ignoring
    )
    return verdicts_of(session_type, practitioners, refusals, now=now, reader=reader, ignoring=ignoring)


def verdicts_of(
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    refusals: Mapping[int, Refusal | None],
    *,
    now: datetime,
    reader: Reader,
    ignoring: Appointment | None = None,
) -> list[Verdict]:
    """Return a verdict for each practitioner's refusal, with whose session or blocked time is in the way."""
    clashes = [one for one in refusals.values() if one and one.rule in ("taken", "buffer")]
    rows = _clashing(practitioners, clashes, now=now)
    found = []
    for person in practitioners:
        refusal, room = refusals[person.pk], room_for(session_type, person, ignoring)
        theirs = [row for row in rows if _concerns(row, person, room)]
        words = _say(refusal, person, theirs, reader) if refusal else ""
        is_session = (
            refusal is not None and refusal.rule == "taken" and bool(_row_of(refusal, person, theirs))
        )
        found.append(Verdict(person, refusal, words, is_session))
    return found


def _clashing(
    practitioners: Sequence[Practitioner], clashes: Sequence[Refusal], *, now: datetime
) -> list[Appointment]:
    """Return the appointments that cause these clashes, read in one query."""
    if not clashes:
        return []
    first = min(one.params["busy_start"] for one in clashes)
    until = max(one.params["busy_end"] for one in clashes)
    found = queries.taken(practitioners, first=first, until=until, now=now)
    return list(found.select_related("client", "practitioner__user", "correspondent"))


def _say(refusal: Refusal, person: Practitioner, rows: Sequence[Appointment], reader: Reader) -> str:
    own = OWN_WORDS.get(refusal.rule)
    if own:
        return own(refusal, person, rows, reader)
    return wording.sentence(refusal, zone=reader.zone, locale=reader.locale, call=please_call(the_practice()))


def _taken(refusal: Refusal, person: Practitioner, rows: Sequence[Appointment], reader: Reader) -> str:
    return _("It would overlap %(whose)s, %(span)s.") % _whose(refusal, person, rows, reader)


def _buffer(refusal: Refusal, person: Practitioner, rows: Sequence[Appointment], reader: Reader) -> str:
    pause = formatting.minutes_in_words(refusal.params["minutes"], locale=reader.locale)
    said = {**_whose(refusal, person, rows, reader), "pause": pause}
    if refusal.params["start"] >= refusal.params["busy_end"]:
        return _("It is too soon after %(whose)s, %(span)s: there must be %(pause)s in between.") % said
    return _("It ends too close to %(whose)s, %(span)s: there must be %(pause)s in between.") % said


def _who(refusal: Refusal, person: Practitioner, rows: Sequence[Appointment], reader: Reader) -> str:
    return {
        "staff": _("Only staff can book this session."),
        "new": _("This session is for new clients."),
        "returning": _("This session is for returning clients who have signed in."),
    }[refusal.params["who"]]


def _whose(
    refusal: Refusal, person: Practitioner, rows: Sequence[Appointment], reader: Reader
) -> Mapping[str, str]:
    """Return the words for who has the time, and for its span."""
    begins, ends = refusal.params["busy_start"], refusal.params["busy_end"]
    row = _row_of(refusal, person, rows)
    return {
        "whose": _name_of(row, person, reader) if row else _what_else(person, begins, ends),
        "span": formatting.span(begins, ends, reader.zone, locale=reader.locale),
    }


def _row_of(refusal: Refusal, person: Practitioner, rows: Sequence[Appointment]) -> Appointment | None:
    """Return the session that a refusal is about, the practitioner's own first; None: it is no session."""
    own_first = sorted(rows, key=lambda one: one.practitioner_id != person.pk)
    return next((one for one in own_first if one.starts_at == refusal.params["busy_start"]), None)


def _what_else(person: Practitioner, begins: datetime, ends: datetime) -> str:
    """Return what takes a time without a session: blocked here, or busy in another calendar."""
    blocked = queries.blocked_in([person], first=begins, until=ends)
    if blocked.filter(starts_at=begins, ends_at=ends).exists():
        return _("a time blocked by the practice")
    return _("an event in %(name)s’s other calendar") % {"name": person.first_name}


def _concerns(row: Appointment, person: Practitioner, room: int | None) -> bool:
    """Return whether `row` takes the time of `person`, or the `room` needed (None: no room is needed)."""
    return row.practitioner_id == person.pk or (room is not None and row.room_id == room)


def _name_of(row: Appointment, person: Practitioner, reader: Reader) -> str:
    if row.state == State.HELD:
        return _("a time that is held for someone right now")
    if row.practitioner_id not in reader.sees:
        return _("a session with %(name)s") % {"name": row.practitioner.first_name}
    said = {"client": row.attendee_name, "name": row.practitioner.first_name}
    if row.practitioner_id != person.pk:
        return _("%(client)s’s session with %(name)s in the same room") % said
    if row.state == State.PENDING:
        return _("%(client)s’s request") % said
    return _("%(client)s’s session") % said


OWN_WORDS: Mapping[str, Callable[[Refusal, Practitioner, Sequence[Appointment], Reader], str]] = {
    "taken": _taken,
    "buffer": _buffer,
    "who": _who,
}
