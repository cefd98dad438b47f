"""All refusals of the API in one shape: a code for programs, a sentence for people, the fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from booking.api.schemas import Problem, Refused, slot
from booking.errors import (
    AttendeeIncomplete,
    BookingError,
    BusyNetwork,
    ConsentMissing,
    NotBookable,
    NotOffered,
    SlotTaken,
    TooManyHolds,
)
from practice.queries import practice_zone, the_practice

View = Callable[..., HttpResponseBase]
ABOUT: dict[type[BookingError], str] = {
    NotBookable: "start",
    NotOffered: "session_type",
    ConsentMissing: "consent",
}
BODY = "wanted"  # the operations' name for their body, which callers do not know


class RequestError(Exception):
    """Raised for a mistake in the request itself: a code, a sentence, a field, a status."""

    def __init__(self, code: str, message: str, *, field: str = "", status: int = 422, wait: int = 0) -> None:
        super().__init__(message)
        self.code, self.message, self.field, self.status, self.wait = code, message, field, status, wait


class TakenError(Exception):
    """Raised for SlotTaken, with the zone in which the alternatives are shown."""

    def __init__(self, error: SlotTaken, zone: ZoneInfo) -> None:
        super().__init__(error.message)
        self.error, self.zone = error, zone


@contextmanager
def alternatives_in_zone(zone: ZoneInfo) -> Iterator[None]:
    """Turn SlotTaken into Taken within this context: alternatives are shown in the asker's zone."""
    try:
        yield
    except SlotTaken as error:
        raise TakenError(error, zone) from error


def refused(
    status: int,
    code: str,
    message: str,
    *,
    fields: dict[str, str] | None = None,
    alternatives: list[Any] | None = None,
) -> JsonResponse:
    """Return an error in the one shape of this API."""
    shape = Refused(error=Problem(code=code, message=message, fields=fields), alternatives=alternatives)
    return JsonResponse(shape.model_dump(exclude_none=True), status=status)


def install(api: NinjaAPI) -> None:
    """Register handlers that answer an operation's errors in that shape; others are our mistake, a 500."""
    for kind, handler in HANDLERS.items():
        api.add_exception_handler(kind, handler)


def _wrong(request: HttpRequest, error: RequestError) -> HttpResponse:
    fields = {error.field: error.message} if error.field else None
    answer = refused(error.status, error.code, error.message, fields=fields)
    if error.wait:
        answer["Retry-After"] = str(error.wait)
    return answer


def _taken(request: HttpRequest, error: TakenError) -> HttpResponse:
    found = [slot(free, error.zone) for free in error.error.alternatives]
    return refused(409, error.error.code, error.error.message, alternatives=found)


def _taken_somewhere(request: HttpRequest, error: SlotTaken) -> HttpResponse:
    return _taken(request, TakenError(error, practice_zone(the_practice())))


def _incomplete(request: HttpRequest, error: AttendeeIncomplete) -> HttpResponse:
    return refused(422, "invalid", error.message, fields={error.field: error.message})


def _refused(request: HttpRequest, error: BookingError) -> HttpResponse:
    about = ABOUT.get(type(error))
    return refused(422, error.code, error.message, fields={about: error.message} if about else {})


def _keeps_many(request: HttpRequest, error: TooManyHolds | BusyNetwork) -> HttpResponse:
    answer = refused(429, error.code, error.message)
    answer["Retry-After"] = str(ceil(error.wait))  # by then the first of them has ended
    return answer


def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    fields = {_field(one): _said(one) for one in error.errors}
    return refused(422, "invalid", _("Some fields need to be corrected."), fields=fields)


def _unread(request: HttpRequest, error: HttpError) -> HttpResponse:
    return refused(error.status_code, "bad_request", _("We couldn’t read this request."))


def _nowhere(request: HttpRequest, error: Http404) -> HttpResponse:
    return refused(404, "not_found", _("There is nothing at this address."))


HANDLERS: dict[type[Exception], Callable[..., HttpResponse]] = {
    RequestError: _wrong,
    TakenError: _taken,
    SlotTaken: _taken_somewhere,
    AttendeeIncomplete: _incomplete,
    TooManyHolds: _keeps_many,
    BusyNetwork: _keeps_many,
    BookingError: _refused,
    ValidationError: _invalid,
    HttpError: _unread,
    Http404: _nowhere,
}


def _field(one: dict[str, Any]) -> str:
    """Return which field a validator complains about."""
    name = str(one["loc"][-1])
    return "body" if name == BODY else name


def _said(one: dict[str, Any]) -> str:
    """Return a validator's complaint as a sentence."""
    message = str(one.get("msg", "")).removeprefix("Value error, ").strip()
    return message if message.endswith(".") else f"{message}."


def open_to_all(view: View, *, takes_json: bool = False) -> View:
    """Wrap a route of the API: public, JSON in (else 415) and JSON out, also for a wrong method (405).

    The type is required because a browser sends JSON across sites only where it is allowed to; a form, or
    text that happens to be JSON, it would send from any page.
    """

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if takes_json and request.method == "POST" and request.content_type != "application/json":
            return refused(
                415, "unsupported_media_type", _("Send JSON with the header Content-Type: application/json.")
            )
        answer = view(request, *args, **kwargs)
        if answer.status_code != 405:
            return answer
        shaped = refused(405, "method_not_allowed", _("This address does not accept this method."))
        shaped["Allow"] = answer["Allow"]
        return shaped

    return login_not_required(answered)
