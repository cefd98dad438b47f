"""The numbers of a month in words: each with one line that says what it counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from booking.models import LedgerEntry
from booking.payments.wording import way_in_words
from portal.practice_log.history import minutes_of
from portal.reports.engine.figures import Counts, MonthFigures, ways_in
from practice.core import formatting

#: Ways of paying in their usual order.
WAYS = tuple(LedgerEntry.How.values)


@dataclass(frozen=True)
class Figure:
    """A number with its name, as shown; `meaning`: what it counts. `is_sum`: of those above it."""

    name: str
    value: str
    meaning: str = ""
    is_sum: bool = False


@dataclass(frozen=True)
class FigureGroup:
    """Figures under one heading. `meaning`: of all of them."""

    key: str
    heading: str
    figures: tuple[Figure, ...]
    meaning: str = ""


def groups_of(month: MonthFigures, *, locale: str) -> list[FigureGroup]:
    """Return the numbers of a month, by subject; money only if there was any."""
    counts = month.counts
    groups = [
        FigureGroup("sessions", _("Sessions"), _sessions(counts, locale)),
        FigureGroup("clients", _("Clients"), _clients(counts, locale)),
        FigureGroup(
            "payments",
            _("Payments received"),
            _payments(month, locale),
            _("What was recorded in this month, with tips and packages, less refunds."),
        ),
        FigureGroup("home", _("Practice between sessions"), _at_home(counts, locale)),
        FigureGroup("emails", _("Follow-up emails"), _emails(counts, locale)),
    ]
    return [group for group in groups if group.figures]


def hours(minutes: int, *, locale: str) -> str:
    """Return minutes as a length such as "12 hr 30 min"; "0" for none."""
    return formatting.short_duration(minutes, locale=locale) if minutes else "0"


def _sessions(counts: Counts, locale: str) -> tuple[Figure, ...]:
    def number(value: int) -> str:
        return formatting.number(value, locale=locale)

    return (
        Figure(
            pgettext("sessions", "Booked"),
            hours(counts.booked_minutes, locale=locale),
            _("%(sessions)s, with those missed or canceled late. Requests don’t count.")
            % {"sessions": sessions_in_words(counts.booked, locale=locale)},
        ),
        Figure(
            _("Took place"),
            hours(counts.kept_minutes, locale=locale),
            _("%(sessions)s that ended and weren’t missed.")
            % {"sessions": sessions_in_words(counts.kept, locale=locale)},
        ),
        Figure(_("No-shows"), number(counts.missed), _("Sessions marked as missed.")),
        Figure(
            _("Late cancellations"),
            number(counts.late),
            _("Canceled by the client after the free hours were over."),
        ),
        Figure(
            _("Filled from the waitlist"),
            number(counts.filled),
            _("Offers of an open time that were accepted in this month."),
        ),
    )


def sessions_in_words(number: int, *, locale: str) -> str:
    """Return a count such as "1 session", "12 sessions"."""
    return formatting.count(number, _("session"), _("sessions"), locale=locale)


def _clients(counts: Counts, locale: str) -> tuple[Figure, ...]:
    return (
        Figure(
            _("New clients"),
            formatting.number(counts.new_clients, locale=locale),
            _("Their first session here took place in this month."),
        ),
        Figure(
            _("Returning clients"),
            formatting.number(counts.returning_clients, locale=locale),
            _("They came in this month, and had come before it."),
        ),
    )


def _payments(month: MonthFigures, locale: str) -> tuple[Figure, ...]:
    found: list[Figure] = []
    for currency in month.currencies:
        ways = [how for its, how in ways_in([month], order=WAYS) if its == currency]
        found += [
            Figure(
                way_in_words(how).capitalize(),
                formatting.money(month.sum_of(currency, how), currency, locale=locale),
            )
            for how in ways
        ]
        total = formatting.money(month.in_all(currency), currency, locale=locale)
        found.append(Figure(_("Total"), total, is_sum=True))
    return tuple(found)


def _at_home(counts: Counts, locale: str) -> tuple[Figure, ...]:
    minutes = minutes_of(counts.practice_ms)
    return (
        Figure(
            _("Clients who practiced"),
            _("%(some)s of %(all)s")
            % {
                "some": formatting.number(counts.practiced, locale=locale),
                "all": formatting.number(counts.back, locale=locale),
            },
            _("Of those who came again: at least once since the session before."),
        ),
        Figure(
            _("Times at home"),
            formatting.number(counts.practice_times, locale=locale),
            _("Lessons and exercises of all clients, in this month."),
        ),
        Figure(_("Time listened"), hours(minutes, locale=locale), _("Lessons of all clients together.")),
    )


def _emails(counts: Counts, locale: str) -> tuple[Figure, ...]:
    def number(value: int) -> str:
        return formatting.number(value, locale=locale)

    followed = ngettext(
        "Their reader practiced within 3 days.",
        "Their readers practiced within 3 days.",
        counts.emails_followed,
    )
    return (
        Figure(
            pgettext("emails", "Sent"),
            number(counts.emails_sent),
            _("Emails between sessions that were sent."),
        ),
        Figure(
            _("Held back"),
            number(counts.emails_held),
            _("Due, but not sent: something spoke against it."),
        ),
        Figure(_("Followed by practice"), number(counts.emails_followed), followed),
    )
