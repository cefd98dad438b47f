"""Access to lessons and recordings. People without access get 404, so that nobody learns what exists."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404

from portal.models import Assignment, Lesson, LessonAudio
from practice.models import User

Listener = User | AnonymousUser
STILL_SENT = dt.timedelta(hours=24)  # a phone in a drawer may tell of yesterday


class SignInNeeded(Exception):
    """Raised when a recording that is not free is asked for without a session; answered with 401."""


def is_staff(somebody: Listener) -> bool:
    """Return whether somebody works here; an anonymous visitor does not."""
    return bool(somebody.is_authenticated and somebody.is_staff)


def may_hear(somebody: Listener, lesson: Lesson) -> bool:
    """Return whether somebody may hear a lesson: free for anybody, else staff and assigned clients.

    For a free lesson `somebody` is not looked at: its page and sound then do not depend on a session.
    """
    if lesson.is_published and lesson.is_free:
        return True
    if not somebody.is_authenticated:
        return False
    return somebody.is_staff or (lesson.is_published and _assigned(somebody, lesson))


def _assigned(user: User | AnonymousUser, lesson: Lesson) -> bool:
    return Assignment.objects.filter(client_id=user.pk, lesson=lesson, ended_at=None).exists()


def lesson_for(somebody: Listener, slug: str) -> Lesson:
    """Return the lesson of that slug, for somebody who may hear it. Raises Http404."""
    lesson = Lesson.objects.filter(slug=slug).first()
    if lesson is None or not may_hear(somebody, lesson):
        raise Http404("no such lesson for you")
    return lesson


def recording_for(somebody: Listener, slug: str, sha256: str) -> LessonAudio:
    """Return the recording of that lesson with that content, current or replaced.

    A replaced one is served on under its own address: who is in the middle of it may finish, and pages and
    segments that name it stay true. To withdraw it, delete its row. Raises Http404, or SignInNeeded where a
    session may help.
    """
    recording = LessonAudio.objects.select_related("lesson").filter(lesson__slug=slug, sha256=sha256).first()
    if recording is None:
        raise Http404("no such recording")
    if not may_hear(somebody, recording.lesson):
        if not somebody.is_authenticated and recording.lesson.is_published:
            raise SignInNeeded
        raise Http404("no such recording for you")
    return recording


def lesson_heard(client: User, slug: str, *, now: dt.datetime) -> Lesson:
    """Return a lesson a client may report as heard, up to 24 h after it was unassigned. Raises Http404."""
    lesson = Lesson.objects.filter(slug=slug, is_published=True).first()
    if lesson is None or not (lesson.is_free or _lately_assigned(client, lesson, now)):
        raise Http404("no such lesson for you")
    return lesson


def _lately_assigned(client: User, lesson: Lesson, now: dt.datetime) -> bool:
    live_or_late = Q(ended_at=None) | Q(ended_at__gt=now - STILL_SENT)
    return Assignment.objects.filter(live_or_late, client=client, lesson=lesson).exists()
