"""The one table of retention: what is kept, for how long, why, and which chore enforces it.

The pages, the dry run and the hourly job are all made from it, so none can promise what another does not do.
Each app adds its lines in `AppConfig.ready()`. A test fails for a model without a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from practice.backup.engine.keeping import longest
from practice.models import Practice


class Section(Enum):
    """The parts of the page, in their order."""

    RECORD = gettext_lazy("Your record")
    SESSIONS = gettext_lazy("Booking and paying")
    EMAILS = gettext_lazy("Emails and text messages")
    ACCOUNT = gettext_lazy("Signing in")
    LOGS = gettext_lazy("Who did what")
    PRACTICE = gettext_lazy("The practice’s own")


@dataclass(frozen=True, kw_only=True)
class RetentionRule:
    """One line. `models`: whose rows it is about, such as "practice.Letter"; none for files.

    `chores`: by name, what removes them (`practice.retention.chores`); or `job`: the scheduled task that
    does. Without either, they are kept as long as `how_long` says and go with something else, or with an
    erasure.
    `setting`: the field of `Practice` by which the owner changes the period. `is_public`: clients are told.
    """

    key: str
    section: Section
    what: Promise
    how_long: Callable[[Practice], str]
    why: Promise
    models: tuple[str, ...] = ()
    chores: tuple[str, ...] = ()
    job: str = ""
    setting: str = ""
    is_public: bool = True


A_YEAR = 365
_rules: dict[str, RetentionRule] = {}


def register(lines: Iterable[RetentionRule]) -> None:
    """Add the lines of an app, in the order of the page. Called in `AppConfig.ready()`.

    Raises ValueError when a key is taken: one of the two lines would be lost.
    """
    for line in lines:
        if line.key in _rules:
            raise ValueError(f"Two lines of retention have the key {line.key}.")
        _rules[line.key] = line


def all_rules() -> list[RetentionRule]:
    """Return every line, by section and then in the order in which the apps added them."""
    order = list(Section)
    return sorted(_rules.values(), key=lambda line: order.index(line.section))


# How a period is said.


def record_period(practice: Practice) -> str:
    """Return how long a client's record is kept."""
    years = practice.keep_records_years
    if not years:
        return _("until you ask us to erase it")
    return ngettext(
        "until %(years)s year has passed since you were last here, or until you ask us to erase it",
        "until %(years)s years have passed since you were last here, or until you ask us to erase it",
        years,
    ) % {"years": years}


def with_record(practice: Practice) -> str:
    """Return the period of what goes with the record."""
    return _("as long as your record")


def by_tax_law(practice: Practice) -> str:
    """Return the period of what the law asks for."""
    return _("as long as tax law requires")


def with_practice(practice: Practice) -> str:
    """Return the period of what is the practice's own."""
    return _("as long as the practice uses this site")


def days(number: int) -> str:
    """Return a length in days, or in years if it is whole ones."""
    if number and number % A_YEAR == 0:
        years = number // A_YEAR
        return ngettext("%(years)s year", "%(years)s years", years) % {"years": years}
    return ngettext("%(days)s day", "%(days)s days", number) % {"days": number}


def for_days(number: int) -> Callable[[Practice], str]:
    """Return a period that is the same for every practice."""
    return lambda _practice: days(number)


def as_backups_are_kept(practice: Practice) -> str:
    """Return for how long backups are kept, as BACKUP_KEEP says; without BACKUP_TO nobody here knows."""
    if not settings.BACKUP_TO:
        return _("until they’re replaced; ask us when")
    number, unit = longest(settings.BACKUP_KEEP)
    words = {
        "days": ngettext("up to %(number)s day", "up to %(number)s days", number),
        "weeks": ngettext("up to %(number)s week", "up to %(number)s weeks", number),
        "months": ngettext("up to %(number)s month", "up to %(number)s months", number),
    }
    return words[unit] % {"number": number}


def always(words: Promise) -> Callable[[Practice], str]:
    """Return a period that is told in these words."""
    return lambda _practice: str(words)


def for_days_of(setting: str) -> Callable[[Practice], str]:
    """Return a period that the owner chooses."""
    return lambda practice: days(getattr(practice, setting))
