"""The routes of the public JSON API: session types, free times, reasons, holds, appointments."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Header, NinjaAPI, Query, Status

from booking import links, queries
from booking.api import kept_slots
from booking.api.errors import RequestError, alternatives_in_zone, install, open_to_all
from booking.api.params import (
    instant_asked,
    practitioners_named,
    range_asked,
    type_and_practitioners,
    type_named,
    zone_asked,
)
from booking.api.schemas import (
    AppointmentIn,
    AppointmentOut,
    Explanation,
    HoldOut,
    Refused,
    SessionTypeOut,
    Slots,
    Wanted,
    utc_text,
)
from booking.appointments.actions.book import book
from booking.appointments.views.rate_limits import TooOften, counted_use, is_booked_already
from booking.attendees.attendee import Attendee
from booking.availability import listing
from booking.availability import wording as availability_wording
from booking.availability.versions import versions_now
from booking.holds.actions.hold import hold, release_hold
from booking.locking.choosing import OTHERS
from booking.locking.idempotency import BodyMismatch, run_once, stored_answer
from booking.models import Appointment, Place
from practice.contact import please_call
from practice.queries import one_practice, the_practice
from practice.security import limits
from practice.web.field_messages import wrong_email

JSON = "application/json; charset=utf-8"
TAKE_JSON = {"new_hold", "new_appointment"}

api = NinjaAPI(
    title="Booking",
    version="1",
    description="Available times and booking for a bodywork practice.",
    urls_namespace="api",
    docs_url=None,
    openapi_url="/openapi.json",
)


install(api)
AWAY = {503: Refused}  # the database is down: answered in `practice.web.errors`
REFUSED = {400: Refused, 404: Refused, 422: Refused, **AWAY}
WAIT = {"description": "Seconds to wait before trying again.", "schema": {"type": "integer"}}
LATER = {503: {"headers": {"Retry-After": WAIT}}}
NOT_NOW = {"responses": LATER}
TOO_OFTEN = {"responses": {429: {"headers": {"Retry-After": WAIT}}, **LATER}}


@api.get(
    "/session-types",
    response={200: list[SessionTypeOut], 400: Refused, **AWAY},
    by_alias=True,
    exclude_none=True,
    openapi_extra=NOT_NOW,
)
def session_types(request: HttpRequest) -> list[SessionTypeOut]:
    """List the session types that a visitor can book, with their practitioners."""
    currency = the_practice().currency
    return [
        SessionTypeOut(
            slug=kind.slug,
            name=kind.name,
            minutes=kind.minutes,
            price_cents=kind.price_cents,
            currency=currency,
            practitioners=[person.slug for person in queries.giving(kind)],
            place=None if kind.place == Place.PRACTICE else kind.place,
        )
        for kind in queries.bookable_types()
    ]


@api.get("/slots", response={200: Slots, **REFUSED}, openapi_extra=NOT_NOW)
def slots(
    request: HttpRequest,
    *,
    session_type: str,
    practitioner: str = "any",
    first: str = Query(..., alias="from", example="2027-03-13"),
    last: str = Query(..., alias="to", example="2027-04-13"),
    tz: str | None = None,
) -> Slots | HttpResponse:
    """List free times from one date to another, both included, as dates of `tz`."""
    now, asked = timezone.now(), (session_type, practitioner, first, last, tz)
    noted = versions_now(now=now)  # before all that the answer is made of
    kept = kept_slots.CACHE.get(asked, noted=noted, now=now)
    if kept and (body := kept.answer(now)):
        return HttpResponse(body, content_type=JSON)
    kind, wanted = type_and_practitioners(session_type, practitioner)
    zone = zone_asked(tz)
    begins, ends = range_asked(first, last, zone)
    made, seen = kept_slots.make(kind, wanted, zone=zone, first=begins, until=ends, now=now, noted=noted)
    kept_slots.CACHE.put(asked, made)
    if body := made.answer(now):
        return HttpResponse(body, content_type=JSON)
    why, practice = seen.why_none(), the_practice()
    reason = (
        availability_wording.sentence(why, zone=zone, locale=practice.locale, call=please_call(practice))
        if why
        else None
    )
    return Slots(tz=zone.key, slots=[], reason=reason)


@api.get("/explain", response={200: Explanation, **REFUSED}, openapi_extra=NOT_NOW)
def explain(
    request: HttpRequest, session_type: str, start: str, practitioner: str = "any", tz: str | None = None
) -> Explanation:
    """Say whether a time can be booked; if not, the first rule that refuses it, in a sentence."""
    kind = type_named(session_type)
    practice = the_practice()
    zone = zone_asked(tz)
    instant = instant_asked(start, zone, practice)
    people = practitioners_named(kind, practitioner)
    refusals = list(listing.first_refusals(kind, people, instant, now=timezone.now()).values())
    if None in refusals:
        return Explanation(bookable=True, rule=None, message=_("This time can be booked."))
    # As booking does: the refusal of a practitioner who is only taken, else the first one's.
    told = next((one for one in refusals if one and one.rule in OTHERS), refusals[0])
    assert told is not None
    message = availability_wording.sentence(
        told, zone=zone, locale=practice.locale, call=please_call(practice)
    )
    return Explanation(bookable=False, rule=told.rule, message=message)


@api.post(
    "/holds",
    response={201: HoldOut, **REFUSED, 409: Refused, 415: Refused, 429: Refused},
    openapi_extra=TOO_OFTEN,
)
def new_hold(request: HttpRequest, wanted: Wanted) -> Status:
    """Keep a time for ten minutes; at most three at once."""
    kind, people = type_and_practitioners(wanted.session_type, wanted.practitioner)
    practice = the_practice()
    zone = zone_asked(wanted.tz)
    with alternatives_in_zone(zone):
        held = hold(
            kind,
            practitioners=people,
            start=instant_asked(wanted.start, zone, practice),
            visitor=limits.visitor_key(request),
        )
    return Status(
        201, HoldOut(hold=links.hold_token(held), expires=utc_text(held.hold_expires_at or held.starts_at))
    )


@api.delete("/holds/{token}", response={204: None, 400: Refused, 404: Refused, **AWAY}, openapi_extra=NOT_NOW)
def end_hold(request: HttpRequest, token: str) -> Status:
    """Release a kept time. Releasing it again changes nothing."""
    held = links.hold_of(token)
    if held is None:
        raise RequestError("unknown_hold", _("We couldn’t find this hold."), status=404)
    release_hold(held)
    return Status(204, None)


@api.post(
    "/appointments",
    response={201: AppointmentOut, **REFUSED, 409: Refused, 415: Refused, 429: Refused},
    openapi_extra=TOO_OFTEN,
)
def new_appointment(
    request: HttpRequest,
    wanted: AppointmentIn,
    idempotency_key: str | None = Header(None, alias="Idempotency-Key", max_length=200),
) -> Status:
    """Book an appointment. For 24 hours, the same Idempotency-Key and body book once and get the same answer.

    A key belongs to its sender: the signed-in user, or the network address. A hold can be booked only once.
    """
    now = timezone.now()
    visitor = limits.visitor_key(request)
    key, sender, body = idempotency_key or "", sender_of(request), wanted.model_dump_json()
    checked(wanted)
    try:
        kept = stored_answer(key, sender=sender, body=body, now=now) if key else None
        if kept:
            return Status(*kept)
        held = links.hold_of(wanted.hold) if wanted.hold else None
        with nullcontext() if is_booked_already(held) else counted_use(request, now=now, named=wanted.email):
            if not key:
                return Status(201, booked(wanted, visitor=visitor))
            return Status(
                *run_once(
                    key,
                    sender=sender,
                    body=body,
                    do=lambda: (201, booked(wanted, visitor=visitor)),
                    now=now,
                )
            )
    except TooOften as error:
        raise RequestError("too_many", error.message, status=429, wait=error.wait) from error
    except BodyMismatch as error:
        raise RequestError("other_body", error.message, field="Idempotency-Key") from error


def sender_of(request: HttpRequest) -> str:
    """Return the sender that an Idempotency-Key belongs to: the same key of another sender is separate.

    A phone that changes its network between two tries finds its hold booked already, or the time taken.
    """
    if request.user.is_authenticated:
        return f"user:{request.user.pk}"
    return f"address:{limits.visitor_key(request)}"


def checked(wanted: AppointmentIn) -> None:
    """Check consent and email, with the same sentences as the form. Raises Wrong."""
    if not wanted.consent:
        raise RequestError("consent", _("Please agree to the cancellation policy."), field="consent")
    if words := wrong_email(wanted.email):
        raise RequestError("invalid", words, field="email")


@one_practice()
def booked(wanted: AppointmentIn, *, visitor: str) -> dict[str, Any]:
    """Book through the same action as the pages."""
    kind, people = type_and_practitioners(wanted.session_type, wanted.practitioner)
    practice = the_practice()
    zone = zone_asked(wanted.tz)
    held: Appointment | None = links.hold_of(wanted.hold) if wanted.hold else None
    if wanted.hold and held is None:
        raise RequestError("unknown_hold", _("We couldn’t find this hold."), field="hold")
    with alternatives_in_zone(zone):
        appointment = book(
            kind,
            practitioners=people,
            start=instant_asked(wanted.start, zone, practice),
            attendee=Attendee.from_answers(wanted.model_dump(), zone=zone.key),
            consent=wanted.consent,
            held=held,
            visitor=visitor,
        )
    return AppointmentOut(
        id=str(appointment.uid),
        start=utc_text(appointment.starts_at),
        end=utc_text(appointment.ends_at),
        practitioner=appointment.practitioner.slug,
        state=appointment.state,
        manage_url=links.manage_url(appointment),
    ).model_dump()


def routes_of(patterns: list[Any]) -> list[Any]:
    """Return the patterns with each route marked public: the site is closed by default."""
    for pattern in patterns:
        pattern.callback = open_to_all(pattern.callback, takes_json=pattern.name in TAKE_JSON)
    return patterns


routes = (routes_of(api.urls[0]), *api.urls[1:])
