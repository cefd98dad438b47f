"""Events of one UID as stretches: all repetitions except those that were moved or canceled.

A series is followed on naive wall clocks (`rule_dates.py`). An event that replaces one of its occurrences
takes that out of the series, and is an event by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import icalendar
import recurring_ical_events
from icalendar.prop import vDDDLists, vDDDTypes

from booking.calendars.importing.events import Event, too_often
from booking.calendars.importing.reading import Doubt, Stretch, raise_lack_of_memory
from booking.calendars.importing.times import instant_of

#: Wall times are compared as if in UTC, and travel time may be a day.
AROUND = timedelta(days=3)


@dataclass(frozen=True)
class Window:
    """The stretch that is asked for, and a place for doubts that only following a rule shows."""

    first: datetime
    until: datetime
    doubts: set[Doubt]

    @property
    def walls(self) -> tuple[datetime, datetime]:
        """Return the stretch as naive times, with room around them."""
        first, until = (one.astimezone(UTC).replace(tzinfo=None) for one in (self.first, self.until))
        return first - AROUND, until + AROUND

    def once(self, event: Event) -> Iterator[Stretch]:
        """Yield the event's own stretch, if it is near: no zone of ours reaches to the year 1601."""
        first, until = self.walls
        start = event.begins.start
        if event.counts and start + max(event.length, timedelta()) >= first and start <= until:
            yield event.once()


def stretches_of(events: Sequence[Event], window: Window, *, have_uid: bool = True) -> Iterator[Stretch]:
    """Yield when events of one UID take up time, in the window or near it.

    `have_uid`: without a UID, a replacement of an occurrence is believed only if there is a single series.
    """
    series = newest([one for one in events if one.replaces is None])
    others = newest([one for one in events if one.replaces is not None])
    repeating = [one for one in series if one.repeats]
    if not (have_uid or len(repeating) == 1):
        repeating = []
    later = [one for one in others if one.and_later and repeating]
    for event in series:
        if event.repeats:
            yield from _series(event, others if event in repeating else [], window)
        else:
            yield from window.once(event)
    for event in others:
        if event not in later and not any(_called_off(event, one) for one in repeating):
            yield from window.once(event)


def newest(events: Sequence[Event]) -> list[Event]:
    """Return the events with the highest SEQUENCE of those with the same times; all others stay."""
    kept: dict[tuple[object, ...], list[Event]] = {}
    for event in events:
        begins, rules = event.begins, tuple(line.value for line in event.part.all("RRULE"))
        times = (begins.start, begins.zone, event.length, rules)
        rivals = kept.setdefault((event.replaces,) if event.replaces else times, [event])
        if event.sequence > rivals[0].sequence:
            rivals[:] = [event]
        elif event.sequence == rivals[0].sequence and event is not rivals[0]:
            rivals.append(event)
    return [event for rivals in kept.values() for event in rivals]


def _series(event: Event, others: Sequence[Event], window: Window) -> Iterator[Stretch]:
    if too_often(event):
        window.doubts.add(Doubt("often", event.part.number))
        return
    later = [one for one in others if one.and_later]
    gone = event.without | {wall for one in others if not one.and_later for wall in _replaced(one, event)}
    try:
        for which, wall in _followed(event, later, gone, window):
            if which.counts:
                yield which.at(wall, event.begins.zone)
    except Exception as error:  # noqa: BLE001  (whatever rule somebody's program wrote)
        raise_lack_of_memory(error)
        window.doubts.add(Doubt("partly", event.part.number))
        yield from window.once(event)
    for wall, stretch in event.periods:
        if event.counts and wall not in gone:
            yield event.lasting(*stretch)


def _replaced(other: Event, event: Event) -> list[datetime]:
    """Return the beginnings of a series that another event replaces."""
    return event.begins.meant_by(other.replaces) if other.replaces else []


def _called_off(other: Event, event: Event) -> bool:
    """Return whether the series itself removes the occurrence too: moved first, and canceled later."""
    day = (
        datetime.combine(other.replaces.on(event.begins.zone), datetime.min.time())
        if other.replaces
        else None
    )
    return day in event.without_days or bool(set(_replaced(other, event)) & event.without)


def _followed(
    event: Event, later: Sequence[Event], gone: set[datetime], window: Window
) -> Iterator[tuple[Event, datetime]]:
    """Yield each occurrence near the window: its event, and the wall time of the series when it begins."""
    which = [event, *later]
    calendar = icalendar.Calendar()
    calendar.add_component(_component(event, gone))
    for number, one in enumerate(later, 1):
        calendar.add_component(_from_here_on(number, one, event))
    for found in recurring_ical_events.of(calendar).between(*window.walls):
        yield which[int(found.get("X-WHICH", 0))], found["DTSTART"].dt


def _component(event: Event, gone: set[datetime]) -> icalendar.Event:
    """Return the series for the library: naive times, and nothing that could mislead it."""
    made = _lasting(event.begins.start, event.length)
    made["RRULE"] = event.rules
    if event.more:
        made["RDATE"] = vDDDLists(sorted(event.more))
    if gone or event.without_days:
        made["EXDATE"] = vDDDLists([*sorted(gone), *(day.date() for day in sorted(event.without_days))])
    return made


def _from_here_on(number: int, one: Event, series: Event) -> icalendar.Event:
    """Return an occurrence that all later ones follow, on the clocks of the series."""
    start, zone = one.begins.start, series.begins.zone
    if not one.begins.is_day and one.begins.zone != zone:
        start = instant_of(start, one.begins.zone).astimezone(zone).replace(tzinfo=None)
    made = _lasting(start, one.length)
    made["X-WHICH"] = str(number)
    made["RECURRENCE-ID"] = vDDDTypes(_replaced(one, series)[0])
    made["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
    return made


def _lasting(start: datetime, length: timedelta) -> icalendar.Event:
    made = icalendar.Event()
    made["UID"] = "one"
    made["DTSTART"], made["DTEND"] = vDDDTypes(start), vDDDTypes(start + max(length, timedelta()))
    return made
