"""Queries for a client's own questions: what each is about, and which answers are unread."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from portal.audio.position import at_place
from portal.models import Assignment, Question
from practice.core import formatting
from practice.models import User

PER_PAGE = 20


@dataclass(frozen=True)
class Pin:
    """The subject of a question: a title, a place in a lesson ("7:40"), and a link while it is open."""

    title: str
    at: str
    url: str


def questions_of(client: User, page: str | None) -> Page[Question]:
    """Return a page of the client's questions, the latest first; out of range, the nearest page."""
    return Paginator(_theirs(client), PER_PAGE).get_page(page)


def _theirs(client: User) -> QuerySet[Question]:
    given = Assignment.objects.filter(client=client, ended_at=None, lesson=OuterRef("lesson"))
    return (
        Question.objects.filter(client=client)
        .select_related("lesson", "exercise", "answered_by")
        .annotate(
            is_open=Q(exercise__is_published=True)
            | Q(lesson__is_published=True, lesson__is_free=True)
            | (Q(lesson__is_published=True) & Exists(given))
        )
    )


def pin_of(question: Question) -> Pin | None:
    """Return what a question read with `questions_of` is about, or None for nothing in particular."""
    what = question.lesson or question.exercise
    if what is None:
        return None
    at = (
        formatting.place_in_audio(question.at_ms / 1000)
        if question.lesson and question.at_ms is not None
        else ""
    )
    url = ""
    if question.is_open:  # type: ignore[attr-defined]
        url = reverse("portal_lesson" if question.lesson else "portal_exercise", args=[what.slug])
    return Pin(what.title, at, at_place(url, question.at_ms) if question.lesson else url)


def new_answer(client: User) -> Question | None:
    """Return the newest answer that the client has not marked as read, or None."""
    unseen = Question.objects.filter(client=client, answered_at__isnull=False, seen_at=None)
    return unseen.select_related("answered_by").order_by("-answered_at", "-id").first()
