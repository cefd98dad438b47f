"""PURE. A client's practice since their last session, for the two-minute brief before they come again.

Numbers as they told them, words as they wrote them; nothing is judged and nothing averaged.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from portal.practice_log.listening import day_of
from portal.practice_log.progress import PracticedOnce, Totals, totals
from practice.core.formatting import week_of

LAST_WORDS = 2
LAST_PAINS = 3
WEEK = dt.timedelta(days=7)


@dataclass(frozen=True)
class EntrySummary:
    """One practice entry, with the client's words and pain (None where none was told)."""

    practised: PracticedOnce
    title: str
    is_exercise: bool = False
    last_at: dt.datetime | None = None
    stopped_ms: int = 0
    noticing: str = ""
    before: int | None = None
    after: int | None = None
    felt: str = ""


@dataclass(frozen=True)
class ItemSummary:
    """A lesson or an exercise over that time. `stopped_ms`: where its last play-through stopped, if open."""

    title: str
    times: int
    finished: int
    minutes: int
    last_on: dt.date
    stopped_ms: int | None = None


@dataclass(frozen=True)
class NoticingSummary:
    """A noticing in the client's own words, and the day it belongs to."""

    on: dt.date
    words: str
    about: str


@dataclass(frozen=True)
class PainReport:
    """Pain from 0 to 10, before and after, on one day."""

    on: dt.date
    before: int | None
    after: int | None


@dataclass(frozen=True)
class ActivitySummary:
    """The sums since a moment. `floor` counts lessons only; things are in the order they were last done."""

    floor: Totals
    last_on: dt.date | None
    lessons: tuple[ItemSummary, ...]
    exercises: tuple[ItemSummary, ...]
    noticed: tuple[NoticingSummary, ...]
    pains: tuple[PainReport, ...]
    felt: tuple[tuple[str, int], ...]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing at all was done."""
        return not self.lessons and not self.exercises


@dataclass(frozen=True)
class Week:
    """Seven days from `begins`, by the client's own calendar."""

    begins: dt.date
    floor: Totals
    exercises: int


def pain(told: str | None) -> int | None:
    """Return the stored text as a number from 0 to 10; None for anything else."""
    return int(told) if told and told.isdecimal() and int(told) <= 10 else None


def sum_up(
    entries: Iterable[EntrySummary], *, zone: ZoneInfo, since: dt.datetime | None = None
) -> ActivitySummary:
    """Return the sums over what began at `since` or later; days are local ones in `zone`, the client's."""
    found = sorted(
        (one for one in entries if since is None or one.practised.began_at >= since),
        key=lambda one: (one.practised.began_at, one.practised.key),
    )
    lessons = [one for one in found if not one.is_exercise]
    floor = totals((one.practised for one in lessons), zone=zone)
    return ActivitySummary(
        floor=floor,
        last_on=day_of(floor.last_at, zone) if floor.last_at else None,
        lessons=_things(lessons, zone),
        exercises=_things([one for one in found if one.is_exercise], zone),
        noticed=tuple(
            NoticingSummary(day_of(one.practised.began_at, zone), one.noticing, one.title)
            for one in reversed(found)
            if one.noticing.strip()
        )[:LAST_WORDS],
        pains=_pains(found, zone)[-LAST_PAINS:],
        felt=tuple(Counter(one.felt for one in found if one.felt).most_common()),
    )


def _pains(entries: Sequence[EntrySummary], zone: ZoneInfo) -> tuple[PainReport, ...]:
    """Return one pair for each play-through: on a second device, "before" may be on the first one's entry."""
    plays: dict[int, PainReport] = {}
    for one in entries:
        play = one.practised.first or one.practised.key
        so_far = plays.get(play, PainReport(day_of(one.practised.began_at, zone), None, None))
        before = one.before if so_far.before is None else so_far.before
        after = so_far.after if one.after is None else one.after
        plays[play] = PainReport(so_far.on, before, after)
    return tuple(told for told in plays.values() if (told.before, told.after) != (None, None))


def _things(entries: Sequence[EntrySummary], zone: ZoneInfo) -> tuple[ItemSummary, ...]:
    by_what: dict[str, list[EntrySummary]] = defaultdict(list)
    for one in entries:
        by_what[one.practised.what].append(one)
    things = [(_latest(ones), _thing(ones, zone)) for ones in by_what.values()]
    return tuple(thing for _, thing in sorted(things, key=lambda pair: pair[0], reverse=True))


def _latest(entries: Sequence[EntrySummary]) -> dt.datetime:
    return max(one.practised.began_at for one in entries)


def _thing(entries: Sequence[EntrySummary], zone: ZoneInfo) -> ItemSummary:
    sums = totals((one.practised for one in entries), zone=zone)
    return ItemSummary(
        title=entries[-1].title,
        times=sums.times,
        finished=sums.finished,
        minutes=sums.minutes,
        last_on=day_of(_latest(entries), zone),
        stopped_ms=_stopped(entries),
    )


def _stopped(entries: Sequence[EntrySummary]) -> int | None:
    """Return where the last play-through stopped, on any device; None when it was finished."""
    last = max(entries, key=lambda one: (one.last_at or one.practised.began_at, one.practised.key))
    play = last.practised.first or last.practised.key
    done = any(one.practised.is_done for one in entries if play in (one.practised.first, one.practised.key))
    return None if done or not last.stopped_ms else last.stopped_ms


def weeks(
    entries: Iterable[EntrySummary], *, zone: ZoneInfo, now: dt.datetime, locale: str, count: int = 6
) -> list[Week]:
    """Return the last `count` weeks, the present one first; weeks without practice are included."""
    found = list(entries)
    this = week_of(now.astimezone(zone).date(), locale=locale)
    return [_week(found, this - number * WEEK, zone) for number in range(count)]


def _week(entries: Sequence[EntrySummary], begins: dt.date, zone: ZoneInfo) -> Week:
    within = [one for one in entries if begins <= day_of(one.practised.began_at, zone) < begins + WEEK]
    return Week(
        begins=begins,
        floor=totals((one.practised for one in within if not one.is_exercise), zone=zone),
        exercises=sum(one.is_exercise for one in within),
    )
