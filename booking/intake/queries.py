"""Reads of intakes: which is open, what was handed in, and who may write by an email's link.

The link alone is not enough to *read*: an email is forwarded, lies open on a desk, and is in the list of
emails where the front desk sees it. So its holder may begin an intake nobody has written in, and from the
first word on it is shown only to the browser that wrote it, or to the client, signed in by a code sent to
their address. The link works until the session begins or is canceled; what was handed in is never shown by
it. It is sent by email only: a person who books with somebody else's address must not be able to write in
their record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.crypto import constant_time_compare

from booking.access import unconfirmed_claims
from booking.intake.answers import read
from booking.models import Appointment, Intake, sealed_at
from booking.queries import not_ended_of
from practice.models import User


def open_of(client: User) -> Intake | None:
    """Return the client's intake that is not handed in yet, or None."""
    found = Intake.objects.filter(client=client, handed_in_at=None)
    return found.select_related(*_ABOUT).defer(*sealed_at("appointment")).first()


def last_of(client: User) -> Intake | None:
    """Return the newest intake that was handed in, or None."""
    return handed_in(client).first()


def handed_in(client: User) -> QuerySet[Intake]:
    """Return all intakes that were handed in, the newest first."""
    return Intake.objects.filter(client=client, handed_in_at__isnull=False).order_by("-handed_in_at", "-id")


def newest_of(clients: Collection[int]) -> QuerySet[Intake]:
    """Return for each of these client ids the newest intake that was handed in."""
    theirs = Intake.objects.filter(client=OuterRef("client"), handed_in_at__isnull=False)
    newest = theirs.order_by("-handed_in_at", "-id").values("pk")[:1]
    return Intake.objects.filter(client__in=clients, pk=Subquery(newest))


def next_session(client: User, *, now: dt.datetime) -> Appointment | None:
    """Return the next session booked and not only claimed: writing an intake confirms its session."""
    return not_ended_of(client, now=now).exclude(unconfirmed_claims()).first()


def warning_signs(clients: QuerySet[User] | Collection[int]) -> QuerySet[Intake]:
    """Return intakes with a warning sign nobody has looked at, the oldest first. Nothing is decrypted."""
    found = Intake.objects.filter(client__in=clients, cleared_at__isnull=True).exclude(needs_human="")
    return (
        found.defer("answers", *sealed_at("appointment"))
        .select_related("client__correspondent", "appointment")
        .order_by("saved_at", "pk")
    )


def state_for(clients: Collection[int]) -> dict[int, bool]:
    """Return for each client who was asked for an intake whether one was handed in."""
    rows = Intake.objects.filter(client__in=clients).values_list("client_id", "handed_in_at").order_by()
    state: dict[int, bool] = {}
    for client, handed_in_at in rows:
        state[client] = state.get(client, False) or handed_in_at is not None
    return state


def link_is_over(intake: Intake, *, now: dt.datetime) -> bool:
    """Return whether the email's link no longer works: no session ahead."""
    session = intake.appointment
    return session is None or not session.is_upcoming(now)


def may_write(intake: Intake, *, user: object, browser: str, now: dt.datetime) -> bool:
    """Return whether this reader may see and write an open intake: the client, or the browser that began it.

    `browser`: its mark, "" for none.
    """
    if isinstance(user, User) and user.pk == intake.client_id:
        return True
    begun_by = read(intake.answers).browser
    return bool(begun_by) and not link_is_over(intake, now=now) and constant_time_compare(begun_by, browser)


_ABOUT = (
    *("client__correspondent", "appointment__client", "appointment__correspondent"),
    *("appointment__practitioner__user", "appointment__session_type"),
)
