"""Keep the wall time of bookings after a zone's rules have changed, when a person says so.

Each is moved in its own transaction, under the lock, and only overlaps are judged: hours and buffers follow
the same clocks as it does. A booking whose new time somebody else has stays where it is, and stays on the
list.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F

from booking.appointments.actions.notify import plan_session_emails
from booking.letters import to_practitioner, zone_changed
from booking.letters.before_session import scheduled
from booking.locking import overlap_guard
from booking.locking.changes import Code, State, What, record_change, release_expired_of, reload
from booking.locking.locks import lock
from booking.models import Appointment
from booking.time_zones.wall_times import walls
from booking.zone_changes.queries import ZoneMismatch, mismatch_of, zone_mismatches
from practice.core.reasons import because
from practice.models import Practitioner, User


@dataclass
class KeepResult:
    """The result for each mismatch. `told`: only the booker's own clock had changed."""

    moved: list[Appointment] = field(default_factory=list)
    told: list[Appointment] = field(default_factory=list)
    in_the_way: list[Appointment] = field(default_factory=list)


class TimeConflict(Exception):
    """Raised when somebody else has the time."""


def keep_wall_times(practitioners: Collection[Practitioner], *, by: User | None, now: datetime) -> KeepResult:
    """Move each to the instant that its wall time names now, with an email and a higher SEQUENCE.

    Tried again as long as one makes room for another: a day of sessions moves along. Pressed twice, nothing
    more happens.
    """
    kept = KeepResult()
    waiting = []
    for one in zone_mismatches(practitioners, now=now):
        if one.only_theirs:
            kept.told += _tell(one.appointment, now=now)
        elif one.start:
            waiting.append(one)
    while waiting:
        left = []
        for one in waiting:
            try:
                kept.moved += _keep(one, by=by, now=now)
            except TimeConflict:
                left.append(one)
        if len(left) == len(waiting):
            break
        waiting = left
    kept.in_the_way = [one.appointment for one in waiting]
    return kept


def leave(appointment: Appointment, *, now: datetime) -> list[Appointment]:
    """Leave an appointment at its stored instant, whatever clocks show then; its client gets an email."""
    return _tell(appointment, now=now)


def _keep(seen: ZoneMismatch, *, by: User | None, now: datetime) -> list[Appointment]:
    """Move an appointment, if it is still where it was seen. Raises InTheWay."""
    practitioner = seen.appointment.practitioner
    try:
        with transaction.atomic():
            locked = lock([practitioner], rooms=[seen.appointment.room_id])
            release_expired_of(locked, now=now)
            before = reload(seen.appointment)
            one = mismatch_of(before, now=now)
            if one is None or one.start is None or not before.is_undecided:
                return []
            if before.practitioner_id != practitioner.pk:
                return []  # handed over meanwhile: judged again with its present practitioner
            return [_write(one, before, by=by, now=now)]
    except IntegrityError as error:
        if not overlap_guard.is_overlap(error):
            raise
        raise TimeConflict from error


def _write(one: ZoneMismatch, before: Appointment, *, by: User | None, now: datetime) -> Appointment:
    assert one.start is not None
    Appointment.objects.filter(pk=before.pk).update(
        starts_at=one.start,
        ends_at=one.start + timedelta(minutes=before.minutes),
        answer_by=min(before.answer_by, one.start) if before.answer_by else None,
        sequence=F("sequence") + 1,
        **walls(one.start, here=one.zone.key, booker=before.zone),
    )
    after = reload(before)
    what = What.HELD if after.state == State.HELD else What.MOVED  # a hold is not news, and frees no time
    record_change(after, what, now=now, by=by, was=before.starts_at, code=Code.ZONE_RULES)
    if after.is_expected:
        scheduled.cancel_before_session(after, why=because("zone_rules_changed"))
        zone_changed.hour_kept(after, was=before, place=one.zone, now=now)
        to_practitioner.notice_moved(after, was=before, by=by, now=now)
        plan_session_emails(after, now=now)
    return after


def _tell(seen: Appointment, *, now: datetime) -> list[Appointment]:
    """Store what clocks show by today's rules, and email the client where that is news."""
    with transaction.atomic():
        lock([seen.practitioner], rooms=[seen.room_id])
        before = reload(seen)
        one = mismatch_of(before, now=now)
        if one is None:
            return []
        fields = walls(before.starts_at, here=one.zone.key, booker=before.zone)
        if one.only_theirs:
            del fields["wall_here"]
        Appointment.objects.filter(pk=before.pk).update(**fields)
        after = reload(before)
        if after.is_expected:
            zone_changed.other_hour_there(after, agreed=one.agreed, place=one.zone, now=now)
    return [after]
