"""The workspace pages that change days off, and that close public holidays; and the old addresses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from booking.access import zone_at_work
from booking.availability.closed_days import appointments_within, practitioners_of_closure
from booking.models import Appointment, Closure
from booking.opening_hours.engine.typed_times import shown_time
from booking.time_off.actions import close_days
from booking.time_off.engine.holidays import Holiday, coming_holidays
from booking.time_off.forms.away import EVERYONE, AwayForm
from booking.time_off.queries import coming_closures, times_back
from booking.time_off.wording import holiday_name
from booking.time_off.workspace_views import (
    closure_asked_for,
    closure_in_words,
    closure_of,
    may_close_for_everyone,
    people_closed_by,
    span_of,
)
from practice.access.pages import require_staff, staff_only
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice


@staff_only
@require_safe
def away_moved(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Lead from the former addresses of days off to the present ones."""
    user = require_staff(request)
    if not (people_closed_by(user) or may_close_for_everyone(user)):
        raise Http404
    if pk is not None:
        return redirect("workspace_away_days", pk=pk, permanent=True)
    return redirect("workspace_away", permanent=True)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Show other days or hours for days off: who is booked then, and what opens; POST saves them."""
    user, now = require_staff(request), timezone.now()
    closure = closure_of(user, pk)
    asked = request.POST if request.method == "POST" else request.GET
    form = _form_of(closure, asked if "first" in asked else None, now=now)
    page: dict[str, Any] = {"form": form, "zone": zone_at_work(user), "was": closure_in_words(closure)}
    if not (form.is_bound and form.is_valid()):
        return render(request, "workspace/away_change.html", page, status=422 if form.errors else 200)
    said = form.cleaned_data
    if request.method == "POST":
        if close_days.change_days(closure, **span_of(said)) is None:
            messages.error(request, _("Someone has opened these days again. Nothing was changed."))
            return redirect("workspace_away")
        return redirect("workspace_away_days", pk=closure.pk)
    then = closure_asked_for(closure.practitioner, said)
    then.pk = closure.pk
    booked = appointments_within(then, now=now)
    back = times_back(closure, practitioners_of_closure(closure), instead=then, now=now)
    page |= {**closure_in_words(then), "booked": booked, "back": back, "sent": asked}
    return render(request, "workspace/away_change.html", page)


def _form_of(closure: Closure, asked: Any, *, now: dt.datetime) -> AwayForm:
    """Return the form of days off that are there: for whom they are stays."""
    one, locale = closure.practitioner, the_practice().locale
    initial: dict[str, Any] = {"first": closure.first_day, "last": closure.last_day}
    for name in ("opens", "closes"):
        if at := getattr(closure, name):
            initial[name] = shown_time(at.hour * 60 + at.minute, locale=locale)
    people = [one] if one else []
    return AwayForm(asked, people=people, now=now, everyone=one is None, initial=initial)


@dataclass(frozen=True)
class HolidayRow:
    """A holiday on the page: its name, who is booked then, and whether it is closed already."""

    holiday: Holiday
    name: str
    booked: list[Appointment]
    is_closed: bool

    @property
    def is_suggested(self) -> bool:
        """Return whether its box is checked at first: the day itself, where it is still open."""
        return not self.is_closed and not self.holiday.is_observed


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: HttpRequest) -> HttpResponse:
    """Show the public holidays of the next twelve months, with who is booked; POST closes the chosen ones."""
    user, now, practice = require_staff(request), timezone.now(), the_practice()
    people = people_closed_by(user)
    everyone = may_close_for_everyone(user)
    if practice.region != "US" or not (people or everyone):
        raise Http404
    person = None if everyone else people[0]
    found = _holiday_rows(user, person, today=now.astimezone(practice_zone(practice)).date(), now=now)
    if request.method == "POST":
        return _close(request, person, found)
    whose = person.slug if person else EVERYONE
    page = {"rows": found, "zone": zone_at_work(user), "person": person, "whose": whose}
    return render(request, "workspace/holidays.html", page)


def _holiday_rows(
    user: User, person: Practitioner | None, *, today: dt.date, now: dt.datetime
) -> list[HolidayRow]:
    closed = [
        one
        for one in coming_closures(user, today=today)
        if one.opens is None and one.practitioner_id in (None, person.pk if person else None)
    ]
    found = []
    for one in coming_holidays(today):
        is_closed = any(row.first_day <= one.day <= row.last_day for row in closed)
        asked_for = Closure(practitioner=person, first_day=one.day, last_day=one.day)
        booked = [] if is_closed else appointments_within(asked_for, now=now)
        found.append(HolidayRow(one, holiday_name(one), booked, is_closed))
    return found


def _close(request: HttpRequest, person: Practitioner | None, found: list[HolidayRow]) -> HttpResponse:
    chosen = set(request.POST.getlist("day"))
    closed = [row for row in found if not row.is_closed and row.holiday.day.isoformat() in chosen]
    for row in closed:
        close_days.close_days(person, first=row.holiday.day, last=row.holiday.day, reason=row.name)
    if not closed:
        messages.warning(request, _("No day was chosen, so nothing was closed."))
        return redirect("workspace_holidays")
    said = ngettext("One holiday is closed.", "%(n)s holidays are closed.", len(closed))
    messages.success(request, said % {"n": len(closed)})
    if any(row.booked for row in closed):
        messages.warning(request, _("Someone is booked on one of them. They appear under “Needs attention”."))
    return redirect("workspace_away")
