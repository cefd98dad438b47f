"""PURE. Times at which a follow-up may go: wall times become instants, moves lead to the next allowed one."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.followups.engine.facts import FOLLOW_UP, DeliveryWindow, Facts, Plan, Prompt, Step
from portal.followups.engine.reasons import Reason
from practice.core.clock import (
    NonexistentTime,
    UnknownZone,
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
ABOUT = timedelta(hours=1)  # "emails come at about seven": so much later is still that hour


def zone_or(name: object, fallback: ZoneInfo) -> tuple[ZoneInfo, Reason | None]:
    """Return the named zone; for an unknown name, `fallback` (the practice's zone) and a warning."""
    try:
        return zone_named(name), None
    except UnknownZone:
        return fallback, Reason("unknown_zone", {"name": f"{name!s:.60}", "zone": fallback.key})


def due_of(plan: Plan, step: Step, zone: ZoneInfo) -> datetime:
    """Return the instant of a step: its wall time in the client's zone, at least 18 h after the session.

    A time that comes twice is taken the first time. One that the clocks skip is read as much later: taken
    as earlier, it would fall before what the client asked for.
    """
    day = plan.session_ended_at.astimezone(zone).date() + timedelta(days=step.days)
    # Not sooner than that, and still the next day: the first email's day matters more than its hour.
    return max(at_hour(day, step.at, zone), plan.session_ended_at.astimezone(UTC) + AFTER_SESSION)


def at_hour(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return when clocks in the zone read `at` that day; the first of two, the later side of a gap."""
    wall = datetime.combine(day, at)
    found = instants_of(wall, zone)
    try:
        return found[0] if found else resolve(wall, zone)
    except NonexistentTime as gap:
        return gap.candidates[-1]


def refusals(plan: Plan, facts: Facts, now: datetime) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield each reason against an email at this hour, as code and params (without `due`), in guard order."""
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


def next_allowed(moment: datetime, plan: Plan, facts: Facts, at: time) -> datetime:
    """Return the first time of the hour `at`, from `moment` on, that `refusals` would not refuse."""
    bounds = [moment, plan.session_ended_at + AFTER_SESSION, *(ends for _, _, ends in _caps(facts.prompts))]
    if facts.paused_until:
        bounds.append(facts.paused_until)
    return first_at(max(bounds).astimezone(UTC), facts.manner, at)


def first_at(moment: datetime, manner: DeliveryWindow, at: time) -> datetime:
    """Return the first time of the chosen hour from `moment` on, outside quiet hours, on an allowed weekday.

    An hour that lies within quiet hours is read as their end. An instant just after the hour still counts as
    about that hour: the email before went some seconds late, and three days later is that late too.
    """
    day = moment.astimezone(manner.zone).date() - timedelta(days=1)  # its quiet night may end today
    for shift in range(40):  # a week has seven days, and a zone may leave one out
        hour = at_hour(day + timedelta(days=shift), at, manner.zone)
        if _quiet(hour, manner):
            hour = next_window(hour, manner.zone, manner.quiet_until, manner.quiet_from)
        found = max(hour, moment)
        if found - hour <= ABOUT and _weekday_fits(found, manner) and not _quiet(found, manner):
            return found
    raise AssertionError("no allowed time within a month")  # cannot be: some weekday has that hour


def _quiet(moment: datetime, manner: DeliveryWindow) -> bool:
    return in_quiet_hours(moment, manner.zone, manner.quiet_from, manner.quiet_until)


def _weekday_fits(moment: datetime, manner: DeliveryWindow) -> bool:
    return not manner.weekdays or moment.astimezone(manner.zone).weekday() in manner.weekdays


def _caps(prompts: Iterable[Prompt]) -> Iterator[tuple[str, Prompt, datetime]]:
    """Yield each cap with the email that fills it, and until when the cap holds."""
    newest = sorted(prompts, key=lambda prompt: prompt.at, reverse=True)
    follow_up = next((prompt for prompt in newest if prompt.kind == FOLLOW_UP), None)
    if follow_up:
        yield "spacing", follow_up, follow_up.at + SPACING
    if newest:
        yield "cap_day", newest[0], newest[0].at + ONE_PER
    if len(newest) > 1:
        yield "cap_week", newest[1], newest[1].at + TWO_PER
