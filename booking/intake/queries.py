"""Reads of intakes: whose is open, what was handed in, and who may write by a letter's link.

The link alone is not enough to *read*: a letter is forwarded, lies open on a desk, stands in the ledger of
letters where the front desk sees it. So its holder may begin an intake nobody has written in, and from the
first word on it shows itself only to the browser that wrote it, or to the client, signed in by a code sent to
their address. The link writes until the session begins or is cancelled; what was handed in it never shows. It
goes out by letter alone: whoever books with somebody else's address must not come to write in their record.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.crypto import constant_time_compare

from booking.access import unproved
from booking.intake.answers import read
from booking.models import Appointment, Intake, sealed_at
from booking.queries import upcoming_of
from booking.states import STANDS
from practice.models import User


def open_of(client: User) -> Intake | None:
    """The one that is not handed in yet."""
    found = Intake.objects.filter(client=client, handed_in_at=None)
    return found.select_related(*_ABOUT).defer(*sealed_at("appointment")).first()


def last_of(client: User) -> Intake | None:
    """The newest that was handed in."""
    return handed_in(client).first()


def handed_in(client: User) -> QuerySet[Intake]:
    """All that was handed in, the newest first."""
    return Intake.objects.filter(client=client, handed_in_at__isnull=False).order_by("-handed_in_at", "-id")


def newest_of(clients: Collection[int]) -> QuerySet[Intake]:
    """Of each of these ids the newest that was handed in."""
    theirs = Intake.objects.filter(client=OuterRef("client"), handed_in_at__isnull=False)
    newest = theirs.order_by("-handed_in_at", "-id").values("pk")[:1]
    return Intake.objects.filter(client__in=clients, pk=Subquery(newest))


def was_handed_in(client: User) -> bool:
    """Whether this client ever handed one in."""
    return handed_in(client).exists()


def next_session(client: User, *, now: dt.datetime) -> Appointment | None:
    """What is booked next, and not only claimed by somebody else: writing an intake confirms its session."""
    return upcoming_of(client, now=now).exclude(unproved()).first()


def warning_signs(clients: QuerySet[User] | Collection[int]) -> QuerySet[Intake]:
    """Warning signs at which nobody has looked yet, the oldest first. Nothing is unsealed for it."""
    found = Intake.objects.filter(client__in=clients, cleared_at__isnull=True).exclude(needs_human="")
    return (
        found.defer("answers", *sealed_at("appointment"))
        .select_related("client__correspondent", "appointment")
        .order_by("saved_at", "pk")
    )


def state_for(clients: Collection[int]) -> dict[int, bool]:
    """Of each client who was asked for an intake: whether one was handed in."""
    rows = Intake.objects.filter(client__in=clients).values_list("client_id", "handed_in_at").order_by()
    state: dict[int, bool] = {}
    for client, handed_in_at in rows:
        state[client] = state.get(client, False) or handed_in_at is not None
    return state


def link_is_over(intake: Intake, *, now: dt.datetime) -> bool:
    """Whether the letter's link writes no more: no session ahead."""
    session = intake.appointment
    return session is None or session.state not in STANDS or session.starts_at <= now


def may_write(intake: Intake, *, user: object, browser: str, now: dt.datetime) -> bool:
    """Whether this reader may see and write what is not handed in: the client, or the browser that began it.

    browser: its mark, "" for none.
    """
    if isinstance(user, User) and user.pk == intake.client_id:
        return True
    begun_by = read(intake.answers).browser
    return bool(begun_by) and not link_is_over(intake, now=now) and constant_time_compare(begun_by, browser)


_ABOUT = (
    *("client__correspondent", "appointment__client", "appointment__correspondent"),
    *("appointment__practitioner__user", "appointment__session_type"),
)
