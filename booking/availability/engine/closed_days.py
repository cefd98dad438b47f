"""Rules for sessions that a closed day, or a day with other hours, leaves no time for."""

from datetime import date, datetime, timedelta

from booking.availability.engine.hours import DAY, FIRST_DAY, Closure, Schedule, runs


def shut_out(schedule: Schedule, closure: Closure, start: datetime, end: datetime) -> bool:
    """Return whether `[start, end)` touches a day of the closure and is not within the hours open then.

    `schedule`: the practitioner's rules with this closure among them. A closed day has no open hours. Days
    and hours are those of its zone, so a session that ends at midnight does not touch the next day.
    """
    first, last = _days(schedule, start, end)
    return first <= closure.last and last >= closure.first and not is_open_for(schedule, start, end)


def is_open_for(schedule: Schedule, start: datetime, end: datetime) -> bool:
    """Return whether all of `[start, end)` lies within opening hours, taken or not."""
    opens, closes = (_minute(one.astimezone(schedule.zone)) for one in (start, end))
    windows = runs(schedule, *_days(schedule, start, end))
    return any(first <= opens and closes <= until for first, until in windows)


def is_open_on(schedule: Schedule, day: date) -> bool:
    """Return whether any hours lie on `day`, including hours that began the day before."""
    begins = _day(day) * DAY
    return any(opens < begins + DAY and closes > begins for opens, closes in runs(schedule, day, day))


def _days(schedule: Schedule, start: datetime, end: datetime) -> tuple[date, date]:
    """Return the first and the last day, in the schedule's zone, that `[start, end)` touches."""
    last = end - timedelta(microseconds=1)
    return start.astimezone(schedule.zone).date(), last.astimezone(schedule.zone).date()


def _minute(wall: datetime) -> float:
    """Return minutes of wall clock since 1970-01-01 00:00."""
    return (_day(wall.date()) * DAY) + wall.hour * 60 + wall.minute + wall.second / 60


def _day(day: date) -> int:
    return day.toordinal() - FIRST_DAY
