"""Lesson pages: a lesson before, during and after it, and floor mode.

For a client the lesson's page is also where words are written before and after it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.intake.wording import SINCE_WORDS
from portal import queries
from portal.appointments.views import shown
from portal.lessons import access, lesson_page
from portal.lessons.expectation_bands import sorted_for
from portal.lessons.forms import WordsForm, words_form
from portal.lessons.lesson_page import OpenedLesson, PlayThroughs
from portal.lessons.library import library_of
from portal.lessons.playback_token import words_ticket_for
from portal.lessons.views.page_context import OTHERS, page_of, whose
from portal.models import Lesson
from portal.visitor_questions.queries import shown_of
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice, zone_of
from practice.web.language import compressed

#: What a copy on the device leaves out: what leads elsewhere, changes from day to day, or was written before.
ONLY_HERE: dict[str, Any] = {
    **{"is_copy": True, "earlier": [], "coming": None, "following": None, "others": [], "share": None},
    **{"read_on": "", "lands": False, "plan": None},
}


def _kind_if_withdrawn(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view; to those who had a lesson that was taken back it says so, with 410 and not 404."""

    @wraps(view)
    def kind(request: HttpRequest, slug: str) -> HttpResponse:
        try:
            return view(request, slug)
        except access.Withdrawn as gone:
            client = request.user if isinstance(request.user, User) else None
            found = library_of(client)
            page = {
                "lesson": gone.found.lesson if client else None,
                "given": gone.found.assignment,
                "others": [one for one in found.lessons if one.minutes is not None][:OTHERS],
            }
            return render(request, "lessons/withdrawn.html", page, status=HTTPStatus.GONE)

    return kind


@login_not_required
@compressed
@require_safe
@_kind_if_withdrawn
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a lesson's page: public and without a cookie for a free one, 404 for strangers otherwise."""
    found = access.lesson_for(request.user, slug)
    page = page_of(request, found, back=reverse("lesson", args=[slug]))
    page["asked"] = shown_of(found.lesson) if found.lesson.is_free else []
    return render(request, "lessons/lesson.html", page)


@compressed
@require_safe
@_kind_if_withdrawn
def portal_lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the lesson inside the portal, where emails link to, through sign-in when needed."""
    found = access.lesson_for(request.user, slug)
    client = request.user
    if isinstance(client, User) and not client.is_staff:
        return _client_page(request, client, found)
    back = reverse("portal_lesson", args=[slug])
    return render(request, "lessons/lesson.html", page_of(request, found, back=back))


def lesson_of_client(
    request: HttpRequest,
    client: User,
    lesson: Lesson,
    *,
    form: WordsForm | None = None,
    question: dict[str, str] | None = None,
    status: int = 200,
    is_copy: bool = False,
) -> HttpResponse:
    """Show the page on which a client reads, hears and writes.

    `form`, `question`: as they were sent, to be corrected. `is_copy`: the page is to be kept on the device.
    """
    found = lesson_page.opened(client, lesson.slug)
    assert found is not None  # its row was just read
    return _client_page(request, client, found, form=form, question=question, status=status, is_copy=is_copy)


def _client_page(
    request: HttpRequest,
    client: User,
    found: OpenedLesson,
    *,
    form: WordsForm | None = None,
    question: dict[str, str] | None = None,
    status: int = 200,
    is_copy: bool = False,
) -> HttpResponse:
    now, practice, lesson = timezone.now(), the_practice(), found.lesson
    zone = zone_of(client.zone, practice=practice)
    asked = "new" if is_copy else request.GET.get("entry", "") or (form["entry"].value() if form else "")
    times = lesson_page.play_throughs(client, lesson, asked=str(asked or ""), now=now)
    page = page_of(request, found, back=reverse("portal_lesson", args=[lesson.slug]), times=times)
    if form:
        form.fit(page["wording"])
    uid = times.entry.uid if times.entry else uuid.uuid4()
    fresh = "" if times.entry or form else uid.hex  # a name nothing was written under yet
    if form is None:
        ticket = words_ticket_for(client, lesson, page["recording"], now=now)
        form = words_form(times.entry, uid=uid, ticket=ticket)
        form.fit(page["wording"])
    read_at, given = found.guidelines_read(now=now), found.assignment
    goes_on = bool(page["player"] and page["player"]["at"])
    coming = queries.next_appointment(client, now=now)
    theirs, others = sorted_for(page["expectations"], found.since)
    page |= {
        "expectations": theirs,
        "expectations_of_others": others,
        "since": SINCE_WORDS.get(found.since, "") if others else "",
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
        "rose": times.rose,
        "rose_before": times.rose_before,
        # Who goes on at a place, and knows what to keep in mind, lands where the sound is.
        "lands": goes_on
        and read_at is not None
        and not times.rose_before
        and not form.errors
        and question is None,
        "words_name": f"words{whose(request)}",
        "question_name": f"question:{lesson.slug}{whose(request)}",
        "asked_name": f"asked{whose(request)}",
        "question": question or {},
        "coming": coming and shown(coming, client, practice, now, address=""),
    }
    return render(request, "portal/lesson.html", as_copy(page) if is_copy else page, status=status)


def as_copy(page: dict[str, Any]) -> dict[str, Any]:
    """Return the page as a device keeps it; where one stopped last is known better there."""
    if page["player"] and page["player"]["heard"]:
        page["player"]["heard"]["last"] = None
    return page | ONLY_HERE


def _on(at: dt.datetime, now: dt.datetime, zone: ZoneInfo, locale: str) -> str:
    """Return when something was written, for a reader in `zone`: today by the clock, otherwise the day."""
    day, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    if day == today:
        return _("today, %(time)s") % {"time": formatting.clock_time(at, zone, locale=locale)}
    return formatting.day_in_words(day, locale=locale, year=day.year != today.year)


@login_not_required
@compressed
@require_safe
@_kind_if_withdrawn
def floor(request: HttpRequest, slug: str) -> HttpResponse:
    """Show floor mode as a page of its own: dark, little to read, large controls."""
    found = access.lesson_for(request.user, slug)
    within = "lesson" if found.lesson.is_free and not request.user.is_authenticated else "portal_lesson"
    return render(request, "lessons/floor.html", page_of(request, found, back=reverse(within, args=[slug])))


def as_a_client_sees_it(request: HttpRequest, lesson: Lesson) -> dict[str, Any]:
    """Return what fills the page of a client who opens the lesson for the first time; nothing is kept."""
    form = words_form(None, uid=uuid.uuid4(), ticket="")
    found = lesson_page.opened(None, lesson.slug)
    assert found is not None  # its row was just read
    found = replace(found, lesson=lesson)  # with the texts as they are shown here
    page = page_of(request, found, back=reverse("portal_lesson", args=[lesson.slug]))
    form.fit(page["wording"])
    times = PlayThroughs(None, 1, [], last=None, rose=False, rose_before=False)
    return page | {"form": form, "times": times, "digest": lesson_page.digest_of(lesson), "question": {}}
