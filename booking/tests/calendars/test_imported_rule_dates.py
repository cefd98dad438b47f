"""The dates of a repeating event are those of its own zone, however they are written."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from booking.calendars.importing.busy import read
from booking.tests.calendars.test_imported_busy import DENVER, FIRST, UNTIL, file

BERLIN = ZoneInfo("Europe/Berlin")
MORNING = dt.time(9)


def busy_days(
    event: str, *more: str, zone: str | None = None, ours: ZoneInfo = DENVER, says: str = ""
) -> list[int]:
    """The days of March, in the zone (else ours), on which it begins."""
    data = file(event, *more).replace(b"VERSION:2.0", f"VERSION:2.0\n{says}".rstrip().encode())
    found = read(data, first=FIRST, until=UNTIL, zone=ours)
    assert not found.doubts
    there = ZoneInfo(zone) if zone else ours
    return [start.astimezone(there).day for start, _end in found.busy]


def daily(begins: str, until: str) -> str:
    return f"DTSTART{begins}\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL={until}"


@pytest.mark.parametrize(
    ("begins", "until", "zone", "expected"),
    [
        (";TZID=America/Denver:20270308T090000", "20270311T090000", "America/Denver", [8, 9, 10, 11]),
        (";TZID=America/Denver:20270308T090000", "20270311", "America/Denver", [8, 9, 10, 11]),
        (";TZID=America/Denver:20270308T190000", "20270311", "America/Denver", [8, 9, 10, 11]),
        (";TZID=Europe/Berlin:20270308T090000", "20270311", "Europe/Berlin", [8, 9, 10, 11]),
        (";TZID=Europe/Berlin:20270308T090000", "20270311T090000", "Europe/Berlin", [8, 9, 10, 11]),
        (":20270308T090000", "20270311", "America/Denver", [8, 9, 10, 11]),
        (":20270308T160000Z", "20270311T090000", "America/Denver", [8, 9, 10, 11]),
        (":20270308T010000Z", "20270311", "America/Denver", [7, 8, 9, 10, 11]),  # the evening before
        (":20270308T090000", "20270311T160000Z", "America/Denver", [8, 9, 10, 11]),
        (";TZID=America/Denver:20270308T090000", "20270311T155959Z", "America/Denver", [8, 9, 10]),
    ],
)
def test_the_last_time_is_the_last_time_there(begins, until, zone, expected):
    assert busy_days(daily(begins, until), zone=zone) == expected


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        ("20270311", [9, 10, 11]),
        ("20270311T000000", [9, 10, 11]),
        ("20270311T000000Z", [9, 10, 11]),
        ("20270311T070000Z", [9, 10, 11]),  # midnight in Denver
        ("20270311T235959Z", [9, 10, 11]),
        ("20270310T230000Z", [9, 10, 11]),  # midnight in Berlin: in doubt, busy
    ],
)
def test_a_series_of_days_ends_on_its_last_day(until, expected):
    event = f"DTSTART;VALUE=DATE:20270309\nRRULE:FREQ=DAILY;UNTIL={until}"
    data = file(event)
    found = read(data, first=FIRST, until=UNTIL, zone=DENVER).busy
    assert [(start.astimezone(DENVER).day, end.astimezone(DENVER).day) for start, end in found] == [
        (expected[0], expected[-1] + 1)
    ]


ZONES = ["Pacific/Honolulu", "America/Denver", "America/St_Johns", "UTC", "Europe/Berlin", "Asia/Kathmandu"]
ZONES += ["Pacific/Auckland", "Pacific/Kiritimati"]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("hour", [0, 9, 23])
def test_one_series_written_in_every_way_gives_the_same_times(zone, hour):
    """Five days from 10 March, over the change of clocks in America; without the second, moved the fourth."""
    there = ZoneInfo(zone)
    days = [dt.datetime(2027, 3, day, hour, tzinfo=there) for day in range(10, 15)]

    def utc(moment: dt.datetime) -> str:
        return f"{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"

    own = f";TZID={zone}:"
    begins = f"DTSTART{own}{days[0]:%Y%m%dT%H%M%S}\nDURATION:PT30M\n"
    gone, last, moved = days[1], days[-1], days[3]
    lasts = {
        "in UTC": f"RRULE:FREQ=DAILY;UNTIL={utc(last)}",
        "on its clocks": f"RRULE:UNTIL={last:%Y%m%dT%H%M%S};FREQ=DAILY",
        "by a date": f"RRULE:FREQ=DAILY;UNTIL={last:%Y%m%d};WKST=SU",
        "by a number": "RRULE:FREQ=DAILY;COUNT=5",
        "one by one": f"RDATE{own}" + ",".join(f"{day:%Y%m%dT%H%M%S}" for day in days[1:]),
        "one by one in UTC": "RDATE:" + ",".join(map(utc, days[1:])),
    }
    takes = {
        "in UTC": f"EXDATE:{utc(gone)}",
        "on its clocks": f"EXDATE{own}{gone:%Y%m%dT%H%M%S}",
        "of no zone": f"EXDATE:{gone:%Y%m%dT%H%M%S}",
        "by a date": f"EXDATE;VALUE=DATE:{gone:%Y%m%d}",
        "elsewhere": f"EXDATE;TZID=Asia/Tokyo:{gone.astimezone(ZoneInfo('Asia/Tokyo')):%Y%m%dT%H%M%S}",
    }
    stands_for = {
        "in UTC": f"RECURRENCE-ID:{utc(moved)}",
        "on its clocks": f"RECURRENCE-ID{own}{moved:%Y%m%dT%H%M%S}",
        "by a date": f"RECURRENCE-ID;VALUE=DATE:{moved:%Y%m%d}",
        "at a midnight": f"RECURRENCE-ID:{moved:%Y%m%d}T000000",
    }
    change = f"DTSTART:{utc(moved + dt.timedelta(minutes=45))}\nDURATION:PT30M"
    answers = {}
    ways = [(a, b, c) for a in lasts for b in takes for c in stands_for]
    for how in [*ways[::7], ways[-1]]:
        end, without, instead = lasts[how[0]], takes[how[1]], stands_for[how[2]]
        data = file(f"{begins}{end}\n{without}", f"UID:0\n{instead}\n{change}").replace(b"UID:1\n", b"")
        answers[how] = read(data, first=FIRST, until=UNTIL, zone=DENVER).busy
    half = dt.timedelta(minutes=30)
    expected = [day + dt.timedelta(minutes=45) if day == moved else day for day in days if day != gone]
    assert {how: found for how, found in answers.items() if found != [(d, d + half) for d in expected]} == {}


def test_a_series_without_a_zone_has_the_calendars_first():
    event = "DTSTART:20270308T140000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20270309T190000Z"
    data = file(event).replace(b"VERSION:2.0", b"X-WR-TIMEZONE:America/New_York")
    found = read(data, first=FIRST, until=UNTIL, zone=DENVER).busy
    assert [f"{start.astimezone(DENVER):%d %H:%M}" for start, _end in found] == ["08 12:00", "09 12:00"]


def test_a_day_of_a_series_in_utc_is_a_day_of_the_calendars_own_zone():
    """6 PM in Denver, written in UTC: it is the next day there."""
    series = "DTSTART:20270309T010000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE;VALUE=DATE:20270309"
    assert busy_days(series) == [8, 10, 11]


def test_this_and_later_ones_move_together():
    series = "DTSTART;TZID=America/Denver:20270308T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=4"
    later = "RECURRENCE-ID;RANGE=THISANDFUTURE:20270310T160000Z\nDTSTART:20270310T210000Z\nDURATION:PT2H"
    data = file(series, f"UID:0\n{later}").replace(b"UID:1\n", b"")
    found = read(data, first=FIRST, until=UNTIL, zone=DENVER).busy
    assert [f"{start.astimezone(DENVER):%d %H}–{end.astimezone(DENVER):%H}" for start, end in found] == [
        "08 09–10",
        "09 09–10",
        "10 14–16",
        "11 14–16",
    ]
