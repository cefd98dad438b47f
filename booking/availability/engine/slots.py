"""Free starts: one judgement lists them, accepts them and explains them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from booking.availability.engine.audience import AskerStatus
from booking.availability.engine.explain import Refusal
from booking.availability.engine.hours import Schedule
from booking.availability.engine.intervals import Busy
from booking.availability.engine.service import Limits, Service
from booking.availability.engine.timeline import Timeline
from practice.core.clock import DAY, instant_at, seconds

__all__ = ["Busy", "Service", "beside", "first_refusal", "starts", "why_each", "why_none"]


def starts(
    service: Service,
    schedule: Schedule,
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    asker: AskerStatus = "unknown",
) -> list[datetime]:
    """Return all starts in `[first, until)` that `asker` may book: aware, in UTC, sorted, each once."""
    found = start_seconds(service, schedule, first=first, until=until, now=now, asker=asker)
    return list(map(instant_at, found))


def start_seconds(
    service: Service,
    schedule: Schedule,
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    asker: AskerStatus = "unknown",
) -> list[int]:
    """Return `starts` as whole seconds since 1970: for several people, of whose starts many are the same."""
    lo, hi = _within_reach(service, first, until, now)
    if lo >= hi or service.refuse(asker):
        return []
    return Timeline(service, schedule, lo, hi).bookable(lo, hi)


def beside(
    service: Service, schedule: Schedule, *, first: datetime, until: datetime, now: datetime
) -> set[datetime]:
    """Return the starts in `[first, until)` that lie as close to busy time as any start can."""
    lo, hi = _within_reach(service, first, until, now)
    if lo >= hi:
        return set()
    outlook = Timeline(service, schedule, lo, hi)
    close = outlook.beside()
    return {instant_at(second) for second in outlook.bookable(lo, hi) if second in close}


def first_refusal(
    service: Service, schedule: Schedule, start: datetime, *, now: datetime, asker: AskerStatus = "unknown"
) -> Refusal | None:
    """Return the first rule that refuses this start, or None when it may be booked.

    The same judgement as `starts`. To move an appointment, leave it out of `schedule.busy`. Raises ValueError
    for a start without a zone.
    """
    second, limits = seconds(start), Limits.of(service, now)
    # Far-off years end here, before any arithmetic could leave the calendar.
    refusal = service.refuse(asker) or limits.refuse(second)
    if refusal:
        return refusal
    outlook = Timeline(service, schedule, second, second + 1)
    return outlook.refuse(second, whole=start.microsecond == 0)


def why_none(
    service: Service,
    schedule: Schedule,
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    asker: AskerStatus = "unknown",
) -> Refusal | None:
    """Return what leaves `[first, until)` without a start, or None when there is one.

    If each start of the range is refused by another rule, the answer names them all (`several`). "Notice" is
    given only for a start that nothing else prevents: there a call to the practice helps. A range without any
    start that lies wholly too soon is too soon before it is closed.
    """
    [reason] = why_each(service, schedule, [(first, until)], now=now, asker=asker)
    limits, lo, hi = Limits.of(service, now), _ceil(first), _ceil(until)
    is_empty = reason is not None and reason.rule in ("closed_throughout", "too_short", "off_grid")
    return limits.refuse(hi - 1) if is_empty and lo < hi <= limits.earliest else reason


def why_each(
    service: Service,
    schedule: Schedule,
    ranges: Sequence[tuple[datetime, datetime]],
    *,
    now: datetime,
    asker: AskerStatus = "unknown",
) -> list[Refusal | None]:
    """Return `why_none` for each range, from one timeline: the days of a month cost as much as the month.

    A closed day is closed here, however soon it is.
    """
    if not_theirs := service.refuse(asker):
        return [not_theirs for _range in ranges]
    limits = Limits.of(service, now)
    spans = [(_ceil(first), _ceil(until)) for first, until in ranges]
    # A range beyond the reach on either side: a month past the horizon is enough to say so.
    lo = max(min((lo for lo, _hi in spans), default=0), limits.begin)
    hi = min(max((hi for _lo, hi in spans), default=0), limits.latest + 31 * DAY)
    outlook = Timeline(service, schedule, lo, hi) if lo < hi else None
    return [_why(service, outlook, limits, *range_) for range_ in ranges]


def _why(
    service: Service, outlook: Timeline | None, limits: Limits, first: datetime, until: datetime
) -> Refusal | None:
    lo, hi = _ceil(first), _ceil(until)
    begin, end = max(lo, limits.earliest), min(hi, limits.latest + 1)
    if outlook and begin < end and outlook.bookable(begin, end):
        return None
    if lo >= hi:
        return Refusal("range_empty", {"first": first, "until": until})
    if limits.earliest > limits.latest:
        return Refusal("notice_beyond_horizon", {"notice": service.notice, "horizon": service.horizon})
    if hi <= limits.begin or outlook is None:
        return limits.refuse(hi - 1)
    if lo > limits.latest:
        return limits.refuse(lo)
    found = _sum_up(outlook, limits, max(lo, limits.begin), min(hi, limits.latest + 31 * DAY))
    over = max(lo, limits.begin - DAY), limits.begin
    if found.rule == "closed_throughout" and over[0] < over[1] and outlook.candidates(*over):
        return limits.refuse(limits.begin - 1)  # like this evening: its hours are over
    return found


def _sum_up(outlook: Timeline, limits: Limits, lo: int, hi: int) -> Refusal:
    """Return the rules that refuse the starts this range would have with nothing booked."""
    span = {"first": instant_at(lo), "until": instant_at(hi)}
    found: dict[str, Refusal] = {}
    for second in outlook.candidates(lo, hi):
        refusal = limits.refuse(second)
        if refusal is None or refusal.rule == "notice":
            refusal = _others(outlook, second, span) or refusal or Refusal("fully_booked", span)
        found[refusal.rule] = refusal
    if not found:
        return outlook.refuse_range(lo, hi)
    if len(found) == 1:
        return next(iter(found.values()))
    return Refusal("several", {"refusals": tuple(found.values())})


def _others(outlook: Timeline, second: int, span: Mapping[str, datetime]) -> Refusal | None:
    """Return the rule beside the clock that refuses a start: the daily limit, a gap, or taken time."""
    if refusal := outlook.refuse_day(second):
        return refusal
    if outlook.refuse_gap(second):
        return Refusal("only_gaps", {**span, "shortest": outlook.shortest.minutes})
    return None if outlook.is_free(second) else Refusal("fully_booked", span)


def _within_reach(service: Service, first: datetime, until: datetime, now: datetime) -> tuple[int, int]:
    """Return the seconds of `[first, until)` between notice and horizon, as `[lo, hi)`."""
    limits = Limits.of(service, now)
    return max(_ceil(first), limits.earliest), min(_ceil(until), limits.latest + 1)


def _ceil(moment: datetime) -> int:
    """Return the first whole second at or after `moment`."""
    return seconds(moment) + (1 if moment.microsecond else 0)
