"""The words that the owner's texts about sessions can have, with an invented value for each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.time_zones.clocks import Clocks
from practice.core import formatting
from practice.email_texts.registry import Context, Part, Word
from practice.models import Practice
from practice.queries import practice_zone, the_practice

LENGTH, PRICE = 90, 14_000
#: An example is a week ahead, in the afternoon.
AHEAD, HOUR = timedelta(days=7), 14

FIRST_NAME = Word(
    "first_name", gettext_lazy("The client’s first name"), lambda told: told["first_name"], in_subject=True
)
PRACTICE = Word(
    "practice", gettext_lazy("The name of the practice"), lambda told: told["practice"].name, in_subject=True
)
PRACTITIONER = Word(
    "practitioner",
    gettext_lazy("The practitioner’s first name"),
    lambda told: told["practitioner"].first_name,
    in_subject=True,
)
DAY = Word("day", gettext_lazy("The day of the session"), lambda told: told["day"], in_subject=True)
TIME = Word("time", gettext_lazy("The time it starts"), lambda told: told["time"], in_subject=True)
BEGINS = Word(
    "begins", gettext_lazy("The day and the time it starts"), lambda told: told["begins"], in_subject=True
)
WHEN = Word("when", gettext_lazy("The day, and from when to when"), lambda told: told["when"])
LENGTH_WORD = Word("length", gettext_lazy("How long it takes"), lambda told: told["length"], in_subject=True)
PRICE_WORD = Word("price", gettext_lazy("What it costs"), lambda told: told["price"])
PLACE = Word("place", gettext_lazy("Where it is"), lambda told: told["where"].title)
SESSION = Word(
    "session", gettext_lazy("The name of the service"), lambda told: told["appointment"].session_type.name
)
WAS = Word("was", gettext_lazy("The day and time before the change"), lambda told: told.get("was") or "")
WAS_WITH = Word(
    "was_with", gettext_lazy("The practitioner before the change"), lambda told: told.get("was_with") or ""
)
WAS_LENGTH = Word("was_length", gettext_lazy("The length before the change"), lambda told: told["was_length"])
ANSWER_BY = Word("answer_by", gettext_lazy("Until when you will answer"), lambda told: told["answer_by"])
UNTIL = Word("until", gettext_lazy("Until when the time is held"), lambda told: told["until"])
SERVICE = Word("session", gettext_lazy("The name of the service"), lambda told: told["session"])
NUMBER = Word(
    "number", gettext_lazy("The number of the receipt"), lambda told: str(told["number"]), in_subject=True
)
SUM = Word("sum", gettext_lazy("What was received"), lambda told: told["sum"])
ABOUT_SESSION = (
    *(FIRST_NAME, PRACTITIONER, PRACTICE, DAY, TIME, BEGINS, WHEN),
    *(LENGTH_WORD, PRICE_WORD, PLACE, SESSION),
)

OPENING = Part(
    "opening",
    gettext_lazy("Before the details"),
    gettext_lazy("The details of the session follow, with the link."),
)
ENDING = Part(
    "ending",
    gettext_lazy("After the details"),
    gettext_lazy("For example where to park. The link and the signature follow."),
    may_be_empty=True,
)
PARTS = (OPENING, ENDING)


def read(words: tuple[Word, ...], told: Context) -> dict[str, str]:
    """Return the values of these words in the context of an email."""
    return {word.name: word.read(told) for word in words}


def clocks_at_home(practice: Practice) -> Clocks:
    """Return the practice's own clock."""
    zone = practice_zone(practice)
    return Clocks(zone, zone, practice.locale)


def example_start(now: datetime) -> datetime:
    """Return when the invented session begins, in UTC."""
    there = (now + AHEAD).astimezone(practice_zone(the_practice()))
    return there.replace(hour=HOUR, minute=0, second=0, microsecond=0).astimezone(UTC)


def examples(now: datetime) -> Mapping[str, str]:
    """Return an invented value for every word about sessions, in the present language."""
    practice = the_practice()
    clocks, start, locale = clocks_at_home(practice), example_start(now), practice.locale
    earlier = start - timedelta(days=1)
    length = timedelta(minutes=LENGTH)
    return {
        "first_name": _("Alex"),
        "practice": practice.name,
        "practitioner": _("Sam"),
        "day": clocks.day(start),
        "time": clocks.time(start),
        "begins": clocks.moment(start),
        "when": clocks.span(start, start + length),
        "length": formatting.minutes_in_words(LENGTH, locale=locale),
        "price": formatting.money(PRICE, practice.currency, locale=locale),
        "place": practice.name,
        "session": _("First session"),
        "was": clocks.span(earlier, earlier + length),
        "was_with": _("Robin Hale"),
        "was_length": formatting.minutes_in_words(60, locale=locale),
        "answer_by": clocks.moment(now + timedelta(days=2)),
        "until": clocks.moment(now + timedelta(hours=1)),
        "number": "1042",
        "sum": formatting.money(PRICE, practice.currency, locale=locale),
    }
