"""The interface of the slot engine for rows: free times, judgements and reasons.

Pages, API and actions all ask here, so what is listed is what can be booked. The number of queries is the
same for one practitioner and for ten, for an empty calendar and for a full one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from booking.availability.engine import slots
from booking.availability.engine.audience import AskerStatus
from booking.availability.engine.explain import Refusal, nearness
from booking.availability.engine.hours import Schedule
from booking.availability.engine.service import Limits
from booking.availability.engine.slots import Service
from booking.availability.loading import schedules, service_of
from booking.models import Appointment, SessionType
from practice.core.clock import instant_at, seconds
from practice.models import Practitioner

NEARBY = (timedelta(days=3), timedelta(days=11))  # where alternatives are looked for first


@dataclass(frozen=True)
class FreeStart:
    """A start that can be booked now, with the practitioner who is free. Instants in UTC, half-open.

    `beside`: it comes as close to a taken time as any does, and the type prefers that.
    """

    start: datetime
    end: datetime
    practitioner: Practitioner
    beside: bool = False


@dataclass(frozen=True)
class Availability:
    """Everybody's rules and busy time around `[first, until)`, read once, to list or to explain."""

    service: Service
    practitioners: list[Practitioner]
    plans: dict[int, Schedule]
    first: datetime
    until: datetime
    now: datetime
    asker: AskerStatus = "unknown"

    def free(self) -> list[FreeStart]:
        """Return all bookable starts, sorted, each once, with the first practitioner who is free then.

        If starts beside a taken time are preferred: the first practitioner for whom it is one.
        """
        found, beside = self._first_free()
        length = timedelta(minutes=self.service.minutes)
        free = ((instant_at(second), second) for second in sorted(found))
        return [FreeStart(start, start + length, found[second], second in beside) for start, second in free]

    def who_is_free(self) -> dict[int, Practitioner]:
        """Return `free` as whole seconds since 1970, each with its practitioner: for thousands of times."""
        found, _beside = self._first_free()
        return {second: found[second] for second in sorted(found)}

    def _first_free(self) -> tuple[dict[int, Practitioner], set[int]]:
        """Return who is the first to be free at each second, and which seconds lie beside a taken time."""
        found: dict[int, Practitioner] = {}
        beside: set[int] = set()
        for person in self.practitioners:
            starts = self._seconds_of(person)
            if close := self._beside(person).intersection(starts):
                found |= dict.fromkeys(close - beside, person)
                beside |= close
            found = dict.fromkeys(starts, person) | found
        return found, beside

    def starts_of(self, person: Practitioner) -> list[datetime]:
        """Return one practitioner's bookable starts, sorted."""
        return list(map(instant_at, self._seconds_of(person)))

    def _seconds_of(self, person: Practitioner) -> list[int]:
        span = {"first": self.first, "until": self.until, "now": self.now}
        return slots.start_seconds(self.service, self.plans[person.pk], **span, asker=self.asker)

    def _beside(self, person: Practitioner) -> set[int]:
        if self.service.gaps != "prefer":
            return set()
        span = {"first": self.first, "until": self.until, "now": self.now}
        return set(map(seconds, slots.beside(self.service, self.plans[person.pk], **span)))

    def refusals(self, start: datetime) -> dict[int, Refusal | None]:
        """Return by practitioner id the first rule that refuses this start; None when it can be booked."""
        return {
            pk: slots.first_refusal(self.service, plan, start, now=self.now, asker=self.asker)
            for pk, plan in self.plans.items()
        }

    def why_none(self) -> Refusal | None:
        """Return what leaves the range without a start, or None when there is one.

        With several practitioners: the reason of the one who came nearest to being free.
        """
        span = {"first": self.first, "until": self.until, "now": self.now}
        plans = self.plans.values()
        return nearest([slots.why_none(self.service, plan, **span, asker=self.asker) for plan in plans])

    def why_each(self, ranges: Sequence[tuple[datetime, datetime]]) -> list[Refusal | None]:
        """Return `why_none` for ranges within this one, such as the days of a month (`slots.why_each`)."""
        mine = [
            slots.why_each(self.service, plan, ranges, now=self.now, asker=self.asker)
            for plan in self.plans.values()
        ]
        return [nearest([one[number] for one in mine]) for number in range(len(ranges))]


def nearest(reasons: Sequence[Refusal | None]) -> Refusal | None:
    """Return the reason of the practitioner who came nearest to being free; None if somebody is free."""
    if not reasons or None in reasons:
        return None
    return max((reason for reason in reasons if reason), key=nearness)


def load_availability(
    session_type: SessionType,
    practitioners: Iterable[Practitioner],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: AskerStatus = "unknown",
) -> Availability:
    """Read `[first, until)` once, in four queries; in five where gaps are refused.

    `ignoring`: an appointment to be moved, or the asker's own hold. Its length and buffers stay as booked.
    `asker`: what is known of the person who asks (`queries.asker_of`).
    """
    practitioners = list(practitioners)
    plans = schedules(session_type, practitioners, first=first, until=until, now=now, ignoring=ignoring)
    return Availability(service_of(session_type, ignoring), practitioners, plans, first, until, now, asker)


def free_starts(
    session_type: SessionType,
    practitioners: Iterable[Practitioner],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: AskerStatus = "unknown",
) -> list[FreeStart]:
    """Return all bookable starts in `[first, until)`; see `Availability.free`."""
    return load_availability(
        session_type, practitioners, first=first, until=until, now=now, ignoring=ignoring, asker=asker
    ).free()


def first_refusal(
    session_type: SessionType,
    practitioner: Practitioner,
    start: datetime,
    *,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: AskerStatus = "unknown",
) -> Refusal | None:
    """Return the first rule that refuses this start, or None when it can be booked."""
    found = first_refusals(session_type, [practitioner], start, now=now, ignoring=ignoring, asker=asker)
    return found[practitioner.pk]


def first_refusals(
    session_type: SessionType,
    practitioners: Sequence[Practitioner],
    start: datetime,
    *,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: AskerStatus = "unknown",
) -> dict[int, Refusal | None]:
    """Return the judgement of `first_refusal` for several practitioners at once, by their id."""
    if refusal := out_of_reach(session_type, start, now=now, ignoring=ignoring, asker=asker):
        return {practitioner.pk: refusal for practitioner in practitioners}
    until = start + timedelta(minutes=service_of(session_type, ignoring).minutes)
    seen = load_availability(
        session_type, practitioners, first=start, until=until, now=now, ignoring=ignoring, asker=asker
    )
    return seen.refusals(start)


def out_of_reach(
    session_type: SessionType,
    start: datetime,
    *,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: AskerStatus = "unknown",
) -> Refusal | None:
    """Return what refuses this start with any practitioner: audience, notice or horizon. No query.

    Far-off years end here: no row lies there, and the calendar ends before their next day.
    """
    service = service_of(session_type, ignoring)
    return service.refuse(asker) or Limits.of(service, now).refuse(seconds(start))


def load_around(
    session_type: SessionType,
    practitioners: Iterable[Practitioner],
    *,
    near: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    asker: AskerStatus = "unknown",
) -> Availability:
    """Read the days around a time once: enough to judge it, and usually to name others close by."""
    near = _brought_near(near, session_type, now)
    first, until = max(near - NEARBY[0], now), near + NEARBY[1]
    return load_availability(
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
    asker: AskerStatus = "unknown",
    seen: Availability | None = None,
) -> list[FreeStart]:
    """Return the free times nearest to `near`, by start; from the whole horizon when few lie close by.

    `seen`: the days around it (`load_around`), where they have been read already.
    """
    practitioners = list(practitioners)
    seen = seen or load_around(
        session_type, practitioners, near=near, now=now, ignoring=ignoring, asker=asker
    )
    found = seen.free()
    if len(found) < count:
        until = _horizon(session_type, now)
        found = free_starts(
            session_type, practitioners, first=now, until=until, now=now, ignoring=ignoring, asker=asker
        )
    near = _brought_near(near, session_type, now)
    found.sort(key=lambda option: (abs(option.start - near), option.start))
    return sorted(found[:count], key=lambda option: option.start)


def _horizon(session_type: SessionType, now: datetime) -> datetime:
    return now + timedelta(days=session_type.horizon_days + 1)


def _brought_near(near: datetime, session_type: SessionType, now: datetime) -> datetime:
    """Return `near` moved into the time that can be booked at all."""
    return min(max(near, now), _horizon(session_type, now))


def why_none(
    session_type: SessionType,
    practitioners: Iterable[Practitioner],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    asker: AskerStatus = "unknown",
) -> Refusal | None:
    """Return what leaves `[first, until)` without a start, or None; see `Availability.why_none`."""
    return load_availability(
        session_type, practitioners, first=first, until=until, now=now, asker=asker
    ).why_none()
