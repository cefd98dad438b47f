"""Moving for a client, in the workspace: choose a free time, look at it once more, then move.

Also to a colleague. Staff may pass a rule with a reason, but never overlap another session.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
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
from booking.appointments.actions.move import is_already_there, move
from booking.appointments.views import times
from booking.appointments.views.request_params import day_in
from booking.appointments.workspace_views import telling
from booking.appointments.workspace_views.appointment import note_in
from booking.appointments.workspace_views.book_choices import AHEAD, SHOWN_DAYS, not_with_them
from booking.appointments.workspace_views.book_page import may_override
from booking.appointments.workspace_views.why import moment_in_words
from booking.availability import listing
from booking.availability import wording as availability_wording
from booking.availability.diagnosis import Reader as Insider
from booking.availability.diagnosis import explain_refusals
from booking.errors import BookingError, ChangedMeanwhile, HandedOver, NotBookable, SlotTaken
from booking.models import Appointment
from booking.packages.queries import is_past_its_package
from booking.queries import practitioners_of
from practice.access.pages import require_staff, staff_only
from practice.core import clock, formatting
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice
from practice.web.return_to import next_page


@dataclass(frozen=True)
class MoveChoices:
    """A move being chosen: what, by whom, to whom. `people`: who could have it, the present one first."""

    user: User
    found: Appointment
    to: Practitioner
    people: list[Practitioner]
    now: dt.datetime
    is_gone: bool  # a colleague was named who cannot have it (any more)
    back: str = ""  # the page of the workspace to return to

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
    gone, back = bool(slug) and not named, next_page(request)
    return MoveChoices(user, found, to, people, timezone.now(), is_gone=gone, back=back)


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
    if {"start", "other", "at"} & request.GET.keys():
        try:
            return confirm_move(request, wish, start_in(request.GET, wish))
        except clock.ClockError as error:
            return when_page(request, wish, status=422, error=error)
    return when_page(request, wish)


def start_in(said: Any, wish: MoveChoices) -> dt.datetime:
    """Return the chosen or typed time; `at` is on the practice's clocks, as boards are. Raises ClockError."""
    if "at" in said:
        return clock.read_instant(said["at"][:40], wish.reader.practice_zone)
    return clock.read_instant(said.get("start", "")[:40] or said.get("other", "")[:40], wish.reader.zone)


def when_page(
    request: HttpRequest, wish: MoveChoices, *, status: int = 200, error: clock.ClockError | None = None
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
        **wrong_time(error, reader),
        "other": request.GET.get("other", "")[:40],
    }
    return render(request, "workspace/move_when.html", page, status=status)


def wrong_time(error: clock.ClockError | None, reader: times.Reader) -> dict[str, Any]:
    """Return what is wrong with a chosen time, and the instants it can mean where clocks change."""
    if error is None:
        return {"wrong_time": ""}
    meant = [
        {
            "value": one.astimezone(reader.zone).isoformat(),
            "words": formatting.clock_time(one, reader.zone, locale=reader.locale, name_zone=True),
            "day": formatting.day_in_words(one.astimezone(reader.zone).date(), locale=reader.locale),
        }
        for one in getattr(error, "candidates", ())
    ]
    return {"wrong_time": availability_wording.of_clock(error, locale=reader.locale), "candidates": meant}


def page_facts(wish: MoveChoices) -> dict[str, Any]:
    """Return what both pages show."""
    reader, found = wish.reader, wish.found
    return {
        "appointment": found,
        "to": wish.to,
        "people": wish.people,
        "reader": reader,
        "was": formatting.span(found.starts_at, found.ends_at, reader.zone, locale=reader.locale),
        "query": urlencode({"practitioner": wish.to.slug, **({"next": wish.back} if wish.back else {})}),
        "back": wish.back,
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
    meanwhile: str = "",
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
        "is_there": is_already_there(found, start, wish.to),
        "is_emailed": telling.is_emailed(found),
        "tell": request.POST.get("tell", "yes"),
        "meanwhile": meanwhile,
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
        after = move(
            wish.found,
            start=start,
            to=wish.to,
            by=wish.user,
            override_note=note_in(request),
            sequence=telling.sequence_in(request),
            telling=telling.telling_in(request),
        )
    except clock.ClockError as error:
        messages.error(request, availability_wording.of_clock(error, locale=wish.reader.locale))
    except (SlotTaken, NotBookable) as error:
        return confirm_move(request, wish, start, error=error, status=409)
    except (ChangedMeanwhile, HandedOver):
        return look_again(request, wish, start)
    except BookingError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, moved_message(request, wish, after))
    return redirect(wish.back or address)


def look_again(request: HttpRequest, wish: MoveChoices, start: dt.datetime) -> HttpResponse:
    """Show the question again with the appointment as it is now: somebody else changed it meanwhile."""
    found = appointment_seen_by(wish.user, wish.found.uid)
    if not found.is_upcoming(wish.now):
        return redirect("workspace_appointment", uid=found.uid)
    said = telling.what_happened(found, wish.user, wish.reader.zone)
    return confirm_move(request, replace(wish, found=found), start, status=409, meanwhile=said)


def moved_message(request: HttpRequest, wish: MoveChoices, after: Appointment) -> str:
    """Return the message: to when it moved, and whether an email will say so."""
    when = formatting.moment(after.starts_at, wish.reader.zone, locale=wish.reader.locale)
    if after.sequence == wish.found.sequence:
        return _("It is already at this time: %(when)s.") % {"when": when}
    words = telling.tell_words(after, telling.telling_in(request))
    return _("Moved to %(when)s.") % {"when": when} + f" {words}"
