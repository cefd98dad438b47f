"""Emails about an undone change, only to readers who have heard of the change.

An email about the cancel that has not left is canceled. One about several sessions at once is replaced by one
about those that stay canceled; when all of them are back, by none.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from booking.letters.context import cancel_unsent, to_client, to_practitioner
from booking.letters.series import at_once, notice_series_cancelled, series_cancelled
from booking.letters.to_client import confirmation, length_changed, moved, request_received
from booking.letters.to_practitioner import notice_length_changed, notice_moved
from booking.models import Appointment, AppointmentChange
from booking.policy.settlement import if_canceled
from practice.core.reasons import because
from practice.mail.queries import NEVER_WENT
from practice.models import Letter, User

#: Kinds of email that tell a client that a session is booked for them.
STANDING = (
    "confirmation",
    "request_received",
    "moved",
    "length_changed",
    "handed_over",
    "clocks_changed",
    "restored",
    "series",
)


def restored(appointment: Appointment, *, was: Appointment, now: datetime) -> Letter | None:
    """Plan the email to the client that the session takes place after all, if they heard of the cancel.

    If the email about the cancel has not left, it is canceled, and nothing needs saying.
    """
    if cancel_unsent(appointment, "cancelled", "taken_back"):
        return _if_nothing_was_said(appointment, now=now)
    rest = _still_cancelled(was)
    if _series_unsaid(was, rest, "series_cancelled"):
        if rest:
            by = _cancelled_by(rest[0])
            series_cancelled(rest, fee=_fee(rest, by=by), by=by, now=now)
        return None
    key = f"restored:{appointment.sequence}"
    return to_client(appointment, "restored", key, now=now)


def moved_back(appointment: Appointment, *, was: Appointment, now: datetime) -> Letter | None:
    """Plan the email to the client that it has its old time again, if they have heard of the move."""
    if cancel_unsent(appointment, "moved"):
        return _if_nothing_was_said(appointment, now=now)
    return moved(appointment, was=was, now=now)


def correct_unsent(appointment: Appointment, *, now: datetime) -> Letter | None:
    """Plan the confirmation again, with the time as it is now, if the email that says so never left.

    For a change that its client is not emailed about: who was told nothing yet still hears what is booked.
    """
    waiting = Letter.objects.filter(
        about=appointment.about, user=appointment.contact, kind__in=STANDING, state=Letter.State.PLANNED
    )
    if not waiting.update(state=Letter.State.CANCELLED, why=because("appointment_moved")):
        return None
    return _if_nothing_was_said(appointment, now=now)


def length_back(appointment: Appointment, *, was: int, now: datetime) -> Letter | None:
    """Plan the email that the session is as long as before, if its client heard that it `was` not."""
    if cancel_unsent(appointment, "length_changed"):
        return _if_nothing_was_said(appointment, now=now)
    return length_changed(appointment, was=was, now=now)


def notice_length_back(
    appointment: Appointment, *, was: int, by: User | None, now: datetime
) -> Letter | None:
    """Plan the notice of the old length to a practitioner who has heard of the other one."""
    if cancel_unsent(appointment, "notice_length_changed"):
        return None
    return notice_length_changed(appointment, was=was, by=by, now=now)


def notice_moved_back(
    appointment: Appointment, *, was: Appointment, by: User | None, now: datetime
) -> Letter | None:
    """Plan notices of the old time to each practitioner who has heard of the move."""
    unaware = cancel_unsent(appointment, "notice_moved")
    return notice_moved(appointment, was=was, by=by, now=now, unaware=unaware)


def _if_nothing_was_said(appointment: Appointment, *, now: datetime) -> Letter | None:
    """Plan the confirmation, or the receipt of a request, again if no email about it ever went."""
    before = Letter.objects.filter(about__in=appointment.subjects, user=appointment.contact)
    if before.filter(kind__in=STANDING).exclude(state__in=NEVER_WENT).exists():
        return None
    if appointment.state == Appointment.State.PENDING:
        return request_received(appointment, now=now)
    return confirmation(appointment, now=now, again=True)


def notice_restored(
    appointment: Appointment, *, was: Appointment, by: User | None, now: datetime
) -> Letter | None:
    """Plan the notice to the practitioner, if they have heard that it was canceled."""
    if cancel_unsent(appointment, "notice_cancelled"):
        return None
    rest = _still_cancelled(was)
    if _series_unsaid(was, rest, "notice_series_cancelled"):
        if rest:
            notice_series_cancelled(rest, by=_cancelled_by(rest[0]), now=now)
        return None
    key = f"notice-restored:{appointment.sequence}"
    return to_practitioner(appointment, "notice_restored", key, by=by, now=now)


def _still_cancelled(was: Appointment) -> list[Appointment]:
    """Return sessions canceled together with this one that are still canceled, by start."""
    if was.series is None or was.cancelled_at is None:
        return []
    found = Appointment.objects.filter(
        series=was.series,
        client=was.client,
        state=Appointment.State.CANCELLED,
        cancelled_at=was.cancelled_at,
    )
    return list(found.exclude(pk=was.pk).order_by("starts_at"))


def _series_unsaid(was: Appointment, rest: Collection[Appointment], kind: str) -> bool:
    """Cancel the email about all that was canceled together; return whether it had not left yet."""
    if was.series is None or was.cancelled_at is None:
        return False
    waiting = Letter.objects.filter(
        about__in=[f"series:{was.series}", was.about, *(one.about for one in rest)],
        kind=kind,
        key__contains=f":{at_once(was)}:",
        state=Letter.State.PLANNED,
    )
    why = because("some_restored")
    return bool(waiting.update(state=Letter.State.CANCELLED, why=why))


def _cancelled_by(appointment: Appointment) -> User | None:
    change = appointment.changes.filter(what=AppointmentChange.What.CANCELLED).last()
    return change.by if change else None


def _fee(cancelled: Collection[Appointment], *, by: User | None) -> int:
    """Return the fee for these sessions, in cents, as it was when they were canceled."""
    if by is not None and by.is_staff:
        return 0
    return sum(if_canceled(one, one.cancelled_at).cents for one in cancelled if one.cancelled_at)
