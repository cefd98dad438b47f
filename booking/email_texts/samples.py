"""The contexts of invented emails about sessions, as the emails' own modules make them of rows.

Made of the values of the words (`words.py`). For the editor each value is the word itself in braces, so that
the templates show where it belongs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from booking.email_texts.words import PRICE, clocks_at_home, example_start
from booking.policy.terms import terms_of_practice
from booking.policy.wording import policy_words
from practice.contact import please_call
from practice.queries import the_practice

Values = Mapping[str, str]


@dataclass(frozen=True)
class ExampleType:
    """An invented service."""

    name: str
    preparation: str = ""


@dataclass(frozen=True)
class ExampleSession:
    """An invented appointment, with what the templates read of one."""

    session_type: ExampleType
    place: str = "practice"
    state: str = "booked"


@dataclass(frozen=True)
class ExamplePlace:
    """Where an invented session is."""

    title: str
    lines: tuple[str, ...] = field(default_factory=tuple)
    link: str = ""


@dataclass(frozen=True)
class ExamplePractitioner:
    """An invented practitioner, who is their own user."""

    first_name: str

    @property
    def name(self) -> str:
        """Return the whole name."""
        return self.first_name

    @property
    def user(self) -> ExamplePractitioner:
        """Return who signs in."""
        return self

    def __str__(self) -> str:
        return self.first_name


def session(values: Values, *, place: str = "practice", **more: Any) -> dict[str, Any]:
    """Return the context of an email about one session (`booking.letters.context.for_client`)."""
    practice = the_practice()
    practitioner = ExamplePractitioner(values["practitioner"])
    lines = tuple(practice.address_lines) if place == "practice" else ()
    return {
        "appointment": ExampleSession(ExampleType(values.get("session", "")), place),
        "first_name": values["first_name"],
        "for_whom": "",
        "practitioner": practitioner,
        **{name: values[name] for name in ("day", "time", "begins", "when", "length", "price")},
        "beside": "",
        "covered": False,
        "windows": _windows(),
        "first_time": False,
        "where": ExamplePlace(values.get("place", ""), lines),
        "act_url": settings.SITE_URL + "/",
        "act_words": _("See, move or cancel"),
        "sign": practitioner.first_name,
        "sender": practitioner.name,
        "why": _("You’re receiving this because this session was booked with your email address."),
        **more,
    }


def _windows() -> list[tuple[str, str]]:
    practice = the_practice()
    return policy_words(
        terms_of_practice(practice),
        example_start(timezone.now()),
        price_cents=PRICE,
        currency=practice.currency,
        clocks=clocks_at_home(practice),
        call=please_call(practice),
    )


def series(values: Values, **more: Any) -> dict[str, Any]:
    """Return the context of an email about sessions booked together."""
    listed = {"when": values["when"], "beside": "", "url": settings.SITE_URL + "/"}
    return session(
        values,
        sessions=[listed, listed, listed],
        paid_by_package=0,
        single=values["price"],
        act_words=_("See all sessions"),
        **more,
    )


def waitlist(values: Values) -> dict[str, Any]:
    """Return the context of the email that somebody is on the waitlist."""
    return {
        "first_name": values["first_name"],
        "session": values["session"],
        "length": values["length"],
        "with_whom": _("with %(name)s") % {"name": _("Sam")},
        "days": _("on any day"),
        "times": "",
        "minutes": the_practice().offer_minutes,
        "act_url": settings.SITE_URL + "/",
        "act_words": _("See your request or leave the list"),
        "sender": "",
        "why": _("You’re receiving this because this email address was put on our waitlist."),
    }


def offer(values: Values) -> dict[str, Any]:
    """Return the context of the email about a time that opened up."""
    return session(
        values,
        announced="",
        still_asked="",
        until=values["until"],
        swaps="",
        act_words=_("See it and answer"),
        why=_("You’re receiving this because you’re on our waitlist."),
    )


def new_address(values: Values) -> dict[str, Any]:
    """Return the context of the email about the practice's new address."""
    return {
        "first_name": values["first_name"],
        "sessions": [values.get("begins", "")],
        "act_url": settings.SITE_URL + "/",
        "act_words": _("See, move or cancel"),
        "sender": "",
        "why": _("You’re receiving this because a session was booked with your email address."),
    }


def receipt(values: Values) -> dict[str, Any]:
    """Return the context of the email with a receipt."""
    return {
        "first_name": values["first_name"],
        "number": values["number"],
        "sum": values["sum"],
        "act_url": settings.SITE_URL + "/",
        "act_words": _("See your appointments"),
        "sender": "",
        "why": _("You’re receiving this because a session was booked with your email address."),
    }
