"""Another length for a session, in the workspace: choose it, look at it once more, then change it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.access import appointment_seen_by, practitioners_for, zone_at_work
from booking.appointments.actions.change_length import (
    LONGEST,
    SHORTEST,
    STEP,
    change_length,
    must_be_a_length,
    refusal_of_length,
)
from booking.appointments.workspace_views import telling
from booking.appointments.workspace_views.appointment import note_in
from booking.availability import diagnosis
from booking.availability.engine.explain import Refusal
from booking.errors import BookingError, ChangedMeanwhile, HandedOver, NotBookable, SlotTaken, WrongLength
from booking.models import Appointment
from practice.access.pages import require_staff, staff_only
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice
from practice.web.return_to import next_page


@dataclass(frozen=True)
class LengthChoice:
    """Another length being chosen: of what, by whom. `back`: the page of the workspace to return to."""

    user: User
    found: Appointment
    now: dt.datetime
    zone: ZoneInfo
    back: str


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def length_of_appointment(request: HttpRequest, uid: Any) -> HttpResponse:
    """Ask for a length, show what it means, and change it only when that is sent."""
    user = require_staff(request)
    found = appointment_seen_by(user, uid)
    wish = LengthChoice(user, found, timezone.now(), zone_at_work(user), next_page(request))
    if not found.is_not_ended(wish.now):
        return redirect("workspace_appointment", uid=uid)
    said = (request.POST if request.method == "POST" else request.GET).get("minutes", "")
    if not said:
        return choice_page(request, wish)
    try:
        minutes = minutes_of(said)
    except WrongLength as error:
        return choice_page(request, wish, said=said, wrong=error.message, status=422)
    return (
        changed(request, wish, minutes) if request.method == "POST" else confirm_page(request, wish, minutes)
    )


def minutes_of(said: str) -> int:
    """Return the length that was typed. Raises WrongLength."""
    number = int(said) if said.isdecimal() and said.isascii() and len(said) < 5 else 0
    must_be_a_length(number)
    return number


def choice_page(
    request: HttpRequest, wish: LengthChoice, *, said: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    """Show the session as it is, and a field for its length."""
    limits = {"shortest": SHORTEST, "longest": LONGEST, "step": STEP}
    page = {**facts(wish), **limits, "minutes": said[:8] or wish.found.minutes, "wrong": wrong}
    return render(request, "workspace/length_when.html", page, status=status)


def facts(wish: LengthChoice) -> dict[str, Any]:
    """Return what both pages show."""
    found, locale = wish.found, the_practice().locale
    return {
        "appointment": found,
        "back": wish.back,
        "was": formatting.span(found.starts_at, found.ends_at, wish.zone, locale=locale),
        "was_length": formatting.minutes_in_words(found.minutes, locale=locale),
    }


def confirm_page(
    request: HttpRequest,
    wish: LengthChoice,
    minutes: int,
    *,
    error: SlotTaken | NotBookable | None = None,
    status: int = 200,
    meanwhile: str = "",
) -> HttpResponse:
    """Show from which end to which, the rule that refuses it, and the email."""
    found, locale = wish.found, the_practice().locale
    refusal = refusal_of_length(found, minutes, now=wish.now) or (error.refusal if error else None)
    [verdict] = verdicts_of(wish, refusal)
    end = found.starts_at + dt.timedelta(minutes=minutes)
    page = {
        **facts(wish),
        "minutes": minutes,
        "length": formatting.minutes_in_words(minutes, locale=locale),
        "when": formatting.span(found.starts_at, end, wish.zone, locale=locale),
        "verdicts": [verdict],
        "refused": refusal is not None,
        "may_pass": refusal is not None and not verdict.by_session,
        "is_there": minutes == found.minutes,
        "is_emailed": telling.is_emailed(found),
        "tell": request.POST.get("tell", "yes"),
        "meanwhile": meanwhile,
    }
    return render(request, "workspace/length_sure.html", page, status=status)


def verdicts_of(wish: LengthChoice, refusal: Refusal | None) -> list[diagnosis.Verdict]:
    """Return the refusal in words that name who is in the way."""
    found, sees = wish.found, {one.pk for one in practitioners_for(wish.user)}
    person = found.practitioner
    return diagnosis.verdicts_of(
        found.session_type,
        [person],
        {person.pk: refusal},
        now=wish.now,
        reader=diagnosis.Reader(wish.zone, the_practice().locale, sees),
        ignoring=found,
    )


def changed(request: HttpRequest, wish: LengthChoice, minutes: int) -> HttpResponse:
    """Change the length; with a reason also past the rules that a longer session breaks."""
    try:
        after = change_length(
            wish.found,
            minutes=minutes,
            by=wish.user,
            override_note=note_in(request),
            sequence=telling.sequence_in(request),
            telling=telling.telling_in(request),
        )
    except (SlotTaken, NotBookable) as error:
        return confirm_page(request, wish, minutes, error=error, status=409)
    except (ChangedMeanwhile, HandedOver):
        return look_again(request, wish, minutes)
    except BookingError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, changed_message(request, wish, after))
    return redirect(wish.back) if wish.back else redirect("workspace_appointment", uid=wish.found.uid)


def look_again(request: HttpRequest, wish: LengthChoice, minutes: int) -> HttpResponse:
    """Show the question again with the appointment as it is now: somebody else changed it meanwhile."""
    found = appointment_seen_by(wish.user, wish.found.uid)
    if not found.is_not_ended(wish.now):
        return redirect("workspace_appointment", uid=found.uid)
    said = telling.what_happened(found, wish.user, wish.zone)
    return confirm_page(request, replace(wish, found=found), minutes, status=409, meanwhile=said)


def changed_message(request: HttpRequest, wish: LengthChoice, after: Appointment) -> str:
    """Return the message: how long the session is now, and whether an email will say so."""
    length = formatting.minutes_in_words(after.minutes, locale=the_practice().locale)
    if after.sequence == wish.found.sequence:
        return _("It already takes %(length)s.") % {"length": length}
    words = telling.tell_words(after, telling.telling_in(request))
    return _("Now %(length)s.") % {"length": length} + f" {words}"
