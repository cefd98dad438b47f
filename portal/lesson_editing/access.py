"""Who may open the pages where lessons are edited, and the lesson that one is about."""

from __future__ import annotations

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.crypto import salted_hmac

from portal.models import Collection, Lesson
from practice.access import rows
from practice.access.pages import require_staff
from practice.models import User


def may_edit(request: HttpRequest) -> User:
    """Return the person who may change lessons and collections. Raises Http404 for all others."""
    user = require_staff(request)
    if not rows.may(user, "teaching", "change"):
        raise Http404
    return user


def edited_lesson(request: HttpRequest, slug: str) -> tuple[User, Lesson]:
    """Return who edits, and the lesson. Raises Http404."""
    return may_edit(request), get_object_or_404(Lesson, slug=slug)


def edited_collection(request: HttpRequest, slug: str) -> Collection:
    """Return the collection, to those who may change it. Raises Http404."""
    may_edit(request)
    return get_object_or_404(Collection, slug=slug)


def kept_under(user: User, lesson: Lesson) -> str:
    """Return the name under which a browser keeps texts that are not saved yet."""
    return "lesson-" + salted_hmac("lesson-texts", f"{user.pk} {lesson.pk}").hexdigest()[:32]
