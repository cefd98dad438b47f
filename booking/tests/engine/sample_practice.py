"""The practice the scheduling tests speak of: one zone, one session type, and short ways to say when."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from booking.availability.engine.hours import Closure, Schedule, WeeklyHours
from booking.availability.engine.slots import Busy, Service, starts
from practice.core.clock import day_bounds

DENVER = ZoneInfo("America/Denver")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
LONG_BEFORE = datetime(2027, 1, 1, tzinfo=UTC)


def at(text: str, zone: ZoneInfo = DENVER) -> datetime:
    """An instant: "2027-03-14 09:00" in the zone (the first of two), or with its own offset."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def hour_type(**changed) -> Service:
    """A session of an hour every hour, without buffers, bookable far ahead."""
    return Service(**{"minutes": 60, "step": 60, "horizon": timedelta(days=365), **changed})


def open_daily(*windows: tuple[float, float], zone: ZoneInfo = DENVER, closures=(), busy=()) -> Schedule:
    """Open at these hours of every day."""
    weekly = [rule for weekday in range(7) for rule in weekly_on(weekday, *windows)]
    return Schedule(zone, tuple(weekly), tuple(closures), tuple(busy))


def weekly_on(weekday: int, *windows: tuple[float, float]) -> list[WeeklyHours]:
    return [WeeklyHours(weekday, int(opens * 60), int(closes * 60)) for opens, closes in windows]


def closed(first: str, last: str = "", *windows: tuple[float, float]) -> Closure:
    minutes = tuple((int(opens * 60), int(closes * 60)) for opens, closes in windows)
    return Closure(date.fromisoformat(first), date.fromisoformat(last or first), minutes)


def booked(start: str, minutes: int = 60, **buffers) -> Busy:
    return Busy(at(start), at(start) + timedelta(minutes=minutes), **buffers)


def listed(service: Service, schedule: Schedule, day: str, last: str = "") -> list[str]:
    """The starts of these days as their clocks show them, the day left out: "09:00"."""
    return [start.astimezone(schedule.zone).strftime("%H:%M") for start in on(service, schedule, day, last)]


def on(service: Service, schedule: Schedule, day: str, last: str = "") -> list[datetime]:
    first, _ = day_bounds(date.fromisoformat(day), schedule.zone)
    _, until = day_bounds(date.fromisoformat(last or day), schedule.zone)
    return starts(service, schedule, first=first, until=until, now=LONG_BEFORE)
