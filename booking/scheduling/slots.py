"""Which starts are free. One judgement lists them, accepts them and explains them."""

from datetime import datetime

from booking.scheduling.explain import Refusal
from booking.scheduling.hours import Schedule
from booking.scheduling.intervals import Busy
from booking.scheduling.outlook import Outlook
from booking.scheduling.service import Limits, Service
from booking.scheduling.who import Asker
from practice.clock import DAY, instant_at, seconds

__all__ = ["Busy", "Service", "beside", "judge", "starts", "why_none"]


def starts(
    service: Service,
    schedule: Schedule,
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    asker: Asker = "unknown",
) -> list[datetime]:
    """All starts in `[first, until)` that `asker` may book: aware, in UTC, sorted, each once."""
    lo, hi = _within_reach(service, first, until, now)
    if lo >= hi or service.refuse(asker):
        return []
    outlook = Outlook(service, schedule, lo, hi)
    return [instant_at(second) for second in outlook.bookable(lo, hi)]


def beside(
    service: Service, schedule: Schedule, *, first: datetime, until: datetime, now: datetime
) -> set[datetime]:
    """Of what `starts` lists in `[first, until)`: those as close to something taken as any start comes."""
    lo, hi = _within_reach(service, first, until, now)
    if lo >= hi:
        return set()
    outlook = Outlook(service, schedule, lo, hi)
    close = outlook.beside()
    return {instant_at(second) for second in outlook.bookable(lo, hi) if second in close}


def judge(
    service: Service, schedule: Schedule, start: datetime, *, now: datetime, asker: Asker = "unknown"
) -> Refusal | None:
    """The first rule that refuses this start, or None: it may be booked. The judgement `starts` lists by.

    To move an appointment, leave it out of `schedule.busy`. Raises ValueError for a start without a zone.
    """
    second, limits = seconds(start), Limits.of(service, now)
    # Far-off years end here, before any arithmetic could leave the calendar.
    refusal = service.refuse(asker) or limits.refuse(second)
    if refusal:
        return refusal
    outlook = Outlook(service, schedule, second, second + 1)
    return outlook.refuse(second, whole=start.microsecond == 0)


def why_none(
    service: Service,
    schedule: Schedule,
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    asker: Asker = "unknown",
) -> Refusal | None:
    """What leaves `[first, until)` without a start, or None when there is one.

    Where each start of the range is refused by another rule, the answer names them all (`several`).
    """
    if not_theirs := service.refuse(asker):
        return not_theirs
    if starts(service, schedule, first=first, until=until, now=now, asker=asker):
        return None
    lo, hi = _ceil(first), _ceil(until)
    if lo >= hi:
        return Refusal("range_empty", {"first": first, "until": until})
    limits = Limits.of(service, now)
    if limits.earliest > limits.latest:
        return Refusal("notice_beyond_horizon", {"notice": service.notice, "horizon": service.horizon})
    out_of_reach = limits.refuse(hi - 1) if hi <= limits.earliest else None
    if lo > limits.latest:
        out_of_reach = limits.refuse(lo)
    if out_of_reach:
        return out_of_reach
    # A range that leaves the reach on either side: a month beyond the horizon is enough to say so.
    lo, hi = max(lo, limits.begin), min(hi, limits.latest + 31 * DAY)
    return _sum_up(Outlook(service, schedule, lo, hi), limits, lo, hi)


def _sum_up(outlook: Outlook, limits: Limits, lo: int, hi: int) -> Refusal:
    """The rules that refuse the starts this range would have, if all it had were opening hours."""
    span = {"first": instant_at(lo), "until": instant_at(hi)}
    found: dict[str, Refusal] = {}
    for second in outlook.candidates(lo, hi):
        refusal = limits.refuse(second) or outlook.refuse_day(second)
        if refusal is None and outlook.refuse_gap(second):
            refusal = Refusal("only_gaps", {**span, "shortest": outlook.shortest.minutes})
        refusal = refusal or Refusal("fully_booked", span)
        found[refusal.rule] = refusal
    if not found:
        return outlook.refuse_range(lo, hi)
    if len(found) == 1:
        return next(iter(found.values()))
    return Refusal("several", {"refusals": tuple(found.values())})


def _within_reach(service: Service, first: datetime, until: datetime, now: datetime) -> tuple[int, int]:
    """The seconds of `[first, until)` that lie between notice and horizon, as `[lo, hi)`."""
    limits = Limits.of(service, now)
    return max(_ceil(first), limits.earliest), min(_ceil(until), limits.latest + 1)


def _ceil(moment: datetime) -> int:
    """The first whole second that is not before the moment."""
    return seconds(moment) + (1 if moment.microsecond else 0)
