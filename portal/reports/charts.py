"""Twelve months as drawings, each with the same numbers as a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.practice_log.history import minutes_of
from portal.practice_log.practice_chart import Drawing
from portal.reports.engine.drawing import MonthOfBars, one_below_the_other, side_by_side
from portal.reports.engine.figures import MonthFigures
from portal.reports.wording import hours
from practice.core import formatting


@dataclass(frozen=True)
class TableRow:
    """A month of a table."""

    month: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """Twelve months of one thing: `drawings` for two widths, by their class, and the table."""

    key: str
    heading: str
    unit: str
    meaning: str
    drawings: tuple[tuple[str, Drawing], ...]
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


def charts_of(figures: Sequence[MonthFigures], *, locale: str) -> list[Chart]:
    """Return the charts in which there is something to see."""
    currencies = sorted({currency for month in figures for currency in month.currencies})
    charts = [
        _of_hours(figures, locale),
        *(_of_money(figures, currency, locale) for currency in currencies),
        _of_practice(figures, locale),
    ]
    return [chart for chart in charts if any(one.planks for one in chart.drawings[0][1].laid)]


def _of_hours(figures: Sequence[MonthFigures], locale: str) -> Chart:
    months = _bars(
        figures,
        lambda month: (month.counts.kept_minutes / 60, month.counts.other_minutes / 60),
        lambda month: _whole(month.counts.booked_minutes / 60, locale),
        locale,
    )
    return Chart(
        key="year-hours",
        heading=_("Sessions booked"),
        unit=_("hours"),
        meaning=_("A plank is the hours that took place. Dashed: missed, canceled late, or still ahead."),
        drawings=_drawn(months),
        columns=(pgettext("sessions", "Booked"), _("Took place"), _("No-shows"), _("Late cancellations")),
        rows=_rows(
            figures,
            lambda month: (
                hours(month.counts.booked_minutes, locale=locale),
                hours(month.counts.kept_minutes, locale=locale),
                formatting.number(month.counts.missed, locale=locale),
                formatting.number(month.counts.late, locale=locale),
            ),
            locale,
        ),
    )


def _of_money(figures: Sequence[MonthFigures], currency: str, locale: str) -> Chart:
    months = _bars(
        figures,
        lambda month: (month.in_all(currency) / 100, 0.0),
        lambda month: _whole(month.in_all(currency) / 100, locale),
        locale,
    )
    return Chart(
        key=f"year-received-{currency.lower()}",
        heading=_("Payments received"),
        unit=currency,
        meaning=_("All ways of paying together, less refunds."),
        drawings=_drawn(months),
        columns=(_("Received"),),
        rows=_rows(
            figures,
            lambda month: (formatting.money(month.in_all(currency), currency, locale=locale),),
            locale,
        ),
    )


def _of_practice(figures: Sequence[MonthFigures], locale: str) -> Chart:
    months = _bars(
        figures,
        lambda month: (month.counts.practice_ms / 60_000, 0.0),
        lambda month: _whole(minutes_of(month.counts.practice_ms), locale),
        locale,
    )
    return Chart(
        key="year-home",
        heading=_("Lessons heard at home"),
        unit=_("minutes"),
        meaning=_(
            "Lessons of all clients together. Exercises have no minutes, so they’re only in the table."
        ),
        drawings=_drawn(months),
        columns=(_("Times at home"), _("Time listened")),
        rows=_rows(
            figures,
            lambda month: (
                formatting.number(month.counts.practice_times, locale=locale),
                hours(minutes_of(month.counts.practice_ms), locale=locale),
            ),
            locale,
        ),
    )


def _bars(
    figures: Iterable[MonthFigures],
    sizes: Callable[[MonthFigures], tuple[float, float]],
    words: Callable[[MonthFigures], str],
    locale: str,
) -> list[MonthOfBars]:
    """Return the months as the drawing takes them; the year beside the first of them and each January."""
    return [
        MonthOfBars(
            formatting.short_month(month.first.month, locale=locale),
            str(month.first.year) if place == 0 or month.first.month == 1 else "",
            words(month),
            *sizes(month),
        )
        for place, month in enumerate(figures)
    ]


def _drawn(months: Sequence[MonthOfBars]) -> tuple[tuple[str, Drawing], ...]:
    return ("wide", side_by_side(months)), ("tall", one_below_the_other(months))


def _rows(
    figures: Iterable[MonthFigures], cells: Callable[[MonthFigures], tuple[str, ...]], locale: str
) -> tuple[TableRow, ...]:
    """Return the table, the newest month first."""
    rows = [TableRow(formatting.month_in_words(one.first, locale=locale), cells(one)) for one in figures]
    return tuple(reversed(rows))


def _whole(value: float, locale: str) -> str:
    """Return a number without decimals, and nothing for none; what is less than one half is said as 1."""
    if not value:
        return ""
    return formatting.number(round(value) or 1, locale=locale)
