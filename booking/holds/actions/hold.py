"""Keep a time for a visitor while they fill in the form, and release it again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from booking import queries
from booking.availability.loading import room_for
from booking.errors import BusyNetwork, TooManyHolds
from booking.locking.changes import What, record_change, release, release_expired_of, reload
from booking.locking.choosing import (
    choose_practitioner,
    practitioners_offering,
    raising_slot_taken,
    refuse_if_taken,
)
from booking.locking.locks import lock, lock_visitor, moment, whole_seconds
from booking.models import Appointment, SessionType
from booking.policy.terms import snapshot
from booking.time_zones.wall_times import walls
from practice.contact import or_call
from practice.models import Practitioner, User
from practice.queries import one_practice, the_practice

MINUTES = 10
PER_VISITOR = 3
PER_NETWORK = 15
PAGE = "page"


@one_practice()
def hold(
    session_type: SessionType,
    *,
    practitioners: Iterable[Practitioner],
    start: datetime,
    visitor: str,
    now: datetime | None = None,
    by: User | None = None,
    instead_of: Appointment | None = None,
) -> Appointment:
    """Keep `start` for ten minutes, with one of the practitioners who is free then.

    `visitor` says under which key to count, and nothing about the person (`refuse_too_many`; RATE_LIMITS).
    `by`: the signed-in person, for types that are not for everybody. `instead_of`: the hold this one
    replaces. Raises SlotTaken, NotBookable, NotOffered or TooManyHolds, BusyNetwork.
    """
    start, seen_at = whole_seconds(start), moment(now)
    practitioners = practitioners_offering(session_type, list(practitioners), by=None)
    asker = queries.asker_status_of(by, now=seen_at)
    if not instead_of:
        refuse_if_taken(session_type, practitioners, start=start, now=seen_at, asker=asker)
    with raising_slot_taken(session_type, practitioners, start=start, now=seen_at, asker=asker):
        lock_visitor(visitor.partition(":")[0])
        everybody = [*practitioners, instead_of.practitioner] if instead_of else practitioners
        locked = lock(everybody)
        now = moment(now)
        release_expired_of(locked, now=now)
        if instead_of:
            release(instead_of, now=now)
        if settings.RATE_LIMITS and visitor:
            refuse_too_many(visitor, now=now)
        ours = {practitioner.pk for practitioner in practitioners}
        candidates = [person for person in locked if person.pk in ours]
        chosen = choose_practitioner(session_type, candidates, start=start, now=now, asker=asker)
        held = Appointment.objects.create(
            **terms_snapshot(session_type, chosen, start),
            state=Appointment.State.HELD,
            hold_expires_at=now + timedelta(minutes=MINUTES),
            visitor=visitor,
        )
        record_change(held, What.HELD, now=now)
    return held


def refuse_too_many(visitor: str, *, now: datetime) -> None:
    """Raise TooManyHolds or BusyNetwork when `visitor` may not keep one more time.

    `visitor` begins with a key of the network. After a colon: a signed-in person, who may keep three times;
    or ":page", one of our own pages, which keeps one by itself (`hold_once`). Without a colon: programs,
    three in all. Behind one address there may be a whole office: together they may keep `PER_NETWORK`.
    """
    network, _, who = visitor.partition(":")
    other_way = or_call(the_practice())
    if who != PAGE and (
        wait := seconds_until_room(queries.live_holds(visitor, now=now), PER_VISITOR, now=now)
    ):
        raise TooManyHolds(PER_VISITOR, wait=wait, or_call=other_way, shared=not who)
    if wait := seconds_until_room(queries.live_holds_of_network(network, now=now), PER_NETWORK, now=now):
        raise BusyNetwork(wait=wait, or_call=other_way)


def seconds_until_room(kept: QuerySet[Appointment], most: int, *, now: datetime) -> float:
    """Return the seconds until one of `most` kept times ends; 0 when there is room now."""
    ends = list(kept.order_by("hold_expires_at").values_list("hold_expires_at", flat=True))
    if len(ends) < most:
        return 0
    first_over = ends[len(ends) - most]
    return max(1.0, (first_over - now).total_seconds()) if first_over else 1.0


def release_hold(held: Appointment, *, now: datetime | None = None) -> Appointment:
    """Release a hold. An appointment that is no hold any more stays as it is."""
    with transaction.atomic():
        lock([held.practitioner], rooms=[held.room_id])
        release(held, now=moment(now))
    return reload(held)


def release_expired(*, now: datetime | None = None) -> int:
    """Release expired holds; return how many. Only tidies: their time is listed as free already."""
    swept = 0
    expired = Appointment.objects.expired_holds(moment(now))
    for person in Practitioner.objects.filter(appointments__in=expired).distinct():
        with transaction.atomic():
            swept += release_expired_of(lock([person]), now=moment(now))
    return swept


def terms_snapshot(session_type: SessionType, practitioner: Practitioner, start: datetime) -> dict[str, Any]:
    """Return the fields an appointment keeps of its type and policy, which later edits do not change."""
    practice = the_practice()
    return {
        "session_type": session_type,
        "practitioner": practitioner,
        "room_id": room_for(session_type, practitioner),
        "place": session_type.place,
        "starts_at": start,
        "ends_at": start + timedelta(minutes=session_type.minutes),
        "minutes": session_type.minutes,
        "buffer_before": session_type.kept_before,
        "buffer_after": session_type.kept_after,
        "price_cents": session_type.price_cents,
        "currency": practice.currency,
        "policy": snapshot(practice),
        "zone": practitioner.zone,
        **walls(start, here=practitioner.zone),
    }
