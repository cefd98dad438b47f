"""PURE. What a client is imagined to do in the coming weeks: changes of the facts, each with its moment."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from portal.followups.engine.facts import Facts, Plan, PracticeEntryFact
from portal.followups.engine.stages import named
from portal.followups.engine.when import AFTER_SESSION, at_hour


class Act(StrEnum):
    """An act of a client, or what happens to them."""

    PRACTICED = "practiced"
    WORSE = "worse"  # practiced, and had more pain afterward
    REPLIED = "replied"
    PAUSED = "paused"
    SESSION_OVER = "session_over"  # their next session was 18 hours ago, and nobody has wrapped it up


@dataclass(frozen=True)
class Happening:
    """An act at its moment; `change` returns the facts as they are from then on."""

    at: datetime
    act: Act
    change: Callable[[Facts], Facts]


@dataclass(frozen=True, kw_only=True)
class Behavior:
    """The imagined behavior of a client from a day on, which is day 0. Weekday 0 is Monday.

    They practice on these weekdays, and every so many days, at the hour `at` by their clock, and finish what
    they practice. `replies`: they write back a day after each email. `pause`: asked for right away.
    `worse_on`: the day on which practicing brings more pain.
    """

    weekdays: frozenset[int] = frozenset()
    every: int = 0
    at: time = time(18)
    replies: bool = False
    pause: timedelta = timedelta()
    worse_on: int | None = None


NOTHING_CHANGES = Behavior()
REPLY_AFTER = timedelta(days=1)


def happenings(
    behavior: Behavior, plan: Plan, zone: ZoneInfo, *, start: datetime, until: datetime
) -> list[Happening]:
    """Return the acts from `start` on and before `until`, the earliest first."""
    found = [
        Happening(
            at, Act.WORSE if day == behavior.worse_on else Act.PRACTICED, _practice(plan, at, day, behavior)
        )
        for day, at in _practice_times(behavior, zone, start, until)
    ]
    if behavior.pause:
        end = start + behavior.pause
        found.insert(0, Happening(start, Act.PAUSED, lambda facts: replace(facts, paused_until=end)))
    return found


def _practice_times(
    behavior: Behavior, zone: ZoneInfo, start: datetime, until: datetime
) -> Iterator[tuple[int, datetime]]:
    """Yield each practice as its day, counted from the first, and its moment."""
    first: date = start.astimezone(zone).date()
    for day in range((until - start).days + 2):
        on = first + timedelta(days=day)
        fits = on.weekday() in behavior.weekdays or (behavior.every and day % behavior.every == 0)
        if not fits and day != behavior.worse_on:
            continue
        at = at_hour(on, behavior.at, zone)
        if start <= at < until:
            yield day, at


def _practice(plan: Plan, at: datetime, day: int, behavior: Behavior) -> Callable[[Facts], Facts]:
    """Return the change by a practice of what an email would name then."""

    def change(facts: Facts) -> Facts:
        what = named(plan, facts) or ""
        entry = PracticeEntryFact(at=at, assignment=what, finished=True, worse=day == behavior.worse_on)
        return replace(facts, practices=(*facts.practices, entry))

    return change


def reply(at: datetime) -> Happening:
    """Return a reply at this moment: it counts as an answer, like a question."""
    return Happening(at, Act.REPLIED, lambda facts: replace(facts, questions=(*facts.questions, at)))


def sessions_over(sessions: Iterable[datetime]) -> list[Happening]:
    """Return the ends of booked sessions as follow-ups see them, from the beginnings of all that are booked.

    18 hours after a session began it holds back no email any more, and the one after it is the next.
    """
    begins: Sequence[datetime | None] = [*sorted(sessions), None]
    return [
        Happening(starts + AFTER_SESSION, Act.SESSION_OVER, _next_session(then))
        for starts, then in pairwise(begins)
        if starts
    ]


def _next_session(starts: datetime | None) -> Callable[[Facts], Facts]:
    return lambda facts: replace(facts, next_session=starts)
