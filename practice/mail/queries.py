"""Queries about emails, for the health page, the workspace and the clients' pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import Now

from practice.models import Letter, User
from practice.models.written_queries import WrittenOnce

State = Letter.State
WAITING = (State.PLANNED, State.CLAIMED)
NEEDS_DECISION = (State.FAILED, State.UNKNOWN)
#: What was called off, or missed its time, was no letter to its reader.
NEVER_WENT = (State.CANCELLED, State.MISSED)


@dataclass(frozen=True)
class OtherEmail:
    """An email about the same thing as one that leaves, as its check reads it; without its words."""

    pk: int
    about: str
    user_id: int | None
    kind: str
    key: str
    state: str
    due_at: datetime
    event: Mapping[str, Any]


def _about(names: Sequence[str]) -> QuerySet[Letter, tuple[Any, ...]]:
    found = Letter.objects.filter(about__in=names).order_by("pk")
    return found.values_list(*(one.name for one in fields(OtherEmail)))


#: Asked for every email about an appointment that leaves: about it alone, or all that was booked with it.
_ABOUT_TWO = WrittenOnce(lambda one, other: _about([one, other]), one="one thing", other="another")


def read_about(*subjects: str) -> list[OtherEmail]:
    """Return every email about these things (values of `Letter.about`), to whomever, the oldest first."""
    more_than_two = subjects[2:]
    rows = _about(subjects) if more_than_two else _ABOUT_TWO.all(one=subjects[0], other=subjects[-1])
    return [OtherEmail(*row) for row in rows]


@dataclass(frozen=True)
class QueueState:
    """The state of the queue. Ages in whole seconds; None when nothing is due."""

    oldest_due_seconds: int | None
    due: int
    planned: int
    sending: int
    failed: int
    unknown: int


def queue_state(now: datetime) -> QueueState:
    """Return the age of the oldest due email, and counts. Reads open emails, never those that went.

    An email whose sender died counts as due: with all workers gone nobody would give it back.
    """
    left_lying = Q(state=State.CLAIMED, leased_until__lt=Now())
    waiting = Q(state=State.PLANNED, due_at__lte=now) | left_lying
    found = (
        Letter.objects.filter(state__in=(*WAITING, *NEEDS_DECISION))
        .order_by()
        .aggregate(
            oldest=Min("due_at", filter=waiting),
            due=Count("id", filter=waiting),
            planned=Count("id", filter=Q(state=State.PLANNED)),
            sending=Count("id", filter=Q(state=State.CLAIMED)),
            failed=Count("id", filter=Q(state=State.FAILED)),
            unknown=Count("id", filter=Q(state=State.UNKNOWN)),
        )
    )
    oldest = found.pop("oldest")
    return QueueState(oldest_due_seconds=int((now - oldest).total_seconds()) if oldest else None, **found)


def needing_decision(among: QuerySet[Letter] | None = None) -> QuerySet[Letter]:
    """Return emails, of all or of these, that failed or may have gone: "send again" or "leave it"."""
    letters = Letter.objects.select_related("user") if among is None else among
    return letters.filter(state__in=NEEDS_DECISION).order_by("-due_at", "-id")


def emails_about(*subjects: str) -> QuerySet[Letter]:
    """Return all emails about one thing, such as "appointment:<uid>", or several, the newest first."""
    return Letter.objects.filter(about__in=subjects).order_by("-due_at", "-id")


def sent_and_planned(*subjects: str, reader: User | None, category: str) -> QuerySet[Letter]:
    """Return sent emails to a reader about these things, then those to come; without the words."""
    letters = Letter.objects.filter(about__in=subjects, user=reader, category=category)
    return letters.exclude(state__in=NEVER_WENT).defer("attachments").order_by("due_at", "id")
