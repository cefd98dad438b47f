"""The history page: what a client did at home in words, as a chart and as a table, and what they noticed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.contrib.humanize.templatetags.humanize import ordinal
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from portal import queries
from portal.client_pages import for_clients
from portal.models import PracticeEntry
from portal.over_time.charts import over_time
from portal.practice_log.history import (
    PracticedItem,
    Week,
    diary,
    minutes_of,
    practiced_items,
    sums,
    times_back,
    weeks,
)
from portal.practice_log.listening import day_of
from portal.practice_log.practice_chart import WeekOfBars, tall, wide
from portal.wording import on_day, times
from practice.core import formatting
from practice.models import Practice, User
from practice.queries import the_practice, zone_of


@dataclass(frozen=True)
class DiaryEntry:
    """An entry of the diary, in words."""

    entry: PracticeEntry
    day: str
    iso: str
    title: str
    about: str
    pain: str


@require_safe
@for_clients
def history(request: HttpRequest, client: User) -> HttpResponse:
    """Show the whole history, with the diary a page at a time."""
    practice, now = the_practice(), timezone.now()
    zone, locale = zone_of(client.zone, practice=practice), practice.locale
    all_of_it, today = sums(client), day_of(now, zone)
    if all_of_it.since is None:
        first = queries.first_free_lesson()
        return render(request, "portal/history.html", {"empty": True, "lesson": first})
    most = times_back(all_of_it, zone=zone, locale=locale, now=now)
    back = min(_whole_number(request.GET.get("back", "")), most)
    shown = weeks(client, all_of_it, zone=zone, locale=locale, now=now, back=back)
    heaps = [week_of_bars(week, locale=locale) for week in shown]
    page = diary(client, request.GET.get("page"))
    since = day_of(all_of_it.since, zone)
    return render(
        request,
        "portal/history.html",
        {
            "times": _times(all_of_it.times),
            "since": formatting.day_in_words(since, locale=locale, year=since.year != today.year),
            "heard": duration(minutes_of(all_of_it.heard_ms), locale=locale),
            "things": [
                (thing, how_often(thing, zone, practice, today=today)) for thing in practiced_items(client)
            ],
            "rows": list(zip(shown, heaps, strict=True)),
            "drawings": _drawings(shown, heaps),
            "has_exercises": any(week.exercises for week in shown),
            "earlier": back + 1 if back < most else None,
            "later": back - 1 if back else None,
            "page": page,
            "over_time": over_time(client, zone=zone, locale=locale, now=now),
            "diary": [_noted(entry, zone, practice, today_year=today.year) for entry in page],
        },
    )


def _whole_number(said: str) -> int:
    """Return the number in a query string, from 0; 0 for anything else."""
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 4 else 0


def _drawings(shown: list[Week], heaps: list[WeekOfBars]) -> list[tuple[str, object]]:
    """Return the chart for two widths; none where no minute was heard."""
    if not any(week.played for week in shown):
        return []
    return [("wide", wide(heaps)), ("tall", tall(heaps))]


def week_of_bars(week: Week, *, locale: str) -> WeekOfBars:
    """Return a week as the chart takes it."""
    minutes = minutes_of(week.heard_ms)
    return WeekOfBars(
        label=_short(week, locale=locale),
        times=times(len(week.played)) if week.played else "",
        minutes=formatting.short_duration(minutes, locale=locale) if minutes else "",
        note=_("with %(names)s") % {"names": formatting.listed(week.who, locale=locale)} if week.who else "",
        planks=tuple((one.heard_ms / 60_000, one.is_done) for one in week.played),
    )


def _short(week: Week, *, locale: str) -> str:
    """Return the day the week begins with, such as "Jan 18"."""
    return formatting.short_date(week.begins, locale=locale)


def duration(minutes: int, *, locale: str) -> str:
    """Return minutes in words, such as "3 hours 10 minutes"; "" for none."""
    return formatting.hours_in_words(minutes, locale=locale) if minutes else ""


def how_often(thing: PracticedItem, zone: ZoneInfo, practice: Practice, *, today: dt.date) -> str:
    """Return a sentence such as "5 times, 1 hr 45 min, last on Sunday"."""
    last = on_day(day_of(thing.last_at, zone), today=today, locale=practice.locale)
    heard = minutes_of(thing.heard_ms)
    parts = [
        times(thing.times),
        *([formatting.short_duration(heard, locale=practice.locale)] if heard else []),
    ]
    return ", ".join([*parts, _("last %(when)s") % {"when": last}])


def _times(number: int) -> str:
    return ngettext("Once at home", "%(number)s times at home", number) % {"number": number}


def _noted(entry: PracticeEntry, zone: ZoneInfo, practice: Practice, *, today_year: int) -> DiaryEntry:
    began = entry.began  # type: ignore[attr-defined]
    day, what = day_of(began, zone), entry.lesson or entry.exercise
    minutes = minutes_of(entry.heard_ms)
    about = [_("%(which)s time") % {"which": ordinal(entry.time)}] if entry.time else []  # type: ignore[attr-defined]
    about += [formatting.short_duration(minutes, locale=practice.locale)] if minutes else []
    return DiaryEntry(
        entry=entry,
        day=formatting.day_in_words(day, locale=practice.locale, year=day.year != today_year),
        iso=day.isoformat(),
        title=str(what),
        about=", ".join(about),
        pain=pain_in_words(entry.pain_before, entry.pain_after),
    )


def pain_in_words(before: str | None, after: str | None) -> str:
    """Return a sentence such as "Pain 3 before, 2 after, of 10."; "" where there is no number."""
    if before and after:
        return _("Pain (0–10): %(before)s before, %(after)s after.") % {"before": before, "after": after}
    if before:
        return _("Pain (0–10): %(before)s before.") % {"before": before}
    return _("Pain (0–10): %(after)s after.") % {"after": after} if after else ""
