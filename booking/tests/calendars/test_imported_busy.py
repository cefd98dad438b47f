"""Another calendar's file as busy stretches: what counts, whose clock, and what no file can do to us."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from booking.calendars.importing import busy
from booking.calendars.importing.busy import Doubt, Unreadable, read

DENVER = ZoneInfo("America/Denver")
FIRST = dt.datetime(2027, 3, 8, tzinfo=dt.UTC)
UNTIL = FIRST + dt.timedelta(days=14)


def file(*events: str, kind: str = "VEVENT") -> bytes:
    parts = [
        f"BEGIN:{kind}\nUID:{number}\n{event.strip()}\nEND:{kind}" for number, event in enumerate(events)
    ]
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", *parts, "END:VCALENDAR"]).encode()


def reading(*events: str, kind: str = "VEVENT"):
    return read(file(*events, kind=kind), first=FIRST, until=UNTIL, zone=DENVER, our_host="portal.example")


def stretches(*events: str, kind: str = "VEVENT") -> list[str]:
    return [
        f"{start.astimezone(DENVER):%d %H:%M}–{end.astimezone(DENVER):%d %H:%M}"
        for start, end in reading(*events, kind=kind).busy
    ]


WEEKLY = """DTSTART;TZID=America/Denver:20150106T100000
DTEND;TZID=America/Denver:20150106T110000
RRULE:FREQ=WEEKLY;UNTIL=26991231T000000Z"""


def test_case_21_weekly_from_2015_to_2699_is_expanded_only_in_the_window_on_the_wall_clock():
    assert stretches(WEEKLY) == ["09 10:00–09 11:00", "16 10:00–16 11:00"]


def test_case_21_an_exception_is_free():
    assert stretches(f"{WEEKLY}\nEXDATE;TZID=America/Denver:20270316T100000") == ["09 10:00–09 11:00"]


def test_a_moved_occurrence_is_busy_where_it_went():
    moved = "UID:0\nRECURRENCE-ID;TZID=America/Denver:20270316T100000\n"
    moved += "DTSTART;TZID=America/Denver:20270317T150000\nDTEND;TZID=America/Denver:20270317T160000"
    data = file(WEEKLY).replace(
        b"END:VCALENDAR", f"BEGIN:VEVENT\n{moved}\nEND:VEVENT\nEND:VCALENDAR".encode()
    )
    found = read(data, first=FIRST, until=UNTIL, zone=DENVER).busy
    assert [f"{start.astimezone(DENVER):%d %H:%M}" for start, _end in found] == ["09 10:00", "17 15:00"]


ONCE = "DTSTART:20270316T170000Z\nDTEND:20270316T180000Z"


@pytest.mark.parametrize("mark", ["TRANSP:TRANSPARENT", "STATUS:CANCELLED"])
def test_what_calls_itself_free_or_is_called_off_blocks_nothing(mark):
    assert stretches(f"{ONCE}\n{mark}") == []


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART;VALUE=DATE:20270314\nDTEND;VALUE=DATE:20270315", ["14 00:00–15 00:00"]),  # 23 hours
        ("DTSTART;VALUE=DATE:20270314", ["14 00:00–15 00:00"]),
        ("DTSTART:20270316T100000\nDTEND:20270316T110000", ["16 10:00–16 11:00"]),  # floating
        ("DTSTART:20270316T170000Z\nDURATION:PT90M", ["16 11:00–16 12:30"]),
        ("DTSTART:20270316T170000Z", []),  # no length
        ("DTSTART:20270316T180000Z\nDTEND:20270316T170000Z", ["16 11:00–16 12:00"]),  # backwards
        ("DTSTART:20270301T000000Z\nDTEND:20270309T000000Z", ["07 17:00–08 17:00"]),  # reaches in
    ],
)
def test_each_way_to_write_a_time(event, expected):
    assert stretches(event) == expected


def test_case_21_an_unknown_zone_is_busy_as_ours_with_a_warning():
    event = "DTSTART;TZID=Middle/Earth:20270316T100000\nDTEND;TZID=Middle/Earth:20270316T110000"
    assert stretches(event) == ["16 10:00–16 11:00"]
    assert reading(event).doubts == {Doubt("zone", name="Middle/Earth", read_as="America/Denver")}


def test_lists_of_busy_times_are_read():
    periods = "FREEBUSY;FBTYPE=BUSY:20270316T170000Z/PT1H,20270317T170000Z/20270317T180000Z"
    assert stretches(periods, kind="VFREEBUSY") == ["16 11:00–16 12:00", "17 11:00–17 12:00"]


def test_touching_and_overlapping_ones_are_one():
    assert stretches(ONCE, "DTSTART:20270316T180000Z\nDTEND:20270316T190000Z") == ["16 11:00–16 13:00"]


def test_our_own_feed_read_back_blocks_nobody():
    data = file(ONCE).replace(b"UID:0", b"UID:1234@portal.example")
    assert read(data, first=FIRST, until=UNTIL, zone=DENVER, our_host="portal.example").busy == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=5",
        "FREQ=DAILY;INTERVAL=0",
        f"FREQ=DAILY;BYHOUR={','.join(map(str, range(24)))};BYMINUTE=0,10,20,30,40,50",
    ],
)
def test_what_repeats_without_end_on_the_spot_blocks_nothing_and_is_said(rule):
    found = reading(f"DTSTART:20150101T000000Z\nDTEND:20150101T000100Z\nRRULE:{rule}", ONCE)
    assert found.doubts == {Doubt("often", line=4)}
    assert len(found.busy) == 1


def test_one_event_nobody_understands_keeps_none_of_the_others_away():
    found = reading("DTSTART:yesterday-ish", ONCE)
    assert len(found.busy) == 1


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"<html>Sign in</html>", "no_calendar"),
        (b"\xff\xfe\x00", "no_calendar"),
        (b"BEGIN:VCALENDAR", "part"),
        (b"{}", "no_calendar"),
    ],
)
def test_what_is_no_calendar_is_refused(data, code):
    with pytest.raises(Unreadable, match=f"^{code}$"):
        read(data, first=FIRST, until=UNTIL, zone=DENVER)


def test_a_file_of_too_many_events_is_refused_whole(monkeypatch):
    monkeypatch.setattr(busy, "MOST_EVENTS", 3)
    with pytest.raises(Unreadable):
        reading(*[ONCE] * 4)


lines = st.sampled_from(
    [
        *("BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "END:VCALENDAR", "UID:1", "UID:"),
        *("DTSTART:20270316T170000Z", "DTSTART:99991231T235959Z", "DTSTART;VALUE=DATE:00010101", "DTEND:1"),
        *("DTSTART;TZID=:20270316T170000", "DURATION:P9999999W", "DURATION:-PT1H", "TRANSP:\x00", "RDATE:x"),
        *("RRULE:FREQ=YEARLY", "RRULE:FREQ=;COUNT=-1", "RRULE:FREQ=MONTHLY;BYDAY=99MO", "RRULE:", "EXDATE:0"),
        *("RECURRENCE-ID:20270316T170000Z", "STATUS", ":", ";;;", "\u2028", "X-" + "A" * 300),
    ]
)


@settings(max_examples=150, derandomize=True, database=None, deadline=None)
@given(st.lists(lines, max_size=14))
def test_no_file_raises_anything_but_our_own_refusal(parts):
    data = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VEVENT", *parts, "END:VEVENT", "END:VCALENDAR"]).encode()
    try:
        found = read(data, first=FIRST, until=UNTIL, zone=DENVER).busy
    except Unreadable:
        return
    assert all(FIRST <= start < end <= UNTIL for start, end in found)
    assert found == sorted(found)
