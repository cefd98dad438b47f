"""A session of before everybody had a record of their own: what was given then may go along with it.

The note belongs to the session, and is filed with it. The home program and the plan stand in the record of
who booked, and are edited from session to session: whose they are by now, no row says. So somebody who may
open that record chooses what goes along. It moves and is not copied: each word stands in one record. What was
practiced, noticed, asked or handed in stays with who booked: whoever wrote it did so as them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from booking.actions import attendee
from booking.actions.under_lock import again, lock
from booking.errors import BookingError
from booking.models import Appointment
from portal.followups.queue import letters_of
from portal.models import Assignment, Client, FollowUp, SessionNote
from portal.records import may_open
from practice.models import Letter, User


@dataclass(frozen=True)
class Along:
    """What goes into the new record: the ids of assignments, and whether the plan does."""

    given: Collection[int] = ()
    plan: bool = False


class RecordClosed(BookingError):
    """The session was wrapped up, and whoever decides may not open the record that its words stand in."""

    code = "record_closed"

    def __init__(self, appointment: Appointment) -> None:
        super().__init__(
            _("This session is wrapped up. %(name)s or the owner has to say whose it is.")
            % {"name": appointment.practitioner.first_name}
        )


def note_of(appointment: Appointment) -> SessionNote | None:
    """Return the signed note of a session that nobody has said whose it is."""
    if not appointment.attendee_unclear or appointment.client is None:
        return None
    return SessionNote.objects.filter(appointment=appointment, signed_at__isnull=False).first()


def may_be_theirs(note: SessionNote) -> QuerySet[Assignment]:
    """Return what the record of who booked has to do at home, and what was given when the note was signed."""
    found = Assignment.objects.filter(client=note.appointment.client)
    current = found.filter(Q(ended_at=None) | Q(created_at=note.signed_at))
    return current.select_related("lesson", "exercise")


def must_be_open(note: SessionNote | None, *, by: User) -> None:
    """Raise RecordClosed where words of the session stand in a record that is closed to `by`."""
    booker = note.appointment.client if note else None
    if note and booker and not may_open(by, booker):
        raise RecordClosed(note.appointment)


def give_own_record(
    appointment: Appointment, *, by: User, now: dt.datetime, along: Along | None = None
) -> Appointment:
    """File the session under a record of whoever came, and move `along` there what was chosen.

    Emails that still wait after the session are called off: they would tell who booked of somebody else's.
    Said again: nothing happens. Raises RecordClosed or CannotBeFiled.
    """
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        note = note_of(again(appointment))
        must_be_open(note, by=by)
        filed = attendee.give_own_record(appointment, by=by, now=now)
        if note:
            _call_off(filed, now=now)
            _move(note, filed, along or Along(), now=now)
    return filed


def is_the_booker(appointment: Appointment, *, by: User, now: dt.datetime) -> Appointment:
    """Say that who came is who booked. Raises RecordClosed or CannotBeFiled."""
    must_be_open(note_of(again(appointment)), by=by)
    return attendee.is_the_booker(appointment, by=by, now=now)


def _call_off(filed: Appointment, *, now: dt.datetime) -> None:
    """The follow-ups of this session that have not left, and what asks a person to look after its silence."""
    follow_ups = FollowUp.objects.filter(appointment=filed)
    letters_of(follow_ups).filter(state=Letter.State.PLANNED).update(
        state=Letter.State.CANCELLED, reason=_("The session it follows is another person's.")
    )
    follow_ups.filter(asks_human=True, cleared_at=None).update(cleared_at=now)


def _move(note: SessionNote, filed: Appointment, along: Along, *, now: dt.datetime) -> None:
    """Assignments and the plan into the record of who came; a later program or plan of theirs stands."""
    booker, whose = note.appointment.client, filed.client
    assert booker is not None
    assert whose is not None
    both = User.objects.select_for_update(no_key=True).filter(pk__in=(booker.pk, whose.pk))
    list(both.order_by("pk"))  # as a wrap-up does: two of one client, one by one
    ids = list(may_be_theirs(note).filter(pk__in=along.given).values_list("pk", flat=True))
    chosen = Assignment.objects.filter(pk__in=ids)
    if Assignment.objects.filter(client=whose, ended_at=None).exists():
        chosen.filter(ended_at=None).update(ended_at=now)
    chosen.update(client=whose)
    theirs, page = Client.objects.of(whose), Client.objects.of(booker)
    if along.plan and not (theirs.plan or theirs.obstacle):
        Client.objects.keep(whose, plan=page.plan, obstacle=page.obstacle)
        Client.objects.keep(booker, plan="", obstacle="")
