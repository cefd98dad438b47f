"""Moving for a client, in the workspace: choose a free time, look at it once more, then move.

Also to a colleague. Staff may pass a rule with a reason, but never overlap another session.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.access import appointment_seen_by, practitioners_for, zone_at_work
from booking.appointments.actions.move import move
from booking.appointments.views import times
from booking.appointments.views.request_params import day_in
from booking.appointments.workspace_views.appointment import note_in
from booking.appointments.workspace_views.book_choices import AHEAD, SHOWN_DAYS, not_with_them
from booking.appointments.workspace_views.book_page import may_override
from booking.appointments.workspace_views.why import moment_in_words
from booking.availability import listing
from booking.availability import wording as availability_wording
from booking.availability.diagnosis import Reader as Insider
from booking.availability.diagnosis import explain_refusals
from booking.errors import BookingError, NotBookable, SlotTaken
from booking.models import Appointment
from booking.packages.queries import is_past_its_package
from booking.queries import practitioners_of
from practice.access.pages import require_staff, staff_only
from practice.core import clock, formatting
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice


@dataclass(frozen=True)
class MoveChoices:
    """A move being chosen: what, by whom, to whom. `people`: who could have it, the present one first."""

    user: User
    found: Appointment
    to: Practitioner
    people: list[Practitioner]
    now: dt.datetime
    is_gone: bool  # a colleague was named who cannot have it (any more)

    @property
    def reader(self) -> times.Reader:
        """Return the reader: times are shown in the clocks of the person who moves it."""
        practice = the_practice()
        return times.Reader(zone_at_work(self.user), practice_zone(practice), practice.locale)


def move_choices_in(request: HttpRequest, uid: Any) -> MoveChoices:
    """Return what a request asks for; 404 for a session that this person does not see.

    If a named colleague is not found, nobody else takes their place: `is_gone`.
    """
    user, said = require_staff(request), request.POST if request.method == "POST" else request.GET
    found = appointment_seen_by(user, uid)
    own = {one.pk for one in practitioners_for(user)} - {found.practitioner_id}
    others = [one for one in practitioners_of(found.session_type) if one.pk in own]
    people = [found.practitioner, *others]
    slug = said.get("practitioner", "")
    named = [one for one in people if one.slug == slug]
    to = named[0] if named else found.practitioner
    return MoveChoices(user, found, to, people, timezone.now(), is_gone=bool(slug) and not named)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def move_appointment(request: HttpRequest, uid: Any) -> HttpResponse:
    """Show free times, then the chosen one once more; move only when that is sent."""
    wish = move_choices_in(request, uid)
    if not wish.found.is_upcoming(wish.now):
        return (
            moved(request, wish) if request.method == "POST" else redirect("workspace_appointment", uid=uid)
        )
    if wish.is_gone:
        return when_page(request, wish, status=not_with_them(request))
    if request.method == "POST":
        return moved(request, wish)
    if "start" in request.GET or "other" in request.GET:
        try:
            return confirm_move(request, wish, start_in(request.GET, wish))
        except clock.ClockError as error:
            said = availability_wording.of_clock(error, locale=wish.reader.locale)
            return when_page(request, wish, status=422, wrong_time=said)
    return when_page(request, wish)


def start_in(said: Any, wish: MoveChoices) -> dt.datetime:
    """Return the chosen or typed time. Raises ClockError."""
    return clock.read_instant(said.get("start", "")[:40] or said.get("other", "")[:40], wish.reader.zone)


def when_page(
    request: HttpRequest, wish: MoveChoices, *, status: int = 200, wrong_time: str = ""
) -> HttpResponse:
    """Show the first days with times, from the session's own day on, and a field for any other time."""
    reader, found = wish.reader, wish.found
    today, own = (one.astimezone(reader.zone).date() for one in (wish.now, found.starts_at))
    first = max(day_in(request.GET.get("day", "")) or own, today)
    days = free_days(wish, first)
    page = {
        **page_facts(wish),
        "first": first,
        "days": [(formatting.day_in_words(day, locale=reader.locale), ones) for day, ones in days],
        "later": days[-1][0] + dt.timedelta(days=1) if len(days) == SHOWN_DAYS else None,
        "wrong_time": wrong_time,
        "other": request.GET.get("other", "")[:40],
    }
    return render(request, "workspace/move_when.html", page, status=status)


def page_facts(wish: MoveChoices) -> dict[str, Any]:
    """Return what both pages show."""
    reader, found = wish.reader, wish.found
    return {
        "appointment": found,
        "to": wish.to,
        "people": wish.people,
        "reader": reader,
        "was": formatting.span(found.starts_at, found.ends_at, reader.zone, locale=reader.locale),
        "query": urlencode({"practitioner": wish.to.slug}),
        "local": found.starts_at.astimezone(reader.zone).strftime("%Y-%m-%dT%H:%M"),
    }


def free_days(wish: MoveChoices, first: dt.date) -> list[tuple[dt.date, list[times.Time]]]:
    """Return the first days from `first` on that have times; the session's own time counts as free."""
    clocks = wish.reader.clocks(wish.found.session_type)
    try:
        begins = clock.day_bounds(first, clocks.first)[0]
    except clock.ClockError:
        return []
    kind, until = wish.found.session_type, begins + AHEAD
    found = listing.free_starts(kind, [wish.to], first=begins, until=until, now=wish.now, ignoring=wish.found)
    if wish.to.pk == wish.found.practitioner_id:
        found = [one for one in found if one.start != wish.found.starts_at]
    days = sorted(times.by_day(found, clocks.first).items())[:SHOWN_DAYS]
    return [(day, [times.as_time(one.start, clocks) for one in ones]) for day, ones in days]


def confirm_move(
    request: HttpRequest,
    wish: MoveChoices,
    start: dt.datetime,
    *,
    error: SlotTaken | NotBookable | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show from when to when, with whom, what pays and the email; or the rule, and the nearest times."""
    reader, found, kind = wish.reader, wish.found, wish.found.session_type
    insider = Insider(reader.zone, reader.locale, {one.pk for one in practitioners_for(wish.user)})
    verdicts = explain_refusals(
        kind, [wish.to], start, now=wish.now, asker="staff", reader=insider, ignoring=found
    )
    refused = error is not None or verdicts[0].refusal is not None
    near = listing.alternatives(kind, [wish.to], near=start, now=wish.now, count=6, ignoring=found)
    page = {
        **page_facts(wish),
        "when": moment_in_words(start, reader.zone, reader.locale),
        "start": start.isoformat(),
        "verdicts": verdicts,
        "refused": refused,
        "may_pass": may_override(verdicts, error),
        "near": times.near(near, reader.clocks(kind)) if refused else [],
        "unpaid": is_past_its_package(found, start),
    }
    return render(request, "workspace/move_sure.html", page, status=status)


def moved(request: HttpRequest, wish: MoveChoices) -> HttpResponse:
    """Move the appointment; with a reason also past the rules that listing obeys."""
    address = reverse("workspace_appointment", args=[wish.found.uid])
    try:
        start = start_in(request.POST, wish)
        move(wish.found, start=start, to=wish.to, by=wish.user, override_note=note_in(request))
    except clock.ClockError as error:
        messages.error(request, availability_wording.of_clock(error, locale=wish.reader.locale))
    except (SlotTaken, NotBookable) as error:
        return confirm_move(request, wish, start, error=error, status=409)
    except BookingError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, moved_message(wish.found))
    return redirect(address)


def moved_message(found: Appointment) -> str:
    """Return the message: moved, and whether an email says so."""
    if found.contact and found.contact.email:
        return _("Moved. We’ve emailed %(address)s.") % {"address": found.contact.email}
    return _("Moved. There is no email address, so please tell them yourself.")
