"""Decide, at work, whose session it is: the person who booked it, or somebody with a record of their own.

A session is refiled only with what was written about it; nothing in a record is copied. For a session that
was wrapped up, somebody chooses what goes along: `portal.attendees.actions`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from booking.appointments.actions.book import confirmation_fields
from booking.appointments.actions.notify import plan_next_first_session, plan_session_emails
from booking.attendees.actions.who_comes import Parties, who_comes
from booking.attendees.attendee import Attendee
from booking.errors import BookingError
from booking.intake import queries as intake_queries
from booking.intake.answers import read
from booking.locking.changes import reload
from booking.locking.locks import lock
from booking.models import Appointment, Intake, Package
from practice.access import rows
from practice.access.actions.open_record import log_action
from practice.append_only.door import Why, open_door
from practice.core.plain_text import is_same_name
from practice.models import AccessLog, User

State = Appointment.State


class CannotBeFiled(BookingError):
    """Raised when there is nobody else the session could belong to, or something is written already."""

    code = "attendee"


def give_own_record(appointment: Appointment, *, by: User, now: datetime) -> Appointment:
    """File the session, with its note, under a record of the attendee; the booker still gets the emails.

    For a session from before everybody had a record of their own. A second call changes nothing. Raises
    CannotBeFiled.
    """
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        before = reload(appointment)
        if not before.attendee_unclear:
            return before
        booker = before.client
        if booker is None:
            raise CannotBeFiled(_("No one has booked this session."))
        who = who_comes(booker, Attendee(before.attendee_name, is_other=True))
        (after,) = _file([before], who, by=by, now=now)
        _let_intake_go(booker, after, now=now)
    return after


def in_the_same_doubt(appointment: Appointment, *, by: User) -> list[Appointment]:
    """Return the other sessions that the same answer settles, by start.

    They are filed under the same client, with the same other name, and nobody has said whose they are: for
    example all earlier sessions of a client who was renamed since. Only those that `by` may change.
    """
    if not appointment.attendee_unclear or appointment.client_id is None:
        return []
    unclear = Appointment.objects.filter(client=appointment.client_id, attendee_unclear=True)
    found = rows.for_person(by, unclear.exclude(pk=appointment.pk), "change").select_related("practitioner")
    named = (one for one in found if is_same_name(one.attendee_name, appointment.attendee_name))
    return sorted(named, key=lambda one: one.starts_at)


def file_under_booker(
    appointment: Appointment, *, by: User, now: datetime, also: Iterable[Appointment] = ()
) -> Appointment:
    """File the session under the person who booked it: one person, one record.

    `also`: sessions in the same doubt, which it settles too. A record that was made for another spelling of
    the name is removed, unless something is written in it: what was written under one name is never put under
    another. A second call changes nothing. Raises CannotBeFiled.
    """
    also = list(also)
    with transaction.atomic():
        together = [appointment, *also]
        lock([one.practitioner for one in together], rooms=[one.room_id for one in together])
        before = reload(appointment)
        person = before.client if before.attendee_unclear else before.correspondent
        if person is None:
            return before
        other = before.client
        if other is not None and other != person:
            _must_be_empty(before, other)
        settled = [one for one in map(reload, also) if one.attendee_unclear and one.client == person]
        after, *_others = _file([before, *settled], Parties(person), by=by, now=now)
        if other is not None and other != person:
            _remove(other)
    return after


def _file(before: list[Appointment], who: Parties, *, by: User, now: datetime) -> list[Appointment]:
    """File the sessions under these people, then plan what comes before each (which is their first?)."""
    for one in before:
        _write(one, who, by=by, now=now)
    after = [reload(one) for one in before]
    _say_so(who, len(after), by=by, now=now)
    for one in after:
        if one.state == State.BOOKED and one.starts_at > now:
            plan_session_emails(one, now=now)
    return after


def _write(before: Appointment, who: Parties, *, by: User, now: datetime) -> None:
    """Write the row with its new client and correspondent.

    On a record that was there before, it is a claim until its client confirms it: the earlier confirmation
    was for a session of somebody else.
    """
    claimed, confirmed = before.is_claim, before.confirmed_at
    if who.client != before.client:
        claimed = confirmation_fields(who, by=by, now=now)["is_claim"]
        confirmed = None if claimed else confirmed
    Appointment.objects.filter(pk=before.pk).update(
        client=who.client,
        correspondent=who.booker,
        attendee_name=who.client.name,
        attendee_unclear=False,
        is_claim=claimed,
        confirmed_at=confirmed,
    )


def _say_so(who: Parties, number: int, *, by: User, now: datetime) -> None:
    """Write the answer down in both records. The booker's line names nobody: it outlives the attendee's."""
    name = who.client.name
    log_action(by, who.client, "access:assigned_to_this", now=now, number=number, name=name)
    if who.booker:
        log_action(by, who.booker, "access:assigned_to_other", now=now)


def _let_intake_go(booker: User, session: Appointment, *, now: datetime) -> None:
    """Move the booker's open intake to their own next session, if there is one."""
    found = Intake.objects.filter(client=booker, appointment=session, handed_in_at=None)
    if found.update(appointment=intake_queries.next_session(booker, now=now)):
        plan_next_first_session(booker, now=now)


def _must_be_empty(session: Appointment, other: User) -> None:
    """Check that the record `other` has nothing but this session. Raises CannotBeFiled."""
    more = Appointment.objects.filter(client=other).exclude(pk=session.pk)
    told = Intake.objects.filter(client=other)
    if not session.is_expected or more.exists():
        raise CannotBeFiled(_("They have been here under that name, so the two records stay separate."))
    if any(one.handed_in_at or read(one.answers).parts for one in told):
        raise CannotBeFiled(something_written())
    if other.email or Package.objects.filter(client=other).exists():
        raise CannotBeFiled(
            _("They have their own email address or package, so the two records stay separate.")
        )


def something_written() -> str:
    """Return why two records are not merged."""
    return _("Something is already recorded under that name, so the two records stay separate.")


def _remove(other: User) -> None:
    """Remove the record made for another spelling, unless somebody opened it: that must stay on record."""
    Intake.objects.filter(client=other, handed_in_at=None).delete()
    if not AccessLog.objects.filter(whose=other).exists():
        with open_door(Why.MERGE):  # what they changed themselves names nobody from now on
            other.delete()
