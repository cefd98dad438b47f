"""Lesson pages: a lesson before, during and after it, and floor mode.

For a client the lesson's page is also where words are written before and after it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import queries
from portal.appointments.views import shown
from portal.audio.position import read_place
from portal.audio.serve import is_there
from portal.audio.transcript import clock
from portal.lessons import access, lesson_page
from portal.lessons.forms import WordsForm, words_form
from portal.lessons.library import finished_by, library_of
from portal.lessons.playback_token import ticket_for, words_ticket_for
from portal.lessons.posture_wording import wording_of
from portal.models import Lesson, LessonAudio
from portal.practice_log.queries import last_of
from practice.articles.markdown import render as markdown
from practice.articles.markdown import sections
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice, zone_of

OTHERS = 3  # lessons suggested at the end of one, with the next


@login_not_required
@require_safe
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a lesson's page: public and without a cookie for a free one, 404 for strangers otherwise."""
    found = access.lesson_for(request.user, slug)
    return render(request, "lessons/lesson.html", _page(request, found, back=reverse("lesson", args=[slug])))


@require_safe
def portal_lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the lesson inside the portal, where emails link to, through sign-in when needed."""
    found = access.lesson_for(request.user, slug)
    client = request.user
    if isinstance(client, User) and not client.is_staff:
        return lesson_of_client(request, client, found)
    back = reverse("portal_lesson", args=[slug])
    return render(request, "lessons/lesson.html", _page(request, found, back=back))


def lesson_of_client(
    request: HttpRequest,
    client: User,
    lesson: Lesson,
    *,
    form: WordsForm | None = None,
    question: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page on which a client reads, hears and writes.

    `form`, `question`: as they were sent, to be corrected.
    """
    now, practice = timezone.now(), the_practice()
    zone = zone_of(client.zone, practice=practice)
    page = _page(request, lesson, back=reverse("portal_lesson", args=[lesson.slug]))
    if form:
        form.fit(page["wording"])
    asked = request.GET.get("entry", "") or (form["entry"].value() if form else "")
    times = lesson_page.play_throughs(client, lesson, asked=str(asked or ""), now=now)
    uid = times.entry.uid if times.entry else uuid.uuid4()
    fresh = "" if times.entry or form else uid.hex  # a name nothing was written under yet
    if form is None:
        ticket = words_ticket_for(client, lesson, page["recording"], now=now)
        form = words_form(times.entry, uid=uid, ticket=ticket)
        form.fit(page["wording"])
    read_at = lesson_page.guidelines_read(client, lesson, now=now)
    given = lesson_page.given(client, lesson)
    rose_before = lesson_page.open_pain_before(client, lesson, times.entry)
    goes_on = bool(page["player"] and page["player"]["at"])
    coming = queries.next_appointment(client, now=now)
    page |= {
        "form": form,
        "entry": times.entry,
        "fresh": fresh,
        "times": times,
        "earlier": [{"when": _on(one.at, now, zone, practice.locale), "one": one} for one in times.earlier],
        "read_on": formatting.day_in_words(read_at.astimezone(zone).date(), locale=practice.locale)
        if read_at
        else "",
        "digest": lesson_page.digest_of(lesson),
        "given": given,
        "who": given.assigned_by.first_name if given else "",
        "plan": lesson_page.plan_of(client),
        "rose": lesson_page.open_pain(client, times.entry),
        "rose_before": rose_before,
        # Who goes on at a place, and knows what to keep in mind, lands where the sound is.
        "lands": goes_on and read_at is not None and not rose_before and not form.errors and question is None,
        "words_name": f"words{_whose(request)}",
        "question_name": f"question:{lesson.slug}{_whose(request)}",
        "question": question or {},
        "coming": coming and shown(coming, client, practice, now),
    }
    return render(request, "portal/lesson.html", page, status=status)


def _on(at: dt.datetime, now: dt.datetime, zone: ZoneInfo, locale: str) -> str:
    """Return when something was written, for a reader in `zone`: today by the clock, otherwise the day."""
    day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    if day == today:
        return _("today, %(time)s") % {"time": formatting.clock_time(at, zone, locale=locale)}
    return formatting.day_in_words(day, locale=locale, year=day.year != today.year)


@login_not_required
@require_safe
def floor(request: HttpRequest, slug: str) -> HttpResponse:
    """Show floor mode as a page of its own: dark, little to read, large controls."""
    found = access.lesson_for(request.user, slug)
    within = "lesson" if found.is_free and not request.user.is_authenticated else "portal_lesson"
    return render(request, "lessons/floor.html", _page(request, found, back=reverse(within, args=[slug])))


def _page(request: HttpRequest, lesson: Lesson, *, back: str) -> dict[str, Any]:
    recording = queries.current_recording(lesson)
    return {
        "lesson": lesson,
        "wording": wording_of(lesson.position),
        "back": back,
        "guidelines": sections(lesson.guidelines),
        "expectations": sections(lesson.expectations),
        "what_happened": markdown(lesson.what_happened),
        "parts": queries.words_of(recording) if recording else [],
        "recording": recording,
        "player": _player(request, recording) if recording and is_there(recording) else None,
        "share": _share(lesson) if lesson.is_free and lesson.is_published else None,
        **_on_from(request, lesson),
    }


def _player(request: HttpRequest, recording: LessonAudio) -> dict[str, Any]:
    """Return what the player needs. `place`, `speeds`: the names under which a browser keeps both."""
    slug = recording.lesson.slug
    at = read_place(request.GET.get("at", ""), duration_ms=recording.duration_ms)
    return {
        "url": reverse("lesson_audio", args=[slug, recording.sha256]),
        "sha256": recording.sha256,
        "seconds": recording.duration_ms // 1000,
        "length": clock(recording.duration_ms),
        "at": at,
        "at_words": clock((at or 0) * 1000),
        "place": f"place:{slug}{_whose(request)}",
        "speeds": f"speeds{_whose(request)}",
        "heard": _heard(request, recording),
    }


def _heard(request: HttpRequest, recording: LessonAudio) -> dict[str, Any] | None:
    """Return where a client's player reports what was heard, and what happened last, on any device.

    None unless a client is signed in. Times in ms since 1970 by the server's clock; `now` lets a device whose
    clock is wrong compare them.
    """
    client = request.user
    if not isinstance(client, User) or client.is_staff:
        return None
    now, last = timezone.now(), last_of(client, recording.lesson_id)
    return {
        "url": reverse("portal_heard", args=[recording.lesson.slug]),
        "ticket": ticket_for(client, recording, now=now),
        "queue": f"heard{_whose(request)}",
        "now": _in_ms(now),
        "last": last
        and {
            "entry": last.entry.uid.hex,
            "at": last.stop.at_ms // 1000,
            "when": _in_ms(last.stop.when),
            "done": last.stop.is_done,
        },
    }


def _in_ms(moment: dt.datetime) -> int:
    return int(moment.timestamp() * 1000)


def _whose(request: HttpRequest) -> str:
    """Return a suffix that separates two people on one phone, without saying who they are."""
    if not request.user.is_authenticated:
        return ""
    return ":" + salted_hmac("portal.place", str(request.user.pk)).hexdigest()[:12]


def _on_from(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    """Return the lesson that comes next, and others to suggest: the reader's own first, then free ones."""
    reader = request.user if isinstance(request.user, User) else None
    found = library_of(reader)
    following = found.following(lesson.slug, finished=finished_by(reader) if reader else frozenset())
    shown_already = {lesson.slug, following.lesson.slug if following else ""}
    others = [one for one in found.lessons if one.slug not in shown_already and one.minutes is not None]
    return {"following": following, "others": others[: OTHERS - bool(following)]}


def _share(lesson: Lesson) -> dict[str, str]:
    """Return a link to copy and a `mailto:` link; no address is asked for."""
    url = settings.SITE_URL + lesson.get_absolute_url()
    body = wording_of(lesson.position).shared % {"url": url}
    return {"url": url, "mail": f"mailto:?subject={quote(lesson.title)}&body={quote(body)}"}
