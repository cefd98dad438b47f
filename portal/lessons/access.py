"""Access to lessons and recordings. People without access get 404, so that nobody learns what exists."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404

from portal.lessons.lesson_page import OpenedLesson, opened
from portal.models import Assignment, Lesson, LessonAudio
from practice.models import User
from practice.models.written_queries import WrittenOnce

Listener = User | AnonymousUser
#: What it takes to serve a piece of a recording.
_RECORDING = WrittenOnce(
    lambda slug, sha256: LessonAudio.objects.filter(lesson__slug=slug, sha256=sha256).values_list(
        *("lesson_id", "lesson__is_free", "lesson__is_published"),
        *("file", "content_type", "size", "duration_ms"),
    ),
    slug="a-slug",
    sha256="a-sha",
)
_ASSIGNED = WrittenOnce(
    lambda client, lesson: Assignment.objects.filter(
        client_id=client, lesson_id=lesson, ended_at=None
    ).values_list("pk"),
    client=-11,
    lesson=-22,
)
STILL_SENT = dt.timedelta(hours=24)  # a phone in a drawer may tell of yesterday


class Withdrawn(Http404):
    """Raised for a lesson that was taken back, to somebody who could hear it before. `found`: which one.

    A page that does not catch it is not found.
    """

    def __init__(self, found: OpenedLesson) -> None:
        self.found = found
        super().__init__("the lesson was withdrawn")


class SignInNeeded(Exception):
    """Raised when a recording that is not free is asked for without a session; answered with 401."""


def is_staff(somebody: Listener) -> bool:
    """Return whether somebody works here; an anonymous visitor does not."""
    return bool(somebody.is_authenticated and somebody.is_staff)


def may_hear(somebody: Listener, lesson: Lesson, *, is_assigned: bool | None = None) -> bool:
    """Return whether somebody may hear a lesson: free for anybody, else staff and assigned clients.

    For a free lesson `somebody` is not looked at: its page and sound then do not depend on a session.
    `is_assigned`: to them; None where it is to be looked up.
    """
    if lesson.is_published and lesson.is_free:
        return True
    if not somebody.is_authenticated:
        return False
    if somebody.is_staff or not lesson.is_published:
        return somebody.is_staff
    if is_assigned is not None:
        return is_assigned
    return _ASSIGNED.first(client=somebody.pk, lesson=lesson.pk) is not None


def lesson_for(somebody: Listener, slug: str) -> OpenedLesson:
    """Return the lesson of that slug, for somebody who may hear it.

    Raises Withdrawn for somebody who could hear it until it was taken back, else Http404.
    """
    found = opened(somebody if isinstance(somebody, User) else None, slug)
    if found is None:
        raise Http404("no such lesson for you")
    is_assigned = found.assignment is not None
    if not may_hear(somebody, found.lesson, is_assigned=is_assigned):
        if found.lesson.withdrawn_at and (found.lesson.is_free or is_assigned):
            raise Withdrawn(found)
        raise Http404("no such lesson for you")
    return found


def recording_for(somebody: Listener, slug: str, sha256: str) -> LessonAudio:
    """Return the recording of that lesson with that content, current or replaced.

    A replaced one is served on under its own address: who is in the middle of it may finish, and pages and
    segments that name it stay true. To withdraw it, delete its row. Raises Http404, or SignInNeeded where a
    session may help.
    """
    found = _RECORDING.first(slug=slug, sha256=sha256)
    if found is None:
        raise Http404("no such recording")
    lesson = Lesson(pk=found[0], slug=slug, is_free=bool(found[1]), is_published=bool(found[2]))
    facts = zip(("file", "content_type", "size", "duration_ms"), found[3:])
    recording = LessonAudio(lesson=lesson, sha256=sha256, **dict(facts))
    if not may_hear(somebody, lesson):
        if not somebody.is_authenticated and recording.lesson.is_published:
            raise SignInNeeded
        raise Http404("no such recording for you")
    return recording


def lesson_heard(client: User, slug: str, *, now: dt.datetime) -> Lesson:
    """Return a lesson a client may report as heard, up to 24 h after it was unassigned or withdrawn.

    Raises Http404.
    """
    still_there = Q(is_published=True) | Q(withdrawn_at__gt=now - STILL_SENT)
    lesson = Lesson.objects.filter(still_there, slug=slug).first()
    if lesson is None or not (lesson.is_free or _lately_assigned(client, lesson, now)):
        raise Http404("no such lesson for you")
    return lesson


def _lately_assigned(client: User, lesson: Lesson, now: dt.datetime) -> bool:
    live_or_late = Q(ended_at=None) | Q(ended_at__gt=now - STILL_SENT)
    return Assignment.objects.filter(live_or_late, client=client, lesson=lesson).exists()
