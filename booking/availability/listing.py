"""The one doorway to the slot engine: rows go in (`loading`), free times and judgements come out.

Pages, API and actions all ask here, so what is listed is what can be booked. The number of queries is the
same for one practitioner and for ten, for an empty calendar and for a full one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.availability.engine import slots
from booking.availability.engine.audience import Asker
from booking.availability.engine.explain import Refusal, nearness
from booking.availability.engine.hours import Schedule
from booking.availability.engine.service import Limits
from booking.availability.engine.slots import Service
from booking.availability.loading import schedules, service_of
from booking.models import Appointment, SessionType
from practice.core.clock import seconds
from practice.models import Practitioner

NEARBY = (timedelta(days=3), timedelta(days=11))  # where alternatives are looked for first


@dataclass(frozen=True)
class Free:
    """A start that can be booked now, with who is free then. Instants in UTC, half-open.

    `beside`: it comes as close to a taken time as any does, and the type prefers that.
    """

    start: datetime
    end: datetime
    practitioner: Practitioner
    beside: bool = False


@dataclass(frozen=True)
class Look:
    """Everybody's rules and taken time around `[first, until)`, read once: what is free, or why nothing."""

    service: Service
    practitioners: list[Practitioner]
    plans: dict[int, Schedule]
    first: datetime
    until: datetime
    now: datetime
    asker: Asker = "unknown"

    def free(self) -> list[Free]:
        """All bookable starts, sorted, each once, naming the first who is free then.

        Where starts beside a taken time are preferred, the first for whom it is one.
        """
        length = timedelta(minutes=self.service.minutes)
        found: dict[datetime, Free] = {}
        for person in self.practitioners:
            close = self._beside(person)
            for start in self.starts_of(person):
                mine = Free(start, start + length, person, start in close)
                if start not in found or (mine.beside and not found[start].beside):
                    found[start] = mine
        return [found[start] for start in sorted(found)]

    def starts_of(self, person: Practitioner) -> list[datetime]:
        """One practitioner's bookable starts, sorted."""
        span = {"first": self.first, "until": self.until, "now": self.now}
        return slots.starts(self.service, self.plans[person.pk], **span, asker=self.asker)

    def _beside(self, person: Practitioner) -> set[datetime]:
        if self.service.gaps != "prefer":
            return set()
        span = {"first": self.first, "until": self.until, "now": self.now}
        return slots.beside(self.service, self.plans[person.pk], **span)

    def refusals(self, start: datetime) -> dict[int, Refusal | None]:
        """By practitioner id, the first rule that refuses this start of the range; None: it can be booked."""
        return {
            pk: slots.judge(self.service, plan, start, now=self.now, asker=self.asker)
            for pk, plan in self.plans.items()
        }

    def why_none(self) -> Refusal | None:
        """What leaves the range without a start, or None when there is one.

        With several practitioners: the reason of whoever came nearest to being free.
        """
        span = {"first": self.first, "until": self.until, "now": self.now}
        plans = self.plans.values()
        return nearest([slots.why_none(self.service, plan, **span, asker=self.asker) for plan in plans])

    def why_each(self, ranges: Sequence[tuple[datetime, datetime]]) -> list[Refusal | None]:
        """The same of ranges that lie within this one: the days of a month (`slots.why_each`)."""
        mine = [
            slots.why_each(self.service, plan, ranges, now=self.now, asker=self.asker)
            for plan in self.plans.values()
        ]
        return [nearest([one[number] for one in mine]) for number in range(len(ranges))]


def nearest(reasons: Sequence[Refusal | None]) -> Refusal | None:
    """The reason of whoever came nearest to being free; None where somebody is, or nobody was asked."""
    if not reasons or None in reasons:
        return None
    return max((reason for reason in reasons if reason), key=nearness)


def look(
    session_type: SessionType,
    practitioners: Iterable[Practitioner],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: Asker = "unknown",
) -> Look:
    """Read `[first, until)` once, in four queries; in five where gaps are refused.

    `ignoring`: an appointment to be moved, or the asker's own hold. Its length and buffers stay as booked.
    `asker`: what is known of whoever asks (`queries.asker_of`).
    """
    practitioners = list(practitioners)
    plans = schedules(session_type, practitioners, first=first, until=until, now=now, ignoring=ignoring)
    return Look(service_of(session_type, ignoring), practitioners, plans, first, until, now, asker)


def free(
    session_type: SessionType,
    practitioners: Iterable[Practitioner],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: Asker = "unknown",
) -> list[Free]:
    """All bookable starts in `[first, until)`; see `Look.free`."""
    return look(
        session_type, practitioners, first=first, until=until, now=now, ignoring=ignoring, asker=asker
    ).free()


def judge(
    session_type: SessionType,
    practitioner: Practitioner,
    start: datetime,
    *,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: Asker = "unknown",
) -> Refusal | None:
    """The first rule that refuses this start, or None: it can be booked."""
    found = judge_each(session_type, [practitioner], start, now=now, ignoring=ignoring, asker=asker)
    return found[practitioner.pk]


def judge_each(
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    start: datetime,
    *,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: Asker = "unknown",
) -> dict[int, Refusal | None]:
    """The same judgement for several practitioners at once, by their id."""
    if refusal := out_of_reach(session_type, start, now=now, ignoring=ignoring, asker=asker):
        return {practitioner.pk: refusal for practitioner in practitioners}
    until = start + timedelta(minutes=service_of(session_type, ignoring).minutes)
    seen = look(
        session_type, practitioners, first=start, until=until, now=now, ignoring=ignoring, asker=asker
    )
    return seen.refusals(start)


def out_of_reach(
    session_type: SessionType,
    start: datetime,
    *,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: Asker = "unknown",
) -> Refusal | None:
    """What refuses this start whoever gives it: for whom the type is, notice, horizon. No query.

    Far-off years end here: no row lies there, and the calendar ends before their next day.
    """
    service = service_of(session_type, ignoring)
    return service.refuse(asker) or Limits.of(service, now).refuse(seconds(start))


def look_around(
    session_type: SessionType,
    practitioners: Iterable[Practitioner],
    *,
    near: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: Asker = "unknown",
) -> Look:
    """The days around a time, read once: enough to judge it, and as a rule to name others close by."""
    near = _brought_near(near, session_type, now)
    first, until = max(near - NEARBY[0], now), near + NEARBY[1]
    return look(
        session_type, practitioners, first=first, until=until, now=now, ignoring=ignoring, asker=asker
    )


def alternatives(
    session_type: SessionType,
    practitioners: Iterable[Practitioner],
    *,
    near: datetime,
    now: datetime,
    count: int = 3,
    ignoring: Appointment | None = None,
    asker: Asker = "unknown",
    seen: Look | None = None,
) -> list[Free]:
    """The free times nearest to `near`, sorted by start; from the whole horizon when few lie close by.

    `seen`: the days around it (`look_around`), where they have been read already.
    """
    practitioners = list(practitioners)
    seen = seen or look_around(
        session_type, practitioners, near=near, now=now, ignoring=ignoring, asker=asker
    )
    found = seen.free()
    if len(found) < count:
        until = _horizon(session_type, now)
        found = free(
            session_type, practitioners, first=now, until=until, now=now, ignoring=ignoring, asker=asker
        )
    near = _brought_near(near, session_type, now)
    found.sort(key=lambda option: (abs(option.start - near), option.start))
    return sorted(found[:count], key=lambda option: option.start)


def _horizon(session_type: SessionType, now: datetime) -> datetime:
    return now + timedelta(days=session_type.horizon_days + 1)


def _brought_near(near: datetime, session_type: SessionType, now: datetime) -> datetime:
    """Within what can be booked at all."""
    return min(max(near, now), _horizon(session_type, now))


def why_none(
    session_type: SessionType,
    practitioners: Iterable[Practitioner],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    asker: Asker = "unknown",
) -> Refusal | None:
    """What leaves `[first, until)` without a start, or None; see `Look.why_none`."""
    return look(session_type, practitioners, first=first, until=until, now=now, asker=asker).why_none()
