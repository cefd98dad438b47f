"""The choices made so far when staff book for somebody, and the page that offers times."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.access import clients_seen_by, practitioners_for, zone_at_work
from booking.appointments.rebooking import last_session_of
from booking.appointments.views import times
from booking.appointments.views.request_params import ANY, day_in
from booking.availability import listing
from booking.models import SessionType
from booking.queries import practitioners_of
from practice.access.pages import require_staff
from practice.core import clock, formatting
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice

SHOWN_DAYS, AHEAD = 3, dt.timedelta(days=35)
SOMEBODY_NEW = "new"


@dataclass
class BookingChoices:
    """The choices made so far, as the address or the form says them."""

    user: User
    client: User | None
    is_new: bool
    kind: SessionType | None
    practitioners: list[Practitioner]
    with_slug: str
    now: dt.datetime
    is_gone: bool = False  # somebody was named who cannot be booked for it (any more)

    @property
    def reader(self) -> times.Reader:
        """Return the reader: times are shown in the clocks of the person who books."""
        practice = the_practice()
        return times.Reader(zone_at_work(self.user), practice_zone(practice), practice.locale)

    @property
    def query(self) -> dict[str, str]:
        """Return the choices as query parameters."""
        return {
            "client": SOMEBODY_NEW if self.is_new else str(self.client.pk) if self.client else "",
            "type": self.kind.slug if self.kind else "",
            "practitioner": self.with_slug,
        }


def choices_in(request: HttpRequest, said: Any) -> BookingChoices:
    """Return what a request asks for; 404 for a client whom this person does not see.

    If a named practitioner is not found, nobody else takes their place: `is_gone`.
    """
    user = require_staff(request)
    whom = said.get("client", "")[:20]
    client = get_object_or_404(clients_seen_by(user), pk=whom) if whom.isascii() and whom.isdigit() else None
    slug = said.get("type", "")
    kind = get_object_or_404(SessionType, slug=slug, is_active=True) if slug else None
    own, with_slug = {one.pk for one in practitioners_for(user)}, said.get("practitioner", ANY)
    if client and kind is None:
        kind, with_slug = usual_of(client, own)
    people = [one for one in practitioners_of(kind) if one.pk in own] if kind else []
    named = [one for one in people if one.slug == with_slug]
    return BookingChoices(
        user,
        client,
        whom == SOMEBODY_NEW,
        kind,
        named or people,
        with_slug if named else ANY,
        timezone.now(),
        is_gone=kind is not None and not named and said.get("practitioner", "") not in ("", ANY),
    )


def usual_of(client: User, own: Collection[int]) -> tuple[SessionType | None, str]:
    """Return the type and practitioner of a client's last session; after a first session, the next type.

    `own`: the ids of the practitioners whose days are seen. (None, "any") for people who have not been here.
    """
    last = last_session_of(client)
    if last is None:
        return None, ANY
    fit = SessionType.objects.filter(is_active=True, practitioners__in=own).exclude(who=SessionType.Who.NEW)
    known = fit.filter(pk=last.session_type_id).first()
    kind = known or fit.exclude(who=SessionType.Who.STAFF).first()
    return kind, last.practitioner.slug


def when_page(
    request: HttpRequest, wish: BookingChoices, *, status: int = 200, wrong_time: str = ""
) -> HttpResponse:
    """Show the next days with times for what is chosen, and a field for any other time."""
    other = (request.POST if request.method == "POST" else request.GET).get("other", "")[:40]
    page = {**times_context(request, wish), "wrong_time": wrong_time, "other": other}
    return render(request, "workspace/book_when.html", page, status=status)


def not_with_them(request: HttpRequest) -> int:
    """Add the message that the named practitioner cannot be booked; return the page's status."""
    messages.error(request, _("This practitioner can’t be booked for this session. Please choose again."))
    return 409 if request.method == "POST" else 200


def times_context(request: HttpRequest, wish: BookingChoices) -> dict[str, Any]:
    """Return the content of the page of times."""
    reader, own = wish.reader, practitioners_for(wish.user)
    today = wish.now.astimezone(reader.zone).date()
    first = max(day_in(request.GET.get("day", "")) or today, today)
    days = free_days(wish, first, reader) if wish.kind and wish.practitioners else []
    return {
        "wish": wish,
        "query": urlencode(wish.query),
        "types": list(SessionType.objects.filter(is_active=True, practitioners__in=own).distinct()),
        "people": own,
        "reader": reader,
        "first": first,
        "days": [(formatting.day_in_words(day, locale=reader.locale), shown) for day, shown in days],
        "later": days[-1][0] + dt.timedelta(days=1) if len(days) == SHOWN_DAYS else None,
    }


def free_days(
    wish: BookingChoices, first: dt.date, reader: times.Reader
) -> list[tuple[dt.date, list[times.Time]]]:
    """Return the first days from `first` on that have times, each with them."""
    assert wish.kind is not None
    clocks = reader.clocks(wish.kind)
    try:
        begins = clock.day_bounds(first, clocks.first)[0]
    except clock.ClockError:
        return []
    found = listing.free_starts(
        wish.kind, wish.practitioners, first=begins, until=begins + AHEAD, now=wish.now, asker="staff"
    )
    days = sorted(times.by_day(found, clocks.first).items())[:SHOWN_DAYS]
    return [(day, [times.as_time(one.start, clocks) for one in ones]) for day, ones in days]
