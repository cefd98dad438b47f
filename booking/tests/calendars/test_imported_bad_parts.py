"""One bad part of a calendar's file costs that part; events that share a UID, or have none, are all read."""

from __future__ import annotations

import pytest

from booking.calendars.importing import wording as importing_wording
from booking.calendars.importing.busy import Doubt, Unreadable, read
from booking.tests.calendars.test_imported_busy import (
    DENVER,
    FIRST,
    ONCE,
    UNTIL,
    WEEKLY,
    file,
    reading,
    stretches,
)

DAY_ZONE = """BEGIN:VTIMEZONE
TZID:{tzid}
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:{offset}
TZOFFSETTO:{offset}
END:STANDARD
END:VTIMEZONE"""


def beside(part: str) -> bytes:
    """A good event, with something else before it in the file."""
    return file(ONCE).replace(b"BEGIN:VEVENT", f"{part}\nBEGIN:VEVENT".encode())


def starts(data: bytes) -> list[str]:
    found = read(data, first=FIRST, until=UNTIL, zone=DENVER).busy
    return [f"{start.astimezone(DENVER):%d %H:%M}" for start, _end in found]


@pytest.mark.parametrize(
    "part",
    [
        "BEGIN:VTODO\nDUE:soon\nEND:VTODO",
        "BEGIN:VTODO\nUID 1\nEND:VTODO",
        "BEGIN:VJOURNAL\nDTSTART\nEND:VJOURNAL",
        "BEGIN:X-SOMETHING\nDTSTART:soon\nnothing of sense\nEND:X-SOMETHING",
        "BEGIN:AVAILABILITY\nBEGIN:X-DEEP\nDTSTART:soon\nEND:X-DEEP\nEND:AVAILABILITY",
        "BEGIN:VTIMEZONE\nTZID=Eastern Standard Time\nEND:VTIMEZONE",
        "BEGIN:VTIMEZONE\nTZID:Nobody's\nEND:VTIMEZONE",
        "BEGIN:VTIMEZONE\nEND:VTIMEZONE",
        DAY_ZONE.format(tzid="Bad", offset="half past"),
        DAY_ZONE.format(tzid="Bad", offset="+2400"),
        DAY_ZONE.format(tzid="Bad", offset="-0700").replace("END:ST", "RRULE:FREQ=YEARLY;UNTIL=soon\nEND:ST"),
        "a stray line",
        "# a comment",
        "<br />\n<b>Warning</b>: something: in line 3",
        "END:VTODO",
        "X-\u2028:",
        ":",
        "Begin: lunch",
        "BEGIN: LUNCH",
        "BEGIN:",
    ],
)
def test_a_bad_part_beside_an_event_costs_nothing_but_itself(part):
    assert starts(beside(part)) == ["16 11:00"]


@pytest.mark.parametrize(
    "inside",
    [
        "BEGIN:VALARM\nTRIGGER;VALUE=DATE-TIME\nEND:VALARM",
        "BEGIN:VALARM\nDTSTART:20270310T170000Z\nTRANSP:TRANSPARENT\nEND:VALARM",
        "DESCRIPTION:a text\nthat was broken: over lines\nEND of it",
        "X_UNDER_SCORE:1",
        "GEO:here",
        "DTSTAMP:yesterday",
        'ATTENDEE;CN="a:b;c:mailto:x',
        "SUMMARY:\x00\x08\uffff",
        "SEQUENCE:many",
        "X-APPLE-TRAVEL-DURATION;VALUE=DURATION:soon",
    ],
)
def test_a_bad_line_inside_an_event_costs_nothing_but_itself(inside):
    found = reading(f"{ONCE}\n{inside}")
    assert (len(found.busy), found.doubts) == (1, set())


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20270316T170000Z\nDTEND:later", ["16 11:00–16 12:00"]),
        ("DTSTART:20270316T170000Z\nDURATION:long", ["16 11:00–16 12:00"]),
        ("DTSTART;VALUE=DATE:20270316\nDTEND:later", ["16 00:00–17 00:00"]),
        (f"{ONCE}\nRRULE:FREQ=FORTNIGHTLY", ["16 11:00–16 12:00"]),
        (f"{ONCE}\nRRULE:FREQ=DAILY;COUNT=2;BYDAY=99XX", ["16 11:00–16 12:00"]),
        (f"{ONCE}\nRRULE:FREQ=DAILY;COUNT=2\nEXDATE:soon", ["16 11:00–16 12:00", "17 11:00–17 12:00"]),
        (f"{ONCE}\nRDATE:soon", ["16 11:00–16 12:00"]),
        (f"{ONCE}\nRECURRENCE-ID:soon", ["16 11:00–16 12:00"]),
    ],
)
def test_what_can_be_understood_in_part_is_busy_for_that_part_and_says_so(event, expected):
    assert stretches(event) == expected
    assert {doubt.code for doubt in reading(event).doubts} == {"partly"}


def test_what_cannot_be_understood_is_told_with_its_lines():
    found = reading("DTSTART:yesterday-ish", ONCE, "SUMMARY:no time at all", f"{ONCE}\nRRULE:FREQ=OFTEN")
    assert len(found.busy) == 1
    assert found.doubts == {Doubt("event", 4), Doubt("event", 13), Doubt("partly", 21)}
    assert importing_wording.of_doubts(found.doubts) == (
        "We could not read an event, so it blocks no time (lines 4, 13). "
        "We could read only part of an event; that part counts as busy (line 21)."
    )


@pytest.mark.parametrize(
    "start", ["BEGIN:VCALENDAR", "begin:vcalendar", "BEGIN:VCAL", "BEGIN:VCALENDAR;X", "\n\nBEGIN:V"]
)
def test_of_a_file_that_begins_as_a_calendar_nobody_says_that_it_is_none(start):
    with pytest.raises(Unreadable, match="part"):
        read(start.encode(), first=FIRST, until=UNTIL, zone=DENVER)


# --- Several events of one UID, or of none -----------------------------------------------------------


def under_one_uid(*events: str, uid: str = "UID:roster\n") -> bytes:
    data = file(*events)
    for number in range(len(events)):
        data = data.replace(f"UID:{number}\n".encode(), uid.encode())
    return data


def shift(day: int, hour: int = 9) -> str:
    return f"DTSTART;TZID=America/Denver:202703{day:02}T{hour:02}0000\nDURATION:PT8H"


def test_one_uid_of_three_shifts_is_three_shifts():
    assert starts(under_one_uid(shift(9), shift(10), shift(11))) == ["09 09:00", "10 09:00", "11 09:00"]


def test_the_one_with_the_highest_number_does_not_hide_the_others():
    data = under_one_uid(shift(9), f"{shift(10)}\nSEQUENCE:7", shift(11))
    assert starts(data) == ["09 09:00", "10 09:00", "11 09:00"]


def test_two_series_of_one_uid_are_two():
    data = under_one_uid(f"{shift(8)}\nRRULE:FREQ=WEEKLY", f"{shift(10)}\nRRULE:FREQ=WEEKLY")
    assert starts(data) == ["08 09:00", "10 09:00", "15 09:00", "17 09:00"]


@pytest.mark.parametrize("newer", [0, 1])
def test_of_two_that_say_the_same_time_the_newer_is_believed(newer):
    events = [f"{shift(9)}\nSEQUENCE:1\nSTATUS:CONFIRMED", f"{shift(9)}\nSEQUENCE:1\nSTATUS:CANCELLED"]
    events[newer] = events[newer].replace("SEQUENCE:1", "SEQUENCE:2")
    assert starts(under_one_uid(*events)) == (["09 09:00"] if newer == 0 else [])


def test_of_two_that_say_the_same_time_and_are_as_new_the_busy_one_is_believed():
    assert starts(under_one_uid(f"{shift(9)}\nSTATUS:CANCELLED", shift(9))) == ["09 09:00"]


MOVED = "RECURRENCE-ID;TZID=America/Denver:20270316T100000\nDTSTART:20270317T210000Z\nDURATION:PT1H"


@pytest.mark.parametrize("uid", ["", "UID:series\n"])
@pytest.mark.parametrize("last", [0, 1])
def test_a_moved_occurrence_leaves_its_old_time_with_a_uid_or_without(uid, last):
    events = [WEEKLY, MOVED][:: -1 if last == 0 else 1]
    assert starts(under_one_uid(*events, uid=uid)) == ["09 10:00", "17 15:00"]


def test_without_a_uid_what_was_moved_of_two_alike_keeps_both_times():
    """It could be of either: in doubt, busy."""
    data = under_one_uid(WEEKLY, f"{shift(9, 10)}\nRRULE:FREQ=WEEKLY", MOVED, uid="")
    assert starts(data) == ["09 10:00", "16 10:00", "17 15:00"]


def test_without_a_uid_an_event_called_otherwise_is_another():
    data = under_one_uid(
        f"{WEEKLY}\nSUMMARY:a", f"{shift(9, 10)}\nRRULE:FREQ=WEEKLY\nSUMMARY:b", f"{MOVED}\nSUMMARY:a", uid=""
    )
    assert starts(data) == ["09 10:00", "16 10:00", "17 15:00"]


@pytest.mark.parametrize("called_off", ["STATUS:CANCELLED", "TRANSP:TRANSPARENT"])
def test_an_occurrence_that_is_called_off_is_free(called_off):
    off = f"RECURRENCE-ID:20270316T160000Z\n{called_off}"
    assert starts(under_one_uid(WEEKLY, off)) == ["09 10:00"]


def test_an_occurrence_that_is_replaced_by_nobody_knows_when_stays_where_it_was():
    assert starts(under_one_uid(WEEKLY, "RECURRENCE-ID:20270316T160000Z")) == ["09 10:00", "16 10:00"]


def test_an_occurrence_that_was_moved_and_then_taken_out_is_free():
    series = f"{WEEKLY}\nEXDATE;TZID=America/Denver:20270316T100000"
    assert starts(under_one_uid(series, MOVED)) == ["09 10:00"]


def test_an_occurrence_without_its_series_is_an_event():
    assert starts(file(MOVED)) == ["17 15:00"]


def test_a_series_and_what_moves_it_may_be_in_two_calendars_of_one_file():
    data = under_one_uid(WEEKLY) + b"\n" + under_one_uid(MOVED)
    assert starts(data) == ["09 10:00", "17 15:00"]
