"""Who may open a lesson and hear its recording. Strangers get 404: nobody is told that something exists."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import Http404

from portal.models import Assignment, Lesson, LessonAudio
from practice.models import User

Somebody = User | AnonymousUser
STILL_SENT = dt.timedelta(hours=24)  # a phone in a drawer may tell of yesterday


class SignInNeeded(Exception):
    """A recording that is not free was asked for without a session: 401, so that the player can say so."""


def is_staff(somebody: Somebody) -> bool:
    """Works here. An anonymous visitor does not."""
    return bool(somebody.is_authenticated and somebody.is_staff)


def may_hear(somebody: Somebody, lesson: Lesson) -> bool:
    """A free lesson: anybody. Otherwise: staff, and clients to whom it is assigned now.

    For a free lesson `somebody` is not looked at: its page and sound then do not depend on a session.
    """
    if lesson.is_published and lesson.is_free:
        return True
    if not somebody.is_authenticated:
        return False
    return somebody.is_staff or (lesson.is_published and _assigned(somebody, lesson))


def _assigned(user: User | AnonymousUser, lesson: Lesson) -> bool:
    return Assignment.objects.filter(client_id=user.pk, lesson=lesson, ended_at=None).exists()


def lesson_for(somebody: Somebody, slug: str) -> Lesson:
    """The lesson of that slug, for somebody who may hear it. Raises Http404."""
    lesson = Lesson.objects.filter(slug=slug).first()
    if lesson is None or not may_hear(somebody, lesson):
        raise Http404("no such lesson for you")
    return lesson


def recording_for(somebody: Somebody, slug: str, sha256: str) -> LessonAudio:
    """The recording of that lesson with that content, current or replaced.

    A replaced one is served on under its own address: whoever is in the middle of it may finish, and pages
    and segments that name it stay true. To withdraw it, delete its row.

    Raises Http404, or SignInNeeded where a session may help.
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
    """The lesson a client may say to have heard. One taken back may be told of for another day.

    Raises Http404.
    """
    lesson = Lesson.objects.filter(slug=slug, is_published=True).first()
    if lesson is None or not (lesson.is_free or _lately_assigned(client, lesson, now)):
        raise Http404("no such lesson for you")
    return lesson


def _lately_assigned(client: User, lesson: Lesson, now: dt.datetime) -> bool:
    live_or_late = Q(ended_at=None) | Q(ended_at__gt=now - STILL_SENT)
    return Assignment.objects.filter(live_or_late, client=client, lesson=lesson).exists()
