"""Lessons: the public list, a lesson before, during and after, and the same lying on the floor."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import access, queries
from portal.audio.serve import is_there
from portal.models import Lesson, LessonAudio
from portal.practised import go_on
from portal.tickets import ticket_for
from portal.transcript import clock
from practice.markdown import render as markdown
from practice.markdown import sections
from practice.models import User

OTHERS = 3


@login_not_required
@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    """What everybody may hear."""
    return render(request, "lessons/list.html", {"lessons": queries.free_lessons()})


@login_not_required
@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """A lesson's page: public and without a cookie for a free one, 404 for strangers otherwise."""
    found = access.lesson_for(request.user, slug)
    return render(request, "lessons/lesson.html", _page(request, found, back=reverse("lesson", args=[slug])))


@require_safe
def portal_lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """The same inside the client's own pages: where letters lead, through signing in when needed."""
    found = access.lesson_for(request.user, slug)
    back = reverse("portal_lesson", args=[slug])
    return render(request, "lessons/lesson.html", _page(request, found, back=back))


@login_not_required
@require_safe
def floor(request: HttpRequest, slug: str) -> HttpResponse:
    """Floor mode as a page of its own: dark, nothing to read, big keys."""
    found = access.lesson_for(request.user, slug)
    within = "lesson" if found.is_free and not request.user.is_authenticated else "portal_lesson"
    return render(request, "lessons/floor.html", _page(request, found, back=reverse(within, args=[slug])))


def _page(request: HttpRequest, lesson: Lesson, *, back: str) -> dict[str, Any]:
    recording = queries.current_recording(lesson)
    return {
        "lesson": lesson,
        "back": back,
        "guidelines": sections(lesson.guidelines),
        "expectations": sections(lesson.expectations),
        "what_happened": markdown(lesson.what_happened),
        "parts": queries.words_of(recording) if recording else [],
        "recording": recording,
        "player": _player(request, recording) if recording and is_there(recording) else None,
        "others": _others(request, lesson),
        "share": _share(lesson) if lesson.is_free and lesson.is_published else None,
    }


def _player(request: HttpRequest, recording: LessonAudio) -> dict[str, Any]:
    """What the player needs. `place` names where this browser remembers how far one came."""
    slug = recording.lesson.slug
    return {
        "url": reverse("lesson_audio", args=[slug, recording.sha256]),
        "sha256": recording.sha256,
        "seconds": recording.duration_ms // 1000,
        "length": clock(recording.duration_ms),
        "place": f"place:{slug}{_whose(request)}",
        "heard": _heard(request, recording),
    }


def _heard(request: HttpRequest, recording: LessonAudio) -> dict[str, Any] | None:
    """Where and how a client's player tells what was heard, and where they stopped, perhaps elsewhere."""
    client = request.user
    if not isinstance(client, User) or client.is_staff:
        return None
    before = go_on(client, recording)
    return {
        "url": reverse("portal_heard", args=[recording.lesson.slug]),
        "ticket": ticket_for(client, recording, now=timezone.now()),
        "queue": f"heard{_whose(request)}",
        "continues": before.entry.uid.hex if before else "",
        "stopped_at": before.stop.at_ms // 1000 if before else "",
        "stopped_when": int(before.stop.when.timestamp() * 1000) if before else "",
    }


def _whose(request: HttpRequest) -> str:
    """Two people on one phone each have their own place; the name tells nobody who they are."""
    if not request.user.is_authenticated:
        return ""
    return ":" + salted_hmac("portal.place", str(request.user.pk)).hexdigest()[:12]


def _others(request: HttpRequest, lesson: Lesson) -> list[queries.ListedLesson]:
    """Another one to lie down with: one's own first, then free ones."""
    own = queries.assigned_lessons(request.user) if request.user.is_authenticated else []
    known = {lesson.slug} | {one.slug for one in own}
    free = [one for one in queries.free_lessons() if one.slug not in known]
    return [one for one in [*own, *free] if one.slug != lesson.slug and one.minutes is not None][:OTHERS]


def _share(lesson: Lesson) -> dict[str, str]:
    """A link to copy, and a letter one may send oneself; nobody's address is asked."""
    url = settings.SITE_URL + lesson.get_absolute_url()
    body = _("A quiet lesson, to be done lying on the floor. Free, no account: %(url)s") % {"url": url}
    return {"url": url, "mail": f"mailto:?subject={quote(lesson.title)}&body={quote(body)}"}
