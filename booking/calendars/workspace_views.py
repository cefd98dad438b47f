"""The workspace page of other calendars and feeds: a practitioner's own; for the owner all calendars."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.access import keeps_calendars_of, practitioners_for, zone_at_work
from booking.calendars.actions import imported
from booking.calendars.actions.feeds import new_feed, revoke
from booking.calendars.feeds import feeds_of
from booking.calendars.queries import SHOWN_AFTER, calendars_of, days_ahead
from booking.errors import CalendarUnfit
from booking.models import CalendarFeed, ImportedCalendar
from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.models import Practitioner, User
from practice.security.crypto import Unreadable


def own_practitioners(user: User) -> list[Practitioner]:
    """Return the practitioners whose calendars this person keeps; 404 for the front desk."""
    if not rows.may(user, "calendars"):
        raise Http404
    return [person for person in practitioners_for(user) if keeps_calendars_of(user, person)]


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_calendars(request: HttpRequest) -> HttpResponse:
    """Show calendars and feeds; POST adds one."""
    user, now = require_staff(request), timezone.now()
    people = own_practitioners(user)
    told: dict[str, Any] = {}
    if request.method == "POST":
        person = next((one for one in people if one.slug == request.POST.get("practitioner", "")), None)
        if person is None:
            told["wrong"] = _("Please choose whose calendar it is.")
        elif "feed" in request.POST:
            shows = request.POST.get("shows", "")
            shows = shows if shows in CalendarFeed.Shows.values else CalendarFeed.Shows.INITIALS
            _feed, told["address"] = new_feed(user, practitioner=person, shows=shows)
        else:
            try:
                imported.add(
                    person,
                    url=request.POST.get("url", ""),
                    name=request.POST.get("name", ""),
                    now=now,
                )
            except CalendarUnfit as refusal:
                told["wrong"] = refusal.message
            else:
                messages.success(request, _("We’ll read it within a minute."))
                return redirect("workspace_calendars")
    return calendars_page(request, people, now, **told)


def calendars_page(
    request: HttpRequest,
    people: list[Practitioner],
    now: dt.datetime,
    *,
    wrong: str = "",
    address: str = "",
    wrong_choice: tuple[int, str] = (0, ""),
) -> HttpResponse:
    """Show the page. `wrong`: why a calendar was not added; `wrong_choice`: which one, and why not."""
    user = require_staff(request)
    zone = zone_at_work(user)
    page = {
        "people": people,
        "several": len(people) > 1,
        "days": days_ahead(),
        "rows": [row(one, now, zone, wrong_choice, request) for one in calendars_of(people, now=now)],
        "feeds": feeds_of(user).filter(practitioner__isnull=False),
        "shows": CalendarFeed.Shows.choices,
        "zone": zone,
        "wrong": wrong,
        "typed": {name: request.POST.get(name, "")[:2000] for name in ("url", "name")},
        "address": address,
    }
    return render(request, "workspace/calendars.html", page, status=422 if wrong or wrong_choice[1] else 200)


def row(
    calendar: ImportedCalendar,
    now: dt.datetime,
    zone: ZoneInfo,
    wrong_choice: tuple[int, str],
    request: HttpRequest,
) -> dict[str, Any]:
    """Return one calendar as the page shows it. Its address is a secret: only the host is shown.

    Decrypted one by one: a calendar with a lost key is shown without its host.
    """
    try:
        host = urlsplit(calendar.url).hostname or ""
    except Unreadable:
        host = ""
    read, wrong = calendar.checked_at, wrong_choice[1] if wrong_choice[0] == calendar.pk else ""
    return {
        "calendar": calendar,
        "host": host,
        "today": read is not None and read.astimezone(zone).date() == now.astimezone(zone).date(),
        "stale": read is not None and read < now - SHOWN_AFTER,
        "wrong": wrong,
        "addresses": request.POST.get("addresses", "")[:400] if wrong else ", ".join(calendar.addresses),
        "unanswered": "unanswered" in request.POST if wrong else calendar.unanswered_count,
        "all_day": "all_day" in request.POST if wrong else calendar.all_day_count,
        "perhaps": [
            one
            for one in dict.fromkeys(
                (calendar.offered_address.lower(), (calendar.practitioner.user.email or "").lower())
            )
            if one and one not in calendar.addresses
        ],
    }


def calendar_or_404(user: User, pk: int) -> ImportedCalendar:
    """Return a calendar this person may change; 404 for others. Its address is not decrypted."""
    theirs = ImportedCalendar.objects.filter(practitioner__in=own_practitioners(user))
    found = theirs.filter(pk=pk).defer("url").first()
    if found is None:
        raise Http404
    return found


@staff_only
@require_POST
def calendar_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the calendar read now, by the worker."""
    imported.read_again(calendar_or_404(require_staff(request), pk), now=timezone.now())
    messages.success(request, _("We’ll read it again within a minute."))
    return redirect("workspace_calendars")


@staff_only
@require_POST
def calendar_choices(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what counts as busy in the calendar."""
    user, now = require_staff(request), timezone.now()
    calendar = calendar_or_404(user, pk)
    try:
        imported.choose(
            calendar,
            addresses=request.POST.get("addresses", ""),
            unanswered_count="unanswered" in request.POST,
            all_day_count="all_day" in request.POST,
            now=now,
        )
    except CalendarUnfit as refusal:
        return calendars_page(request, own_practitioners(user), now, wrong_choice=(pk, refusal.message))
    messages.success(request, _("Saved. We’ll read the calendar again within a minute."))
    return redirect("workspace_calendars")


@staff_only
@require_POST
def calendar_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the calendar."""
    imported.remove(calendar_or_404(require_staff(request), pk))
    messages.success(request, _("Removed. Its busy times are free again."))
    return redirect("workspace_calendars")


@staff_only
@require_POST
def feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of the reader's own feeds."""
    if not revoke(require_staff(request), pk, now=timezone.now()):
        raise Http404
    messages.success(request, _("Revoked. The old link no longer works."))
    return redirect("workspace_calendars")
