"""Pain and activities over time in words: headings, drawings, and the same numbers as tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from portal.over_time import queries
from portal.over_time.line_chart import NARROW, WIDE, LineDrawing, Reading, drawn
from portal.over_time.queries import ActivityTime, PainTime, SessionDay
from practice.core import formatting
from practice.models import User


@dataclass(frozen=True)
class TableRow:
    """A day of a table; a session is a row of its own, with its words in `session`."""

    day: str
    cells: tuple[str, ...] = ()
    session: str = ""


@dataclass(frozen=True)
class Chart:
    """Numbers over time: the table, and `drawings` for two widths by their class, none of a single number."""

    key: str
    heading: str
    meaning: str
    drawings: tuple[tuple[str, LineDrawing], ...]
    columns: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclass(frozen=True)
class OverTime:
    """A client's charts, and the activities to rate again."""

    charts: tuple[Chart, ...]
    activities: tuple[str, ...]


def over_time(client: User, *, zone: ZoneInfo, locale: str, now: dt.datetime) -> OverTime:
    """Return the charts in which there is something to see, in four queries."""
    pain = queries.pain_times(client, zone=zone)
    rated = queries.activity_times(client, zone=zone)
    sessions = queries.session_days(client, zone=zone, now=now) if pain or rated else []
    charts = [_of_pain(pain, sessions, locale)] if pain else []
    names = queries.current_activities(rated)
    charts += [_of_activity(name, place, rated, sessions, locale) for place, name in enumerate(names)]
    return OverTime(tuple(charts), tuple(names))


def _of_pain(times: Sequence[PainTime], sessions: Sequence[SessionDay], locale: str) -> Chart:
    readings = []
    for one in times:
        readings += [Reading(one.day, one.before, before=True)] if one.before is not None else []
        readings += [Reading(one.day, one.after)] if one.after is not None else []
    rows = [(one.day, (_shown(one.before), _shown(one.after))) for one in times]
    return Chart(
        key="pain",
        heading=_("Pain, before and after practicing"),
        meaning=_("0 is none, 10 is the worst. A ring is before practicing, a dot is after."),
        drawings=_drawings(readings, sessions, locale),
        columns=(_("Before"), _("After")),
        rows=_rows(rows, sessions, locale),
    )


def _of_activity(
    name: str, place: int, times: Sequence[ActivityTime], sessions: Sequence[SessionDay], locale: str
) -> Chart:
    rated = [(one.day, one.scores[name]) for one in times if name in one.scores]
    return Chart(
        key=f"activity-{place}",
        heading=name,
        meaning=_("0 means you can’t do it at all, 10 means as well as before."),
        drawings=_drawings([Reading(day, value) for day, value in rated], sessions, locale),
        columns=(_("How well"),),
        rows=_rows([(day, (_shown(value),)) for day, value in rated], sessions, locale),
    )


def _drawings(
    readings: Sequence[Reading], sessions: Sequence[SessionDay], locale: str
) -> tuple[tuple[str, LineDrawing], ...]:
    """Return the chart for two widths; none for one number, which the table says better."""
    if len(readings) < 2:
        return ()
    days = [one.day for one in sessions]

    def in_words(day: dt.date) -> str:
        return formatting.short_date(day, locale=locale)

    return (
        ("wide", drawn(readings, days, width=WIDE, say=in_words)),
        ("tall", drawn(readings, days, width=NARROW, say=in_words)),
    )


def _rows(
    told: Sequence[tuple[dt.date, tuple[str, ...]]], sessions: Sequence[SessionDay], locale: str
) -> tuple[TableRow, ...]:
    """Return the table, the latest first, with the sessions from the first number on."""
    found = [(day, 0, TableRow(_in_words(day, locale), cells)) for day, cells in told]
    since = min(day for day, _cells in told) - dt.timedelta(days=7)
    for one in sessions:
        if one.day >= since:
            words = _("Session with %(who)s") % {"who": one.who}
            found.append((one.day, 1, TableRow(_in_words(one.day, locale), session=words)))
    return tuple(row for _day, _order, row in sorted(found, key=lambda one: one[:2], reverse=True))


def _in_words(day: dt.date, locale: str) -> str:
    return formatting.date_in_words(day, locale=locale)


def _shown(value: int | None) -> str:
    return "–" if value is None else str(value)
