"""The public pages for choosing a session type, a day and a time. They set no cookie and write nothing.

Pages of booking are compressed: a page of times with the list of all zones is 72 kB, compressed 19.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking import queries
from booking.appointments.views import times
from booking.appointments.views.request_params import ANY, asker_in, day_in, reader_of, wanted_practitioners
from booking.availability import listing
from booking.availability import wording as availability_wording
from booking.availability.engine.audience import AskerStatus
from booking.availability.engine.explain import Refusal
from booking.availability.engine.service import Limits
from booking.availability.loading import service_of
from booking.holds.actions.hold_once import new_page_key
from booking.models import Appointment, SessionType
from booking.places.wording import named
from booking.policy.terms import terms_of_practice
from booking.policy.wording import policy_in_general
from booking.time_zones.clocks import Clocks
from practice.contact import please_call
from practice.core import clock, formatting
from practice.models import Practice, Practitioner
from practice.queries import practice_zone, the_practice
from practice.web.language import compressed


@login_not_required
@compressed
@require_safe
def types(request: HttpRequest) -> HttpResponse:
    """Show the session types."""
    asker = asker_in(request, timezone.now())
    kinds = [session_type_row(kind, asker, the_practice()) for kind in queries.given_types()]
    return render(request, "booking/types.html", {"kinds": kinds})


def session_type_row(kind: SessionType, asker: AskerStatus, practice: Practice) -> dict[str, Any]:
    """Return one session type as the page lists it; with a sentence if it is not for this reader."""
    return {
        "type": kind,
        "price": formatting.money(kind.price_cents, practice.currency, locale=practice.locale),
        "not_theirs": why_not_for(kind, asker, practice),
        "sign_in": asker == "unknown",
        "place": named(kind.place),
    }


def why_not_for(kind: SessionType, asker: AskerStatus, practice: Practice) -> str:
    """Return why a type is not for this asker; "" when it is."""
    refusal = service_of(kind).refuse(asker)
    return (
        availability_wording.sentence(
            refusal, zone=practice_zone(practice), locale=practice.locale, call=please_call(practice)
        )
        if refusal
        else ""
    )


@login_not_required
@compressed
@require_safe
def day_and_time(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a month with the days that have times, and the times of one day."""
    session_type = get_object_or_404(queries.public_types(), slug=slug)
    asker = asker_in(request, timezone.now())
    if why := why_not_for(session_type, asker, the_practice()):
        page = {"session_type": session_type, "message": why, "sign_in": asker == "unknown"}
        return render(request, "booking/not_theirs.html", page)
    page = choosing(
        request,
        session_type,
        with_slug=request.GET.get("with", ANY),
        tz=request.GET.get("tz", ""),
        day=day_in(request.GET.get("day", "")),
        first=day_in(request.GET.get("from", "")),
    )
    answer = render(request, "booking/times.html", {**page, "press": new_page_key()})
    answer["Cache-Control"] = "private, no-cache"  # each page has its own press key, and times change
    return answer


def choosing(
    request: HttpRequest,
    session_type: SessionType,
    *,
    with_slug: str,
    tz: str,
    day: dt.date | None,
    first: dt.date | None,
    moving: Appointment | None = None,
) -> dict[str, Any]:
    """Return the content of the page of days and times; the time of an appointment `moving` is free here."""
    now, practice = timezone.now(), the_practice()
    reader = reader_of(request, practice, tz)
    clocks = reader.clocks(moving or session_type)
    everybody = queries.practitioners_of(session_type)
    wanted, with_slug = wanted_practitioners(session_type, with_slug, everybody)
    today = now.astimezone(clocks.first).date()
    last = today + dt.timedelta(days=session_type.horizon_days)
    first = week_shown(first or day or today, today=today, last=last, locale=reader.locale)
    begins, ends = span_of(first, clocks.first)
    asker = asker_in(request, now)
    seen = listing.load_availability(
        session_type, wanted, first=begins, until=ends, now=now, ignoring=moving, asker=asker
    )
    days = times.by_day(seen.free(), clocks.first)
    chosen = day_shown(day, list(days))
    parts = times.times(days[chosen], clocks) if chosen else []
    query = {"with": with_slug, "tz": reader.zone.key, "from": first.isoformat()}
    shown = times.month(
        days, first=first, today=today, seen=seen, zone=clocks.first, chosen=chosen, query=query
    )
    return {
        "session_type": session_type,
        "place": named(session_type.place),
        "price": formatting.money(session_type.price_cents, practice.currency, locale=practice.locale),
        "practitioners": everybody,
        "with": with_slug,
        "with_person": wanted[0] if with_slug != ANY else None,
        "reader": reader,
        "clocks": clocks,
        "offers_zones": True,
        "month": shown,
        "too_soon": too_soon(seen, clocks) if any(one.reason == "soon" for one in shown) else "",
        "first": first,
        "later": later(first, last),
        "earlier": earlier(first, formatting.week_of(today, locale=reader.locale)),
        "chosen": chosen,
        "parts": parts,
        "two_clocks": any(one.there for _name, found in parts for one in found),
        "why_none": None if days else why_none(seen, wanted, clocks),
        "windows": policy_in_general(terms_of_practice(practice), call=please_call(practice)),
        "query": query,
    }


def too_soon(seen: listing.Availability, clocks: Clocks) -> str:
    """Return what "too soon" means, in the words of the rule."""
    return refusal_sentence(Limits.of(seen.service, seen.now).refuse_soon(), clocks)


def refusal_sentence(refusal: Refusal, clocks: Clocks) -> str:
    """Return a rule as a sentence, in these clocks."""
    call = please_call(the_practice())
    return availability_wording.sentence(refusal, zone=clocks.first, locale=clocks.locale, call=call)


def day_shown(wished: dt.date | None, days: list[dt.date]) -> dt.date | None:
    """Return the day whose times are listed: the wished one, else the next with a time, else the first."""
    after = [day for day in days if wished and day >= wished]
    return min(after or days, default=None)


def why_none(seen: listing.Availability, wanted: list[Practitioner], clocks: Clocks) -> str | None:
    """Return why no time is shown, in a sentence, or None."""
    if not wanted:
        return _("This session can’t be booked right now. Please choose another.")
    why = seen.why_none()
    return (
        availability_wording.sentence(
            why, zone=clocks.first, locale=clocks.locale, call=please_call(the_practice())
        )
        if why
        else None
    )


def week_shown(wished: dt.date, *, today: dt.date, last: dt.date, locale: str) -> dt.date:
    """Return the first day of the week the page begins with, within what can be booked."""
    return formatting.week_of(min(max(wished, today), last), locale=locale)


def span_of(first: dt.date, zone: Any) -> tuple[dt.datetime, dt.datetime]:
    """Return the instants at which the shown weeks begin and end on that clock."""
    return (
        clock.day_bounds(first, zone)[0],
        clock.day_bounds(first + dt.timedelta(days=7 * times.WEEKS - 1), zone)[1],
    )


def later(first: dt.date, last: dt.date) -> dt.date | None:
    """Return the day the next page begins with, or None past the horizon."""
    following = first + dt.timedelta(days=7 * times.WEEKS)
    return following if following <= last else None


def earlier(first: dt.date, this_week: dt.date) -> dt.date | None:
    """Return the day the previous page begins with, or None if this page begins with this week."""
    return max(first - dt.timedelta(days=7 * times.WEEKS), this_week) if first > this_week else None
