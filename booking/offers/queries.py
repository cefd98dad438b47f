"""Reads of the waitlist: who waits, what is offered, what was freed recently."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from booking.models import Appointment, AppointmentChange, Offer, WaitlistEntry, sealed_at
from booking.queries import REACH
from practice.models import Practitioner, User


@dataclass(frozen=True)
class Freed:
    """A stretch `[start, end)` of a practitioner that a session no longer takes up since `at`."""

    appointment: Appointment
    practitioner: Practitioner
    start: datetime
    end: datetime
    at: datetime


def freed_since(since: datetime, *, now: datetime) -> list[Freed]:
    """Return future times freed since then by a cancel, decline, move or undone move, by when."""
    what = AppointmentChange.What
    ends = Q(what__in=(what.CANCELLED, what.DECLINED, what.MOVED))
    undone = Q(what=what.RESTORED, was_starts_at__isnull=False)
    changes = AppointmentChange.objects.filter(ends | undone, at__gt=since).select_related(
        "appointment__practitioner", "was_practitioner"
    )
    changes = changes.defer("note", *sealed_at("appointment"))
    found = []
    for change in changes.order_by("at", "id"):
        start = change.was_starts_at or change.starts_at
        if start > now:
            end = start + timedelta(minutes=change.appointment.minutes)
            whose = change.was_practitioner or change.appointment.practitioner
            found.append(Freed(change.appointment, whose, start, end, change.at))
    return found


def has_waitlist_entries() -> bool:
    """Return whether there is any wish: usually there is none, and nothing to do."""
    return WaitlistEntry.objects.filter(state=WaitlistEntry.State.WAITING).exists()


def askable_entries(
    practitioner: Practitioner,
    start: datetime,
    end: datetime,
    *,
    since: datetime,
    freed: Appointment | None = None,
) -> QuerySet[WaitlistEntry]:
    """Return the wishes for a time with this practitioner that can be asked about it, in order.

    Not of the client whose session `freed` was, nor with another open offer, nor with a declined or lapsed
    offer of this very time, nor made after `since`.
    """
    answered = Offer.objects.filter(
        state__in=(Offer.State.DECLINED, Offer.State.LAPSED),
        appointment__practitioner=practitioner,
        appointment__starts_at__lt=end,
        appointment__starts_at__gt=start - REACH,
        appointment__ends_at__gt=start,
    )
    theirs = Q(client__in=freed.managers) if freed else Q(pk__in=())
    return (
        WaitlistEntry.objects.filter(
            Q(practitioner=practitioner) | Q(practitioner=None),
            state=WaitlistEntry.State.WAITING,
            session_type__practitioners=practitioner,
            session_type__is_active=True,
            client__is_active=True,
            client__email__isnull=False,
            created_at__lte=since,
        )
        .exclude(theirs)
        .exclude(offers__state=Offer.State.OPEN)
        .exclude(pk__in=answered.values("entry"))
        .select_related("session_type", "client", "swaps", "practitioner__user")
        .defer("address", *sealed_at("swaps"))
        .order_by("created_at", "id")
    )


def open_offers() -> QuerySet[Offer]:
    """Return offers that wait for an answer, with all that answering one needs."""
    found = Offer.objects.filter(state=Offer.State.OPEN).select_related(
        "appointment__practitioner__user", "appointment__session_type", "entry__client", "freed"
    )
    return found.defer("entry__address", *sealed_at("appointment", "freed"))


def waitlist_entries_of(client: User) -> QuerySet[WaitlistEntry]:
    """Return what this client still waits for, the latest first."""
    return (
        WaitlistEntry.objects.filter(client=client, state=WaitlistEntry.State.WAITING)
        .select_related("session_type", "practitioner__user", "swaps")
        .defer("address", *sealed_at("swaps"))
        .order_by("-created_at")
    )


def waitlist_entries_for(practitioners: Iterable[Practitioner]) -> QuerySet[WaitlistEntry]:
    """Return wishes for times with one of these practitioners, in order."""
    ids = [person.pk for person in practitioners]
    return (
        WaitlistEntry.objects.filter(
            Q(practitioner__in=ids) | Q(practitioner=None, session_type__practitioners__in=ids),
            state=WaitlistEntry.State.WAITING,
        )
        .select_related("session_type", "client", "practitioner__user", "swaps")
        .defer("address", *sealed_at("swaps"))
        .order_by("created_at", "id")
        .distinct()
    )
