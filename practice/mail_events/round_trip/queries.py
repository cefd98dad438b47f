"""The emails to ourselves that are known, and to which address they go."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Min, Q, QuerySet

from practice.health import heartbeat
from practice.mail.composing.headers import chosen_address
from practice.mail_events.queries import FROM_MAILBOX, MAILBOX
from practice.mail_events.round_trip.engine.proof import Trip, Verdict, decide
from practice.models import EmailEvent, Letter

State = Letter.State
KIND = "round_trip"
_BACK = Q(reports__what=EmailEvent.What.DELIVERED, reports__source=FROM_MAILBOX)


def own_mailbox() -> str:
    """Return the address of the mailbox that is read; "" where there is none, or no email leaves here.

    Without BOUNCE_ADDRESS bounces go to the sender, so it is the sender's mailbox that is read.
    """
    if settings.BOUNCE_MAILBOX is None or not settings.EMAIL_URL:
        return ""
    return settings.BOUNCE_ADDRESS or chosen_address()


def with_return() -> QuerySet[Any]:
    """Return the emails to ourselves, each with when it came back (`back_at`; None: it did not)."""
    return Letter.objects.filter(kind=KIND).annotate(back_at=Min("reports__at", filter=_BACK))


def trips() -> Sequence[Trip]:
    """Return what became of each email to ourselves, in one query."""
    found = with_return().order_by("due_at").values_list("state", "created_at", "sent_at", "back_at", "why")
    return [
        Trip(
            planned_at=created_at,
            sent_at=sent_at if state == State.SENT else None,
            back_at=back_at,
            has_failed=state in (State.CANCELLED, State.FAILED, State.MISSED),
            why=why,
        )
        for state, created_at, sent_at, back_at, why in found
    ]


def read_at() -> datetime | None:
    """Return when the mailbox was last read; None: never."""
    return heartbeat.last_beat(MAILBOX)


def verdict(now: datetime) -> Verdict:
    """Return what the emails to ourselves prove."""
    return decide(trips(), read_at=read_at(), now=now)
