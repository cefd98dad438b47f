"""The public JSON API: what can be booked, when, why not; holds, appointments. By the pages' actions."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, NinjaAPI, Query
from ninja.errors import ValidationError

from booking import calendar, links, queries, words
from booking.actions.book import Attendee, book
from booking.actions.hold import hold, let_go
from booking.actions.once import OtherBody, once
from booking.api_shapes import (
    AppointmentIn,
    AppointmentOut,
    Explanation,
    HoldOut,
    Refused,
    SessionTypeOut,
    Slots,
    Wanted,
    slot,
    z,
)
from booking.errors import BookingError, SlotTaken
from booking.forms import what_ails
from booking.models import Appointment, SessionType
from practice import clock, limits
from practice.models import Practitioner
from practice.queries import practice_zone, the_practice

MOST_DAYS = 92
BOOKINGS_AN_HOUR = 20
CLOCK_CODES = {clock.NonexistentTime: "nonexistent_time", clock.AmbiguousTime: "ambiguous_time"}

api = NinjaAPI(
    title="Booking",
    version="1",
    description="Free times and bookings of a bodywork practice.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
)


class Wrong(Exception):
    """Something in the request that no rule of booking is about: a code, a sentence, a field, a status."""

    def __init__(self, code: str, message: str, *, field: str = "", status: int = 422) -> None:
        super().__init__(message)
        self.code, self.message, self.field, self.status = code, message, field, status


def answer(
    request: HttpRequest,
    status: int,
    code: str,
    message: str,
    *,
    fields: dict[str, str] | None = None,
    alternatives: list[Any] | None = None,
) -> HttpResponse:
    """An error in the one shape of this API."""
    shape = Refused(error={"code": code, "message": message, "fields": fields}, alternatives=alternatives)
    return api.create_response(request, shape.model_dump(exclude_none=True), status=status)


@api.exception_handler(Wrong)
def _wrong(request: HttpRequest, error: Wrong) -> HttpResponse:
    fields = {error.field: error.message} if error.field else None
    return answer(request, error.status, error.code, error.message, fields=fields)


@api.exception_handler(SlotTaken)
def _taken(request: HttpRequest, error: SlotTaken) -> HttpResponse:
    zone = practice_zone(the_practice())
    found = [slot(free, zone) for free in error.alternatives]
    return answer(request, 409, error.code, error.message, alternatives=found)


@api.exception_handler(BookingError)
def _refused(request: HttpRequest, error: BookingError) -> HttpResponse:
    return answer(request, 422, error.code, error.message)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {str(one["loc"][-1]): _said(one) for one in error.errors}
    return answer(request, 422, "invalid", _("Some fields need another look."), fields=fields)


def _said(one: dict[str, Any]) -> str:
    """A validator's complaint as a sentence."""
    message = str(one.get("msg", "")).removeprefix("Value error, ").strip()
    return message if message.endswith(".") else f"{message}."


def type_named(slug: str) -> SessionType:
    """The bookable type of that slug, or 404 in words."""
    found = next((kind for kind in queries.bookable_types() if kind.slug == slug), None)
    if found is None:
        raise Wrong(
            "unknown_session_type", _("There is no such session type."), field="session_type", status=404
        )
    return found


def practitioners_named(session_type: SessionType, slug: str) -> list[Practitioner]:
    """Whoever gives this type: all for "any", one for a slug, 404 for a slug nobody has."""
    everybody = list(queries.practitioners_of(session_type))
    found = everybody if slug == "any" else [person for person in everybody if person.slug == slug]
    if slug != "any" and not found:
        raise Wrong(
            "unknown_practitioner",
            _("Nobody of that name gives this session."),
            field="practitioner",
            status=404,
        )
    return found


def zone_asked(name: str | None) -> ZoneInfo:
    """The zone of that name, or the practice's; 422 for one nobody knows."""
    if not name:
        return practice_zone(the_practice())
    try:
        return clock.zone_named(name)
    except clock.UnknownZone as error:
        raise Wrong(
            "unknown_zone", _("There is no such time zone. Try America/Denver."), field="tz"
        ) from error


def instant_asked(raw: str, zone: ZoneInfo) -> dt.datetime:
    """The instant of a start; 422 in words for one that does not exist, comes twice, or cannot be read."""
    try:
        return clock.read_instant(raw, zone)
    except clock.ClockError as error:
        message = words.of_clock(error, locale=the_practice().locale)
        code = CLOCK_CODES.get(type(error), "invalid_time")
        raise Wrong(code, message, field="start") from error


def range_asked(first: str, last: str, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
    """The instants between which two dates lie in a zone, both dates included; at most 92 days."""
    try:
        begins, ends = dt.date.fromisoformat(first), dt.date.fromisoformat(last)
        found = clock.day_bounds(begins, zone)[0], clock.day_bounds(ends, zone)[1]
    except (ValueError, OverflowError) as error:
        raise Wrong("invalid_date", _("Give dates like 2027-03-13."), field="from") from error
    if ends < begins:
        raise Wrong("reversed_range", _("The last day lies before the first."), field="to")
    if (ends - begins).days >= MOST_DAYS:
        raise Wrong("range_too_long", _("At most 92 days at a time."), field="to")
    return found


@api.get("/session-types", response=list[SessionTypeOut], by_alias=True)
def session_types(request: HttpRequest) -> list[SessionTypeOut]:
    """What can be booked, and with whom."""
    currency = the_practice().currency
    return [
        SessionTypeOut(
            slug=kind.slug,
            name=kind.name,
            minutes=kind.minutes,
            price_cents=kind.price_cents,
            currency=currency,
            practitioners=[person.slug for person in queries.practitioners_of(kind)],
        )
        for kind in queries.bookable_types()
    ]


@api.get("/slots", response={200: Slots, 404: Refused, 422: Refused})
def slots(
    request: HttpRequest,
    *,
    session_type: str,
    practitioner: str = "any",
    first: str = Query(..., alias="from", max_length=10),
    last: str = Query(..., alias="to", max_length=10),
    tz: str | None = None,
) -> Slots:
    """Free times from one date to another, both included, as dates of `tz`."""
    kind = type_named(session_type)
    wanted = practitioners_named(kind, practitioner)
    zone = zone_asked(tz)
    begins, ends = range_asked(first, last, zone)
    now = timezone.now()
    found = calendar.free(kind, wanted, first=begins, until=ends, now=now)
    why = None if found else calendar.why_none(kind, wanted, first=begins, until=ends, now=now)
    reason = words.sentence(why, zone=zone, locale=the_practice().locale) if why else None
    return Slots(tz=zone.key, slots=[slot(one, zone) for one in found], reason=reason)


@api.get("/explain", response={200: Explanation, 404: Refused, 422: Refused})
def explain(
    request: HttpRequest, session_type: str, start: str, practitioner: str = "any", tz: str | None = None
) -> Explanation:
    """Why a time can or cannot be booked: the first rule that refuses, in a sentence."""
    kind = type_named(session_type)
    zone = zone_asked(tz)
    instant = instant_asked(start, zone)
    now = timezone.now()
    judged = calendar.judge_each(kind, practitioners_named(kind, practitioner), instant, now=now)
    refusals = list(judged.values())
    if None in refusals:
        return Explanation(bookable=True, rule=None, message=_("This time can be booked."))
    first = refusals[0] if refusals else None
    if first is None:
        return Explanation(bookable=False, rule="nobody", message=_("Nobody gives this session just now."))
    message = words.sentence(first, zone=zone, locale=the_practice().locale)
    return Explanation(bookable=False, rule=first.rule, message=message)


@api.post("/holds", response={201: HoldOut, 404: Refused, 409: Refused, 422: Refused})
def new_hold(request: HttpRequest, wanted: Wanted) -> tuple[int, HoldOut]:
    """Keep a time for ten minutes."""
    kind = type_named(wanted.session_type)
    held = hold(
        kind,
        practitioners=practitioners_named(kind, wanted.practitioner),
        start=instant_asked(wanted.start, zone_asked(wanted.tz)),
        visitor=limits.visitor_key(request),
        now=timezone.now(),
    )
    return 201, HoldOut(hold=links.hold_token(held), expires=z(held.hold_expires_at))


@api.delete("/holds/{token}", response={204: None, 404: Refused})
def end_hold(request: HttpRequest, token: str) -> tuple[int, None]:
    """Give a kept time back. Giving it back again changes nothing."""
    held = links.hold_of(token)
    if held is None:
        raise Wrong("unknown_hold", _("There is no such hold."), status=404)
    let_go(held, now=timezone.now())
    return 204, None


@api.post(
    "/appointments", response={201: AppointmentOut, 404: Refused, 409: Refused, 422: Refused, 429: Refused}
)
def new_appointment(
    request: HttpRequest,
    wanted: AppointmentIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key", max_length=200),
) -> HttpResponse | tuple[int, Any]:
    """Book. The same Idempotency-Key with the same body is answered the same for 24 hours, and books once."""
    now = timezone.now()
    visitor = limits.visitor_key(request)
    if not limits.spend(f"book:{visitor}", limit=BOOKINGS_AN_HOUR, window=dt.timedelta(hours=1), now=now):
        raise Wrong("too_many", _("That is many bookings in one hour. Please ring us."), status=429)
    checked(wanted)
    if not idempotency_key:
        return 201, booked(wanted, visitor=visitor, now=now)
    try:
        return once(
            idempotency_key,
            body=wanted.model_dump_json(),
            do=lambda: (201, booked(wanted, visitor=visitor, now=now)),
            now=now,
        )
    except OtherBody as error:
        raise Wrong("other_body", error.message, field="Idempotency-Key") from error


def checked(wanted: AppointmentIn) -> None:
    """What a person would be told at the field: consent and an address a letter can reach."""
    if not wanted.consent:
        raise Wrong("consent", _("Please agree to the cancelling rules."), field="consent")
    try:
        validate_email(wanted.email)
    except DjangoValidationError as error:
        raise Wrong("invalid", what_ails(wanted.email), field="email") from error


def booked(wanted: AppointmentIn, *, visitor: str, now: dt.datetime) -> dict[str, Any]:
    """Book through the same action as the pages."""
    kind = type_named(wanted.session_type)
    zone = zone_asked(wanted.tz)
    held: Appointment | None = links.hold_of(wanted.hold) if wanted.hold else None
    if wanted.hold and held is None:
        raise Wrong("unknown_hold", _("There is no such hold."), field="hold")
    appointment = book(
        kind,
        practitioners=practitioners_named(kind, wanted.practitioner),
        start=instant_asked(wanted.start, zone),
        attendee=Attendee(name=wanted.name, email=wanted.email.lower(), phone=wanted.phone, zone=zone.key),
        consent=wanted.consent,
        held=held,
        visitor=visitor,
        now=now,
    )
    return AppointmentOut(
        id=str(appointment.uid),
        start=z(appointment.starts_at),
        end=z(appointment.ends_at),
        practitioner=appointment.practitioner.slug,
        state=appointment.state,
        manage_url=links.appointment_url(appointment),
    ).model_dump()


def open_to_all(patterns: list[Any]) -> list[Any]:
    """The API has no sign-in: each of its routes is named public, for the site is closed by default."""
    for pattern in patterns:
        login_not_required(pattern.callback)
    return patterns


routes = (open_to_all(api.urls[0]), *api.urls[1:])
