"""PURE. When a letter may go: wall times become instants, and moves lead to the next allowed time."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.followups.facts import FOLLOW_UP, Facts, Manner, Plan, Prompt, Step
from portal.followups.reasons import Reason
from practice.clock import (
    NonexistentTime,
    UnknownZone,
    day_bounds,
    in_quiet_hours,
    instants_of,
    next_window,
    resolve,
    zone_named,
)

AFTER_SESSION = timedelta(hours=18)
SPACING = timedelta(days=3)  # after a follow-up, and after practice
ONE_PER = timedelta(hours=24)  # caps, over all kinds of encouragement
TWO_PER = timedelta(days=7)


def zone_or(name: object, fallback: ZoneInfo) -> tuple[ZoneInfo, Reason | None]:
    """The zone of that name; of an unknown one the fallback (the practice's), and a warning."""
    try:
        return zone_named(name), None
    except UnknownZone:
        return fallback, Reason("unknown_zone", {"name": f"{name!s:.60}", "zone": fallback.key})


def due_of(plan: Plan, step: Step, zone: ZoneInfo) -> datetime:
    """The instant of a step: its wall time in the client's zone, not sooner than 18 h after the session.

    A time that comes twice is taken the first time. One that the clocks skip is read as much later: taken
    as earlier, it would fall before what the client asked for.
    """
    day = plan.session_ended_at.astimezone(zone).date() + timedelta(days=step.days)
    wall = datetime.combine(day, step.at)
    found = instants_of(wall, zone)
    try:
        due = found[0] if found else resolve(wall, zone)
    except NonexistentTime as gap:
        due = gap.candidates[-1]
    return max(due, plan.session_ended_at.astimezone(UTC) + AFTER_SESSION)


def refusals(plan: Plan, facts: Facts, now: datetime) -> Iterator[tuple[str, dict[str, object]]]:
    """What forbids a letter at this hour, in the order of the guards. Code and params, without `due`."""
    manner = facts.manner
    if facts.paused_until and now < facts.paused_until:
        yield "paused", {"until": facts.paused_until}
    if now < plan.session_ended_at + AFTER_SESSION:
        yield "too_soon", {"session": plan.session_ended_at}
    if _quiet(now, manner):
        yield "quiet_hours", {"begins": manner.quiet_from, "ends": manner.quiet_until}
    if not _weekday_fits(now, manner):
        yield "weekday", {"weekday": now.astimezone(manner.zone).weekday()}
    for code, prompt, ends in _caps(facts.prompts):
        if now < ends:
            yield code, {"at": prompt.at}


def next_allowed(moment: datetime, plan: Plan, facts: Facts) -> datetime:
    """The first instant, from this one on, that `refusals` has nothing against."""
    bounds = [moment, plan.session_ended_at + AFTER_SESSION, *(ends for _, _, ends in _caps(facts.prompts))]
    if facts.paused_until:
        bounds.append(facts.paused_until)
    return in_window(max(bounds).astimezone(UTC), facts.manner)


def in_window(moment: datetime, manner: Manner) -> datetime:
    """The first instant, from this one on, outside quiet hours and on a day the client likes."""
    for _ in range(30):  # each turn ends a quiet night or a day; a week has seven
        if _quiet(moment, manner):
            moment = next_window(moment, manner.zone, manner.quiet_until, manner.quiet_from)
        elif not _weekday_fits(moment, manner):
            moment = day_bounds(moment.astimezone(manner.zone).date(), manner.zone)[1]
        else:
            return moment
    raise AssertionError("no allowed time within two weeks")  # cannot be: some weekday has an open hour


def _quiet(moment: datetime, manner: Manner) -> bool:
    return in_quiet_hours(moment, manner.zone, manner.quiet_from, manner.quiet_until)


def _weekday_fits(moment: datetime, manner: Manner) -> bool:
    return not manner.weekdays or moment.astimezone(manner.zone).weekday() in manner.weekdays


def _caps(prompts: Iterable[Prompt]) -> Iterator[tuple[str, Prompt, datetime]]:
    """Each cap with the letter that fills it, and until when it holds."""
    newest = sorted(prompts, key=lambda prompt: prompt.at, reverse=True)
    follow_up = next((prompt for prompt in newest if prompt.kind == FOLLOW_UP), None)
    if follow_up:
        yield "spacing", follow_up, follow_up.at + SPACING
    if newest:
        yield "cap_day", newest[0], newest[0].at + ONE_PER
    if len(newest) > 1:
        yield "cap_week", newest[1], newest[1].at + TWO_PER
