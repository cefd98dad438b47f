"""What has been chosen so far when staff book for a client: for whom, what, with whom, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.access import clients_seen_by, practitioners_for, zone_at_work
from booking.appointments.rebooking import last_session_of
from booking.appointments.views import times
from booking.appointments.views.request_params import ANY, day_in
from booking.models import SessionType
from booking.queries import practitioners_of
from practice.access.pages import require_staff
from practice.core import clock
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice

SHOWN_DAYS, AHEAD = 3, dt.timedelta(days=35)
SOMEBODY_NEW = "new"
LONGEST_SEARCH, LONGEST_TIME, LONGEST_SLUG = 150, 40, 50
#: What a button of the page does instead of booking. Everything typed comes along.
BUTTONS = ("check", "find", "choose", "look", "later")


@dataclass
class BookingChoices:
    """The choices made so far, as the address or the form says them.

    `people`: whose days the reader sees. `called`: who is looked for. `at`: the time as it was typed;
    `start`: its instant, None without a time or with one that cannot be read; `error`: why it cannot be
    read. `clicked`: the practitioner of the calendar's column, who is kept when the client is chosen.
    `guessed`: the type and practitioner that the page only filled in; "" once somebody chose them.
    """

    user: User
    people: list[Practitioner]
    types: list[SessionType]
    client: User | None
    is_new: bool
    kind: SessionType | None
    practitioners: list[Practitioner]
    with_slug: str
    now: dt.datetime
    called: str = ""
    at: str = ""
    first: dt.date = dt.date.min
    clicked: str = ""
    guessed: str = ""
    start: dt.datetime | None = None
    error: clock.ClockError | None = None
    is_gone: bool = False  # somebody was named who cannot be booked for it (any more)

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone of typed times: of the named practitioner, else of the person who books."""
        named = self.practitioners[0] if self.with_slug != ANY and self.practitioners else None
        return clock.zone_named(named.zone) if named else zone_at_work(self.user)

    @property
    def reader(self) -> times.Reader:
        """Return the reader: times are shown on the clock on which they are typed."""
        practice = the_practice()
        return times.Reader(self.zone, practice_zone(practice), practice.locale)

    @property
    def whom(self) -> str:
        """Return the client as the form sends it."""
        return SOMEBODY_NEW if self.is_new else str(self.client.pk) if self.client else ""

    @property
    def query(self) -> dict[str, str]:
        """Return the choices as the form sends them, without the time."""
        return {
            "client": self.whom,
            "type": self.kind.slug if self.kind else "",
            "practitioner": self.with_slug,
        }


def choices_in(request: HttpRequest, said: Any) -> BookingChoices:
    """Return what a request asks for; 404 for a client whom this person does not see, or an unknown type.

    If a named practitioner is not found, nobody else takes their place: `is_gone`.
    """
    user, now = require_staff(request), timezone.now()
    people = practitioners_for(user)
    own = {one.pk for one in people}
    client, is_new = client_in(user, said)
    slug, with_slug = named_in(said)
    types = list(SessionType.objects.filter(is_active=True, practitioners__in=own).distinct())
    kind = get_object_or_404(SessionType, slug=slug, is_active=True) if slug else None
    is_guess = kind is None or said.get("guessed") == f"{slug} {with_slug}"
    if kind is None:
        kind, with_slug = usual_type(client, own, types, with_slug)
    able = [one for one in practitioners_of(kind) if one.pk in own] if kind else []
    named = [one for one in able if one.slug == with_slug]
    is_gone = not named and with_slug not in ("", ANY)
    found = BookingChoices(
        *(user, people, types, client, is_new, kind),
        practitioners=named or ([] if is_gone else able),
        with_slug=with_slug if named else ANY,
        now=now,
        is_gone=is_gone,
    )
    found.guessed = f"{found.query['type']} {found.with_slug}" if is_guess else ""
    add_typed(found, said)
    return found


def client_in(user: User, said: Any) -> tuple[User | None, bool]:
    """Return the client chosen, and whether it is a new one; 404 for a client whom `user` does not see."""
    whom = said.get("choose", said.get("client", ""))[:20]
    if whom.isascii() and whom.isdigit():
        return get_object_or_404(clients_seen_by(user), pk=whom), False
    return None, whom == SOMEBODY_NEW


def named_in(said: Any) -> tuple[str, str]:
    """Return the type and the practitioner that somebody chose; "" for what the page only filled in.

    The button of a time may name its practitioner, behind a blank.
    """
    slug = said.get("type", said.get("kind", ""))
    with_slug = said.get("practitioner", said.get("with", ""))
    with_slug = said.get("look", "").partition(" ")[2] or with_slug
    if "choose" in said and said.get("guessed") == f"{slug} {with_slug}":
        return "", said.get("clicked", "")
    return slug, with_slug


def add_typed(wish: BookingChoices, said: Any) -> None:
    """Add who is looked for, the chosen or typed time, and from which day on times are listed."""
    wish.called = said.get("q", "").strip()[:LONGEST_SEARCH]
    wish.at = said.get("at", "").strip()[:LONGEST_TIME]
    clicked = said.get("clicked", said.get("practitioner", said.get("with", "")))
    wish.clicked, zone = clicked[:LONGEST_SLUG], wish.zone
    today = wish.now.astimezone(zone).date()
    wish.first = max(day_in(said.get("later", said.get("day", ""))) or today, today)
    picked, start = said.get("look", "").partition(" ")[0], said.get("start", "")[:LONGEST_TIME]
    text = picked[:LONGEST_TIME] or (start if start and wish.at in ("", local_time(start, zone)) else wish.at)
    if not text:
        return
    try:
        wish.start = clock.read_instant(text, zone)
    except clock.ClockError as error:
        wish.error, wish.at = error, wish.at or text
    else:
        wish.at = local_time(wish.start.isoformat(), zone)


def local_time(text: str, zone: ZoneInfo) -> str:
    """Return an instant as the field for a day and a time has it; "" for what is none in that zone."""
    try:
        return clock.read_instant(text, zone).astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    except (clock.ClockError, OverflowError):
        return ""


def usual_type(
    client: User | None, own: Collection[int], types: list[SessionType], with_slug: str
) -> tuple[SessionType | None, str]:
    """Return the type and practitioner to fill in: of the client's last session, else the first type.

    A practitioner who was named is kept, and gives the type.
    """
    kind, usual_slug = usual_of(client, own) if client else (None, ANY)
    wanted = with_slug if with_slug not in ("", ANY) else ""
    given = [one for one in types if not wanted or wanted in {p.slug for p in practitioners_of(one)}]
    if kind not in given:
        kind = next((one for one in given if client is None or one.who != SessionType.Who.NEW), None)
        kind = kind or next(iter(given or types), None)
        usual_slug = wanted or usual_slug if kind in given else ANY
    return kind, with_slug or usual_slug


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
    is_given = kind is not None and last.practitioner_id in own and kind in _given_by(last.practitioner)
    return kind, last.practitioner.slug if is_given else ANY


def _given_by(practitioner: Practitioner) -> list[SessionType]:
    return list(SessionType.objects.filter(is_active=True, practitioners=practitioner))


def not_with_them(request: HttpRequest) -> int:
    """Add the message that the named practitioner cannot be booked; return the page's status."""
    messages.error(request, _("This practitioner can’t be booked for this session. Please choose again."))
    return 409 if request.method == "POST" else 200
