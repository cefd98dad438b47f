"""Queries for visitors' questions: those that wait, and those that everyone may read."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from portal.models import Lesson, VisitorQuestion

LISTED = 50
SHOWN = 12
State = VisitorQuestion.State


def waiting() -> QuerySet[VisitorQuestion]:
    """Return the questions that wait for an answer, the oldest first."""
    found = VisitorQuestion.objects.filter(state=State.WAITING).select_related("lesson")
    return found.order_by("asked_at", "id")


def lately(*, since: dt.datetime) -> tuple[list[VisitorQuestion], list[VisitorQuestion]]:
    """Return questions that wait, the oldest first, and those asked since then that do not, latest first."""
    found = VisitorQuestion.objects.filter(Q(state=State.WAITING) | Q(asked_at__gte=since))
    rows = list(found.select_related("lesson").order_by("-asked_at", "-id")[: 2 * LISTED])
    open_ones = [one for one in reversed(rows) if one.state == State.WAITING]
    return open_ones[:LISTED], [one for one in rows if one.state != State.WAITING][:LISTED]


def shown_of(lesson: Lesson) -> list[VisitorQuestion]:
    """Return the questions on a lesson's page, the newest first."""
    found = VisitorQuestion.objects.filter(lesson=lesson, shown_at__isnull=False)
    found = found.only("shown_question", "shown_answer", "lesson")
    return list(found.order_by("-shown_at", "-id")[:SHOWN])
