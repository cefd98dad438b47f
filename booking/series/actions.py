"""Book several sessions together, all or none, and cancel one and all later ones.

The page shows beforehand which fit. The chosen times are judged again under the lock, one after the other,
each with those before it written: a daily limit counts the series itself. If one cannot be booked any more,
none is, and the page shows how it stands now: nobody ends up with half of what they agreed to.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from booking import queries
from booking.appointments.actions.book import (
    attendee_fields,
    confirmation_fields,
    record_booking,
    state_fields,
    write,
)
from booking.appointments.actions.cancel import cancel_locked
from booking.appointments.actions.notify import plan_session_emails
from booking.attendees.actions.who_comes import known_parties, who_comes
from booking.attendees.attendee import Attendee
from booking.attendees.checks import checked
from booking.errors import AlreadyOver, BookingError, ConsentMissing, TooLate
from booking.holds.actions.hold import terms_snapshot
from booking.letters import series
from booking.locking import overlap_guard
from booking.locking.changes import is_staff, release_expired_of, reload_in_same_hands
from booking.locking.choosing import StartRefused, choose_practitioner, practitioners_offering
from booking.locking.locks import lock, moment, whole_seconds
from booking.models import Appointment, SessionType
from booking.packages import actions as packages_actions
from booking.policy.terms import policy_of
from booking.series.planning import MOST, from_here_on, name_for, of_series
from practice.contact import please_call
from practice.models import Practitioner, User
from practice.queries import the_practice


class SeriesChanged(BookingError):
    """Raised when one of the times cannot be booked any more, so none was."""

    code = "series_changed"

    def __init__(self) -> None:
        super().__init__(
            _(
                "One of these times was just taken, so nothing is booked yet. Here is what’s "
                "available now; your other choices are kept."
            )
        )


class WrongNumber(BookingError):
    """Raised when no time was chosen, or more than a series may have."""

    code = "series_number"

    def __init__(self) -> None:
        super().__init__(_("Please choose between one and %(most)s sessions.") % {"most": MOST})


class ApprovalNeeded(BookingError):
    """Raised for a type that needs approval: such sessions are asked for one by one."""

    code = "series_approval"

    def __init__(self) -> None:
        super().__init__(
            _("We answer each request for this kind of session, so please request them one at a time.")
        )


@dataclass(frozen=True)
class CancelResult:
    """The sessions that were canceled, and those too near to be canceled by their client."""

    cancelled: list[Appointment]
    kept: list[Appointment]


def book_series(
    session_type: SessionType,
    *,
    practitioner: Practitioner,
    starts: Iterable[datetime],
    attendee: Attendee,
    client: User,
    consent: bool,
    series: uuid.UUID,
    by: User,
    now: datetime | None = None,
) -> list[Appointment]:
    """Book all sessions for a known client, with one email. The same `series` again returns them.

    `series`: an id that a page chose. What is stored is its id for this client: two never share one. Raises
    SeriesChanged, WrongNumber, AskedForSingly, ConsentMissing, NotOffered or AttendeeIncomplete.
    """
    starts = sorted({whole_seconds(start) for start in starts})
    if not 1 <= len(starts) <= MOST:
        raise WrongNumber
    if not (consent or is_staff(by)):
        raise ConsentMissing
    if session_type.needs_approval and not is_staff(by):
        raise ApprovalNeeded
    attendee = checked(attendee, by_staff=is_staff(by), place=session_type.place)
    made: list[Appointment] = []
    asker = queries.asker_status_of(by if is_staff(by) else client, now=moment(now))
    ours = practitioners_offering(session_type, [practitioner], by=by)
    try:
        with transaction.atomic():
            locked = lock(ours)
            now = moment(now)
            release_expired_of(locked, now=now)
            who = who_comes(client, attendee)
            series = name_for(series, who.client)
            if before := of_series(series, who.client):
                return before
            for start in starts:
                # Each with those before it written: a limit a day counts the series itself.
                chosen = choose_practitioner(session_type, locked, start=start, now=now, asker=asker)
                fields: dict[str, Any] = terms_snapshot(session_type, chosen, start)
                fields |= confirmation_fields(who, by=by, now=now)
                fields |= attendee_fields(attendee, who, start, fields)
                fields |= state_fields(session_type, start, by=by, now=now)
                made.append(write(None, {**fields, "series": series}))
            follow_up_on(made, consent=consent, by=by, now=now)
    except StartRefused as refused:
        raise SeriesChanged from refused
    except IntegrityError as error:
        if not overlap_guard.is_overlap(error):
            raise
        raise SeriesChanged from error
    return made


def booked_before(series: uuid.UUID, *, client: User, attendee: Attendee) -> list[Appointment]:
    """Return what `book_series` has booked already for this attendee, and would return; or nothing.

    Reads without the lock: of two presses at one time neither may see the other.
    """
    who = known_parties(client, attendee)
    return of_series(name_for(series, who.client), who.client) if who else []


def follow_up_on(made: list[Appointment], *, consent: bool, by: User, now: datetime) -> None:
    """Record one consent, pay for each session, plan one email about all, and reminders for each."""
    for number, one in enumerate(made):
        record_booking(one, by=by, consent=consent and number == 0, override_note="", now=now)
        packages_actions.use_if_proved(one, by=by, now=now)
    series.series_booked(made, now=now)
    series.notice_series(made, by=by, now=now)
    for one in made:
        plan_session_emails(one, now=now)


def cancel_from(appointment: Appointment, *, by: User | None, now: datetime | None = None) -> CancelResult:
    """Cancel this session and all later ones of its series, each by the policy it was booked under.

    Those too near for their client to cancel stay. Raises TooLate or AlreadyOver when none can be, HandedOver
    when a colleague has taken one over meanwhile.
    """
    with transaction.atomic():
        before = from_here_on(appointment)
        lock([one.practitioner for one in before], rooms=[one.room_id for one in before])
        now = moment(now)
        cancelled, kept, fees = [], [], []
        for one in map(reload_in_same_hands, before):
            if one.state != Appointment.State.BOOKED:
                continue
            try:
                after, fee = cancel_locked(one, by=by, now=now)
            except (TooLate, AlreadyOver):
                kept.append(one)
            else:
                cancelled.append(after)
                fees.append(fee)
        if not cancelled:
            raise (
                TooLate(policy_of(kept[0]).locked_hours, please_call(the_practice())) if kept else AlreadyOver
            )
        series.series_cancelled(cancelled, fee=sum(fees), by=by, now=now)
        series.notice_series_cancelled(cancelled, by=by, now=now)
    return CancelResult(cancelled, kept)
