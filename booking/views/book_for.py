"""Booking for somebody, at work: whom, what, when; past a rule with a reason, onto nobody else ever."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking import calendar, words
from booking.access import clients_called, clients_seen_by, practitioners_for
from booking.actions.book import Attendee, book
from booking.actions.once import once
from booking.actions.press import PRESS, new_press
from booking.calendar import Free
from booking.errors import AttendeeIncomplete, BookingError, NotBookable, SlotTaken
from booking.forms.new_person import NewPerson
from booking.models import SessionType
from booking.queries import practitioners_of
from booking.views import times
from booking.views.reading import ANY, day_in
from booking.views.why import moment_in_words
from booking.views.workspace import note_in, zone_at_work
from booking.why import Reader as Insider
from booking.why import Verdict, why
from practice import clock, text
from practice.access import require_staff, staff_only
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice

FOUND = 10
SHOWN_DAYS, AHEAD = 3, dt.timedelta(days=35)
SOMEBODY_NEW = "new"


@dataclass
class Wish:
    """What has been chosen so far, as the address or the form says it."""

    user: User
    client: User | None
    is_new: bool
    kind: SessionType | None
    practitioners: list[Practitioner]
    with_slug: str
    now: dt.datetime

    @property
    def reader(self) -> times.Reader:
        """Whose clocks the times are read on: those of whoever books."""
        practice = the_practice()
        return times.Reader(zone_at_work(self.user), practice_zone(practice), practice.locale)

    @property
    def query(self) -> dict[str, str]:
        """The same wish as an address carries it."""
        return {
            "client": SOMEBODY_NEW if self.is_new else str(self.client.pk) if self.client else "",
            "type": self.kind.slug if self.kind else "",
            "practitioner": self.with_slug,
        }


def wish_in(request: HttpRequest, said: Any) -> Wish:
    """What a request asks for. Clients and practitioners this person does not see are not there: 404."""
    user = require_staff(request)
    whom = said.get("client", "")[:20]
    client = get_object_or_404(clients_seen_by(user), pk=whom) if whom.isascii() and whom.isdigit() else None
    slug = said.get("type", "")
    kind = get_object_or_404(SessionType, slug=slug, is_active=True) if slug else None
    own = {one.pk for one in practitioners_for(user)}
    people = [one for one in practitioners_of(kind) if one.pk in own] if kind else []
    with_slug = said.get("practitioner", ANY)
    named = [one for one in people if one.slug == with_slug]
    return Wish(
        user, client, whom == SOMEBODY_NEW, kind, named or people, with_slug if named else ANY, timezone.now()
    )


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Whom, then what, then when: each step is an address of its own, and only the last one writes."""
    if request.method == "POST":
        return booked(request)
    wish = wish_in(request, request.GET)
    if wish.client is None and not wish.is_new:
        return render(request, "workspace/book_whom.html", whom(request, wish))
    return render(request, "workspace/book_when.html", when(request, wish, NewPerson()))


def whom(request: HttpRequest, wish: Wish) -> dict[str, Any]:
    """People by name or address. What else was chosen already goes along."""
    called = request.GET.get("called", "").strip()[:150]
    found = list(clients_called(wish.user, called)[: FOUND + 1]) if called else []
    rest = {name: value for name, value in wish.query.items() if value and name != "client"}
    return {
        "called": called,
        "found": found[:FOUND],
        "more": len(found) > FOUND,
        "rest": rest,
        "query": urlencode(rest),
    }


def when(request: HttpRequest, wish: Wish, person: NewPerson, **more: Any) -> dict[str, Any]:
    """The next days with times for what is chosen; and a way to any other time."""
    reader, own = wish.reader, practitioners_for(wish.user)
    today = wish.now.astimezone(reader.zone).date()
    first = max(day_in(request.GET.get("day", "")) or today, today)
    days = free_days(wish, first, reader) if wish.kind and wish.practitioners else []
    return {
        "wish": wish,
        "query": urlencode(wish.query),
        "person": person,
        "types": list(SessionType.objects.filter(is_active=True, practitioners__in=own).distinct()),
        "people": own,
        "reader": reader,
        "first": first,
        "days": [(text.day_in_words(day, locale=reader.locale), shown) for day, shown in days],
        "later": days[-1][0] + dt.timedelta(days=1) if len(days) == SHOWN_DAYS else None,
        "press": new_press(),
        **more,
    }


def free_days(wish: Wish, first: dt.date, reader: times.Reader) -> list[tuple[dt.date, list[times.Time]]]:
    """The first days from one on that have times, each with them."""
    assert wish.kind is not None
    clocks = reader.clocks(wish.kind)
    try:
        begins = clock.day_bounds(first, clocks.first)[0]
    except clock.ClockError:
        return []
    found = calendar.free(
        wish.kind, wish.practitioners, first=begins, until=begins + AHEAD, now=wish.now, asker="staff"
    )
    days = sorted(times.by_day(found, clocks.first).items())[:SHOWN_DAYS]
    return [(day, [times.as_time(one.start, clocks) for one in ones]) for day, ones in days]


def booked(request: HttpRequest) -> HttpResponse:
    """Book the pressed time, or the one written beside; say which rule refuses it, and ask for a reason."""
    wish = wish_in(request, request.POST)
    person = NewPerson(request.POST)
    if wish.kind is None or (wish.client is None and not wish.is_new):
        return redirect(f"{reverse('workspace_book')}?{urlencode(wish.query)}")
    if wish.is_new and not person.is_valid():
        return render(request, "workspace/book_when.html", when(request, wish, person), status=422)
    try:
        start = clock.read_instant(
            request.POST.get("start") or request.POST.get("other", "")[:40], wish.reader.zone
        )
        uid = book_once(wish, attendee_of(wish, person), start, request)
    except clock.ClockError as error:
        said = words.of_clock(error, locale=wish.reader.locale)
        return render(
            request, "workspace/book_when.html", when(request, wish, person, wrong_time=said), status=422
        )
    except (SlotTaken, NotBookable) as error:
        return past_a_rule(request, wish, person, start, error)
    except AttendeeIncomplete as error:
        person.add_error(error.field, error.message)
        return render(request, "workspace/book_when.html", when(request, wish, person), status=422)
    except BookingError as error:
        messages.error(request, error.message)
        return redirect(f"{reverse('workspace_book')}?{urlencode(wish.query)}")
    messages.success(request, told(wish, person))
    return redirect("workspace_appointment", uid=uid)


def attendee_of(wish: Wish, person: NewPerson) -> Attendee:
    """Who comes: the client as known, or whoever was written down."""
    if wish.client:
        one = wish.client
        return Attendee(one.name, one.email or "", str(one.phone or ""), one.zone)
    said = person.cleaned_data
    return Attendee(said["name"], said["email"], said["phone"])


def book_once(wish: Wish, attendee: Attendee, start: dt.datetime, request: HttpRequest) -> str:
    """The uid of what was booked; a second press on the same page is answered as the first."""
    kind, note, press = wish.kind, note_in(request), request.POST.get("press", "")
    assert kind is not None

    def do() -> tuple[int, str]:
        made = book(
            kind,
            practitioners=wish.practitioners,
            start=start,
            attendee=attendee,
            consent=False,
            by=wish.user,
            client=wish.client,
            override_note=note,
            now=wish.now,
        )
        return 302, str(made.uid)

    if not PRESS.fullmatch(press):
        return do()[1]
    same = urlencode(
        {**wish.query, "start": start.isoformat(), "name": attendee.name, "email": attendee.email}
    )
    key, sender = f"desk:{press}:{start:%Y%m%dT%H%M%S}", f"user:{wish.user.pk}"
    return str(once(key, sender=sender, body=same, do=do, now=wish.now)[1])


def past_a_rule(
    request: HttpRequest, wish: Wish, person: NewPerson, start: dt.datetime, error: SlotTaken | NotBookable
) -> HttpResponse:
    """The rule by name, who has the time, the nearest free ones; and, but for an overlap, a way past it."""
    reader, kind = wish.reader, wish.kind
    assert kind is not None
    insider = Insider(reader.zone, reader.locale, {one.pk for one in practitioners_for(wish.user)})
    verdicts = why(kind, wish.practitioners, start, now=wish.now, asker="staff", reader=insider)
    near: list[Free] = calendar.alternatives(
        kind, wish.practitioners, near=start, now=wish.now, asker="staff", count=6
    )
    page = {
        "wish": wish,
        "query": urlencode(wish.query),
        "person": person,
        "when": moment_in_words(start, reader.zone, reader.locale),
        "start": start.isoformat(),
        "verdicts": verdicts,
        "may_pass": may_pass(verdicts, error),
        "near": times.near(near, reader.clocks(kind)),
        "press": new_press(),
    }
    return render(request, "workspace/book_past_rule.html", page, status=409)


def may_pass(verdicts: list[Verdict], error: SlotTaken | NotBookable) -> bool:
    """Whether a reason could help: not where everybody has somebody, and not where one was given in vain."""
    refused = error.refusal.rule == "taken" and not any(one.refusal is None for one in verdicts)
    return not refused or any(one.refusal and one.refusal.rule != "taken" for one in verdicts)


def told(wish: Wish, person: NewPerson) -> str:
    """That it is booked, and whether a letter says so."""
    address = wish.client.email if wish.client else person.cleaned_data["email"]
    if address:
        return _("Booked. A letter with all of it is on its way to them.")
    return _("Booked. There is no address to write to, so please tell them yourself.")
