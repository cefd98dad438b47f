"""The workspace's calendar: the boards of a week and of a day, and the page that opens first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from booking.access import practitioners_for
from booking.appointments.views.request_params import day_in
from booking.appointments.workspace_views.undo import undoable_by
from booking.schedule import wording
from booking.schedule.actions import choose_first_page
from booking.schedule.board import Boards, Question, boards
from booking.schedule.day_line import DayLine, View
from booking.schedule.queries import rooms_of
from booking.schedule.version import version_of
from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.core import formatting
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice

PAGES = {User.OpensFirst.TODAY: "workspace", User.OpensFirst.WEEK: "workspace_week"}
FIRST_YEAR, LAST_YEAR = 1900, 2200  # whose days have no hours that can be reckoned (`clock.day_bounds`)
MOST_ROOMY = 3  # people whose boards are tall enough for two lines


@staff_only
@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """Show a week as boards: one for each day and person, or room."""
    return _page(request, "workspace_week")


@staff_only
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Show one day as boards, one for each person or room, with more words on them."""
    return _page(request, "workspace_day")


@staff_only
@require_safe
def board_version(request: HttpRequest) -> HttpResponse:
    """Return the version of the boards that the same address shows; 304 while it is the reader’s own.

    Asked every few seconds by `board.js`: it reads two small queries and answers at once.
    """
    view: View = "workspace_day" if request.GET.get("page") == "day" else "workspace_week"
    version = version_of(asked_in(request, view).question)
    etag = f'"{version}"'
    answer = get_conditional_response(request, etag=etag)
    answer = answer or HttpResponse(version, content_type="text/plain; charset=utf-8")
    answer["ETag"], answer["Cache-Control"] = etag, "private, no-cache"
    return answer


@dataclass(frozen=True)
class BoardRequest:
    """What a request for boards asks for. `one`: the only practitioner it names, if it names one."""

    question: Question
    shown: dt.date
    today: dt.date
    one: Practitioner | None
    has_rooms: bool


def asked_in(request: HttpRequest, view: View) -> BoardRequest:
    """Return whose boards of which days a request asks for, as far as its reader sees them."""
    user, practice, now = require_staff(request), the_practice(), timezone.now()
    zone, locale = practice_zone(practice), practice.locale
    today = now.astimezone(zone).date()
    shown = day_asked(request) or today
    everybody = practitioners_for(user)
    one = next((one for one in everybody if one.slug == request.GET.get("with")), None)
    rooms = rooms_of(everybody, everything=rows.may_all(user, "appointments"))
    by_room = request.GET.get("view") == "rooms" and bool(rooms)
    question = Question(
        everybody if by_room or one is None else [one],
        everybody,
        days_of(shown, view, locale),
        *(zone, locale, now),
        rooms=rooms if by_room else None,
        may_move=rows.may(user, "appointments", "change"),
    )
    return BoardRequest(question, shown, today, None if by_room else one, bool(rooms))


def _page(request: HttpRequest, view: View) -> HttpResponse:
    user, wish = require_staff(request), asked_in(request, view)
    asked = wish.question
    line = DayLine(
        *(view, wish.shown, wish.today, asked.locale, list(asked.known)),
        one=wish.one,
        has_rooms=wish.has_rooms,
        by_room=asked.rooms is not None,
    )
    page = {
        "line": line,
        "opens_week": user.opens_first == User.OpensFirst.WEEK,
        "undo": undoable_by(user, now=asked.now),
        "may_block": rows.may(user, "closures", "change"),
    }
    return render(request, "workspace/boards.html", {**page, **_boards(asked, view)})


def day_asked(request: HttpRequest) -> dt.date | None:
    """Return the day in the address; None for none, and for one whose hours cannot be reckoned."""
    day = day_in(request.GET.get("day", ""))
    return day if day and FIRST_YEAR < day.year < LAST_YEAR else None


def _boards(asked: Question, view: View) -> dict[str, Any]:
    """Return what the page shows of the boards."""
    version = version_of(asked)  # before the boards: what changes in between is drawn once more
    found = boards(asked)
    return {
        "boards": found,
        "days": [(each, wording.heading_of(each.wall, asked.locale)) for each in found.days],
        "title": title_of(asked.days, asked.locale),
        "css": css_of(found, view, crowded=len(asked.people) > MOST_ROOMY),
        "is_week": view == "workspace_week",
        "by_room": asked.rooms is not None,
        "marks": wording.hour_marks(found.first, found.until, asked.locale),
        "notes": wording.zone_notes(asked.people, asked.zone, at=asked.now, locale=asked.locale),
        "zone": asked.zone,
        "version": version,
    }


def days_of(shown: dt.date, view: View, locale: str) -> list[dt.date]:
    """Return the days on the page: one, or those of its week."""
    if view == "workspace_day":
        return [shown]
    first = formatting.week_of(shown, locale=locale)
    return [first + dt.timedelta(days=number) for number in range(7)]


def css_of(found: Boards, view: View, *, crowded: bool) -> str:
    """Return the classes of all boards: when they begin, how long they are, and how tall."""
    css = f"week--from-{found.first // 60} week--hours-{(found.until - found.first) // 60}"
    if view == "workspace_day":
        return f"{css} week--day"
    return f"{css} week--crowded" if crowded else css


def title_of(days: Sequence[dt.date], locale: str) -> str:
    """Return the page's heading: a day, or the dates of a week."""
    if len(days) == 1:
        return formatting.day_in_words(days[0], locale=locale)
    return formatting.date_span(days[0], days[-1], locale=locale)


@staff_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_page(request: HttpRequest) -> HttpResponse:
    """Lead to the page that opens first; POST saves which one that is, and leads there.

    On a phone it is Today. A server does not know the screen, but browsers say whether they are on a phone:
    Chromium's in a header of its own, all others by "Mobi" in their name.
    """
    user = require_staff(request)
    if request.method == "POST":
        page = request.POST.get("page", "")
        if page in PAGES:
            choose_first_page(user, page)
            return redirect(PAGES[User.OpensFirst(page)])
    wanted = User.OpensFirst.TODAY if on_a_phone(request) else User.OpensFirst(user.opens_first)
    answer = redirect(PAGES[wanted])
    patch_vary_headers(answer, ["Sec-CH-UA-Mobile", "User-Agent"])
    return answer


def on_a_phone(request: HttpRequest) -> bool:
    """Return whether the browser says that it is on a phone."""
    said = request.headers.get("Sec-CH-UA-Mobile", "")
    return said == "?1" if said else "Mobi" in request.headers.get("User-Agent", "")
