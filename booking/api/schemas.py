"""Bodies and answers of the API, as OpenAPI describes them. Times are ISO 8601; instants in UTC end in Z."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, StrictBool, create_model

from booking.attendees.questions import QUESTIONS, Question
from booking.availability.listing import FreeStart

# Described here; checked in `routes.py`, where there is a sentence for it.
FILLED: dict[str, Any] = {"minLength": 1}


class Strict(Schema):
    """A body whose unknown fields are refused: a misspelled "hold" must not be ignored."""

    model_config = ConfigDict(extra="forbid")


class SessionTypeOut(Schema):
    """A session type that can be booked."""

    slug: str
    name: str
    minutes: int
    price_cents: int
    currency: str
    practitioners: list[str]
    place: str | None = Field(
        None,
        description='Left out if at the practice. "client": send phone and address. "phone": send phone.',
    )


class Slot(Schema):
    """A start time that can be booked now."""

    start: str = Field(examples=["2027-03-13T16:00:00Z"])
    end: str
    local: str = Field(examples=["2027-03-13T09:00:00-07:00"])
    practitioner: str


class Slots(Schema):
    """The available times in a range. If there are none, `reason` says why in a sentence."""

    tz: str
    slots: list[Slot]
    reason: str | None


class Explanation(Schema):
    """An answer to whether an instant can be booked, with the first rule that refuses it."""

    bookable: bool
    rule: str | None
    message: str


class Wanted(Strict):
    """A requested time: a start with its UTC offset, and a practitioner's slug or "any"."""

    session_type: str = Field(max_length=50, json_schema_extra=FILLED)
    practitioner: str = Field("any", max_length=50, json_schema_extra=FILLED)
    start: str = Field(max_length=40, json_schema_extra=FILLED, examples=["2027-03-13T09:00:00-07:00"])
    tz: str | None = Field(None, max_length=64, description="Time zone for a start without an offset.")


class HoldOut(Schema):
    """A kept time, and until when it is kept."""

    hold: str
    expires: str


def _none_is_empty(value: object) -> object:
    """Return "" for null: no phone number, or no address."""
    return "" if value is None else value


def _answer(question: Question, value: str) -> str:
    """Return a tidy answer, as the form's field does. Raises ValueError."""
    answer = question.tidy(value)
    if question.required and not answer:
        raise ValueError(str(question.missing))
    if answer and (words := question.wrong(answer)):
        raise ValueError(f"{words} {_('Or leave it blank.')}")
    return answer


def _property(question: Question) -> Any:
    """Return the type and the default of a property, as Pydantic makes a field of them.

    An email address is checked in `routes.py`, in the order that callers know.
    """
    length = Field(max_length=question.longest)
    if question.name == "email":
        return Annotated[str, length], Field(json_schema_extra={"format": "email"})
    read = AfterValidator(partial(_answer, question))
    if question.required:
        return Annotated[str, length, read], Field(json_schema_extra=FILLED)
    told = Field("", description=question.for_programs or None)
    return Annotated[str, length, read, BeforeValidator(_none_is_empty)], told


#: A requested time, and who comes: a property for each question that a booking asks.
WantedBySomeone: Any = create_model(
    "WantedBySomeone", __base__=Wanted, **{one.name: _property(one) for one in QUESTIONS}
)


class AppointmentIn(WantedBySomeone):
    """A booking."""

    consent: StrictBool = Field(json_schema_extra={"const": True})
    hold: str | None = Field(None, max_length=200)


class AppointmentOut(Schema):
    """A booked appointment, and where to manage it."""

    id: str
    start: str
    end: str
    practitioner: str
    state: str
    manage_url: str


class Problem(Schema):
    """An error: what happened and what to do."""

    code: str
    message: str
    fields: dict[str, str] | None = None


class Refused(Schema):
    """An error. With 409 it has the nearest free times."""

    error: Problem
    alternatives: list[Slot] | None = None


def utc_text(instant: dt.datetime) -> str:
    """Return an instant in UTC, with a Z."""
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def slot(free: FreeStart, zone: dt.tzinfo) -> Slot:
    """Return a free time as the API gives it, with its local time in `zone`."""
    return Slot(
        start=utc_text(free.start),
        end=utc_text(free.end),
        local=free.start.astimezone(zone).isoformat(),
        practitioner=free.practitioner.slug,
    )
