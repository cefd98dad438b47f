"""Settling whose session it was, for sessions booked before every attendee had a record of their own.

The note belongs to the session, and is filed with it. The assignments and the plan are in the record of the
person who booked, and are edited from session to session: no row says whose they are by now. So somebody who
may open that record chooses what moves. It moves and is not copied: each word is in one record. What was
practiced, noticed, asked or handed in stays with the booker, who wrote it under their own name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from booking.appointments.actions import change_attendee
from booking.errors import BookingError
from booking.locking.changes import reload
from booking.locking.locks import lock
from booking.models import Appointment, sealed_at
from portal.followups.queue import letters_of
from portal.models import Assignment, ClientProfile, FollowUp, RecordNote, SessionNote
from portal.records.access import may_open
from practice.core.reasons import because
from practice.models import Letter, User


@dataclass(frozen=True)
class RecordTransfer:
    """The content to move to the new record: ids of assignments, and whether the plan moves."""

    given: Collection[int] = ()
    plan: bool = False


class NotAllowedToDecide(BookingError):
    """Raised when a session was wrapped up by somebody else and its record is closed to the person."""

    code = "not_theirs_to_say"

    def __init__(self, appointment: Appointment) -> None:
        super().__init__(
            _("This session is wrapped up. %(name)s or the owner has to choose whose record it belongs to.")
            % {"name": appointment.practitioner.first_name}
        )


def note_in_doubt(appointment: Appointment) -> SessionNote | None:
    """Return the signed note of a session that nobody has said whose it is, with who booked it."""
    if not appointment.attendee_unclear or appointment.client is None:
        return None
    signed = SessionNote.objects.filter(appointment=appointment, signed_at__isnull=False)
    signed = signed.select_related("appointment__client", "appointment__practitioner__user")
    return signed.defer(*sealed_at("appointment")).first()


def may_be_theirs(note: SessionNote) -> QuerySet[Assignment]:
    """Return the booker's open assignments, and those given when the note was signed."""
    found = Assignment.objects.filter(client=note.appointment.client)
    current = found.filter(Q(ended_at=None) | Q(created_at=note.signed_at))
    return current.select_related("lesson", "exercise")


def may_choose(note: SessionNote, *, by: User) -> bool:
    """Return whether `by` may open the record of who booked, and so choose what moves."""
    booker = note.appointment.client
    return booker is not None and may_open(by, booker)


def must_be_allowed_to_decide(note: SessionNote | None, *, by: User) -> None:
    """Raise NotTheirsToSay for a wrapped-up session that `by` neither gave nor may read."""
    if note and by.pk != note.appointment.practitioner.user_id and not may_choose(note, by=by):
        raise NotAllowedToDecide(note.appointment)


def give_own_record(
    appointment: Appointment, *, by: User, now: dt.datetime, along: RecordTransfer | None = None
) -> Appointment:
    """File the session under the attendee's own record, and move `along` there.

    Emails that still wait after the session are canceled: they would tell the booker about somebody else. Out
    of a record that is closed to `by` nothing moves. Asked again, nothing happens. Raises NotTheirsToSay or
    CannotBeFiled.
    """
    with transaction.atomic():
        lock([appointment.practitioner], rooms=[appointment.room_id])
        note = note_in_doubt(reload(appointment))
        must_be_allowed_to_decide(note, by=by)
        may_move = note is not None and may_choose(note, by=by)
        filed = change_attendee.give_own_record(appointment, by=by, now=now)
        if note:
            _call_off(filed, now=now)
        if note and along and may_move:
            _move(note, filed, along, now=now)
    return filed


def file_under_booker(appointment: Appointment, *, by: User, now: dt.datetime) -> list[Appointment]:
    """Record that the person who attended is the one who booked, here and in like sessions.

    It answers for all sessions in the same doubt that `by` may settle: a renamed client is one person. A note
    written under the other name, even a draft, keeps them apart. Returns this session and those settled with
    it. Raises NotTheirsToSay or CannotBeFiled.
    """
    also = change_attendee.in_the_same_doubt(appointment, by=by)
    with transaction.atomic():
        together = [appointment, *also]
        lock([one.practitioner for one in together], rooms=[one.room_id for one in together])
        before = reload(appointment)
        must_be_allowed_to_decide(note_in_doubt(before), by=by)
        if before.correspondent_id and _is_written_in(before):
            raise change_attendee.CannotBeFiled(change_attendee.something_written())
        also = [one for one in also if _is_theirs_to_say(one, by=by)]
        return [change_attendee.file_under_booker(appointment, by=by, now=now, also=also), *also]


def _is_theirs_to_say(seen: Appointment, *, by: User) -> bool:
    """Return whether it is still in doubt, with the same practitioner, and `by` may settle it."""
    row = reload(seen)
    if not row.attendee_unclear or row.practitioner_id != seen.practitioner_id:
        return False
    try:
        must_be_allowed_to_decide(note_in_doubt(row), by=by)
    except NotAllowedToDecide:
        return False
    return True


def _is_written_in(appointment: Appointment) -> bool:
    """Return whether the attendee's record has a note on this session, or assignments, notes or a plan."""
    if SessionNote.objects.filter(appointment=appointment).exists():
        return True
    if appointment.client is None:
        return False
    page = ClientProfile.objects.of(appointment.client)
    given = (Assignment, RecordNote)
    return bool(page.plan or page.obstacle) or any(
        model._default_manager.filter(client=appointment.client).exists() for model in given
    )


def _call_off(filed: Appointment, *, now: dt.datetime) -> None:
    """Cancel this session's follow-ups that were not sent, and clear what asked a person to look at them."""
    follow_ups = FollowUp.objects.filter(appointment=filed)
    letters_of(follow_ups).filter(state=Letter.State.PLANNED).update(
        state=Letter.State.CANCELLED, why=because("follow_up:session_of_another")
    )
    follow_ups.filter(asks_human=True, cleared_at=None).update(cleared_at=now)


def _move(note: SessionNote, filed: Appointment, along: RecordTransfer, *, now: dt.datetime) -> None:
    """Move assignments and the plan to the attendee; their own later assignments or plan win."""
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
    theirs, page = ClientProfile.objects.of(whose), ClientProfile.objects.of(booker)
    if along.plan and not (theirs.plan or theirs.obstacle):
        ClientProfile.objects.keep(whose, plan=page.plan, obstacle=page.obstacle)
        ClientProfile.objects.keep(booker, plan="", obstacle="")
