"""Which starts are free. One judgement lists them, accepts them and explains them."""

from datetime import datetime

from booking.scheduling.explain import Refusal
from booking.scheduling.hours import Schedule
from booking.scheduling.intervals import Busy
from booking.scheduling.outlook import Outlook
from booking.scheduling.service import Limits, Service
from practice.clock import DAY, instant_at, seconds

__all__ = ["Busy", "Service", "judge", "starts", "why_none"]


def starts(
    service: Service, schedule: Schedule, *, first: datetime, until: datetime, now: datetime
) -> list[datetime]:
    """All bookable starts in `[first, until)`: aware, in UTC, sorted, each once."""
    limits = Limits.of(service, now)
    lo, hi = max(_ceil(first), limits.earliest), min(_ceil(until), limits.latest + 1)
    if lo >= hi:
        return []
    outlook = Outlook(service, schedule, lo, hi)
    return [instant_at(second) for second in outlook.bookable(lo, hi)]


def judge(service: Service, schedule: Schedule, start: datetime, *, now: datetime) -> Refusal | None:
    """The first rule that refuses this start, or None: it may be booked. The judgement `starts` lists by.

    To move an appointment, leave it out of `schedule.busy`. Raises ValueError for a start without a zone.
    """
    second, limits = seconds(start), Limits.of(service, now)
    # Far-off years end here, before any arithmetic could leave the calendar.
    refusal = limits.refuse(second)
    if refusal:
        return refusal
    outlook = Outlook(service, schedule, second, second + 1)
    return outlook.refuse(second, whole=start.microsecond == 0)


def why_none(
    service: Service, schedule: Schedule, *, first: datetime, until: datetime, now: datetime
) -> Refusal | None:
    """What leaves `[first, until)` without a start, or None when there is one.

    Where each start of the range is refused by another rule, the answer names them all (`several`).
    """
    if starts(service, schedule, first=first, until=until, now=now):
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
    found: dict[str, Refusal] = {}
    for second in outlook.candidates(lo, hi):
        refusal = limits.refuse(second) or outlook.refuse_day(second)
        rule = refusal.rule if refusal else "fully_booked"
        found[rule] = refusal or Refusal(rule, {"first": instant_at(lo), "until": instant_at(hi)})
    if not found:
        return outlook.refuse_range(lo, hi)
    if len(found) == 1:
        return next(iter(found.values()))
    return Refusal("several", {"refusals": tuple(found.values())})


def _ceil(moment: datetime) -> int:
    """The first whole second that is not before the moment."""
    return seconds(moment) + (1 if moment.microsecond else 0)
