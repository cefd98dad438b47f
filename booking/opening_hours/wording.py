"""Sentences about hours: what is wrong with typed ones, and what other hours would change."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.opening_hours.engine.comparison import WeekdayChange
from booking.opening_hours.engine.typed_times import TimeProblem, shown_time, shown_window
from booking.opening_hours.engine.week import Clash, OpenSpan, Week
from practice.core import formatting


def weekdays(locale: str) -> list[tuple[int, str]]:
    """Return the days of the week in the locale's order, each with its name."""
    order = formatting.in_week_order(range(7), locale=locale)
    return [(day, formatting.weekday_name(day, locale=locale)) for day in order]


def at_day(weekday: int, words: str, *, locale: str) -> str:
    """Return a message with its day before it: "Tuesday: …"."""
    return _("%(day)s: %(words)s") % {
        "day": formatting.weekday_name(weekday, locale=locale),
        "words": words,
    }


def of_time(problem: TimeProblem) -> str:
    """Return what is wrong with one typed time."""
    if problem.code == "missing":
        if problem.field == "opens":
            return _("Please enter when it opens, or clear both fields.")
        return _("Please enter when it closes, or clear both fields.")
    return _("We can’t read that time. Please enter it like 9:00 AM or 13:30.")


def ends_first(window: OpenSpan, *, locale: str) -> str:
    """Return the question about hours that end before they begin."""
    return _(
        "These hours end before they begin. If they end on the next day, at %(closes)s, check the box. "
        "Otherwise, please correct the times."
    ) % {"closes": shown_time(window.closes, locale=locale)}


def clash(found: Clash, row: OpenSpan, other: OpenSpan, *, locale: str) -> str:
    """Return which hours overlap or touch, and what they would be together."""
    said = {
        "one": shown_window(other, locale=locale),
        "two": shown_window(row, locale=locale),
        "together": shown_window(found.together, locale=locale),
    }
    if found.other_day != found.weekday:
        said["day"] = formatting.weekday_name(found.other_day, locale=locale)
        return _("%(two)s overlaps the night before: %(day)s, %(one)s.") % said
    if found.kind == "touch":
        return _("%(one)s and %(two)s follow each other directly. Together: %(together)s.") % said
    return _("%(one)s and %(two)s overlap. Together: %(together)s.") % said


def change(found: WeekdayChange, *, locale: str) -> str:
    """Return what changes on a weekday: "Tuesday: 6 times more"."""
    days = formatting.weekday_name(found.weekday, locale=locale)
    said = {"day": days, "more": found.gained, "fewer": found.lost}
    if found.gained and found.lost:
        return _("%(day)s: %(more)s times more, and %(fewer)s no longer offered") % said
    if found.gained:
        return ngettext("%(day)s: 1 time more", "%(day)s: %(more)s times more", found.gained) % said
    return ngettext("%(day)s: 1 time fewer", "%(day)s: %(fewer)s times fewer", found.lost) % said


def day_in_short(week: Week, weekday: int, *, locale: str) -> str:
    """Return a day's hours in one line, or that it is closed."""
    hours = [shown_window(one, locale=locale) for one in week[weekday]]
    return formatting.listed(hours, locale=locale) if hours else _("Closed")


def changed_days(before: Week, after: Week, *, locale: str) -> list[str]:
    """Return each day that differs, with both hours: "Tuesday: Closed → 9:00 AM – 1:00 PM"."""
    return [
        _("%(day)s: %(before)s → %(after)s")
        % {
            "day": name,
            "before": day_in_short(before, day, locale=locale),
            "after": day_in_short(after, day, locale=locale),
        }
        for day, name in weekdays(locale)
        if before[day] != after[day]
    ]
