"""What takes up somebody's time: as Outlook, Apple and invitations say it, and as its owner chose."""

from __future__ import annotations

import pytest

from booking.calendars.importing.busy import Choices, read
from booking.tests.calendars.test_imported_busy import DENVER, FIRST, ONCE, UNTIL, file, stretches

MARK = "X-MICROSOFT-CDO-BUSYSTATUS:"
DAY = "DTSTART;VALUE=DATE:20270312"


def busy(*events: str, says: str = "", **choices: object) -> list[str]:
    data = file(*events).replace(b"VERSION:2.0", f"VERSION:2.0\n{says}".strip().encode())
    found = read(data, first=FIRST, until=UNTIL, zone=DENVER, choices=Choices(**choices)).busy
    return [f"{start.astimezone(DENVER):%d %H:%M}–{end.astimezone(DENVER):%d %H:%M}" for start, end in found]


@pytest.mark.parametrize(
    ("marks", "free"),
    [
        ("", False),
        (f"{MARK}FREE", True),
        (f"{MARK}BUSY", False),
        (f"{MARK}TENTATIVE", False),
        (f"{MARK}OOF", False),
        (f"{MARK}WORKINGELSEWHERE", False),
        (f"{MARK}SOMETHING", False),
        (f"TRANSP:OPAQUE\n{MARK}FREE", False),
        ("TRANSP:TRANSPARENT", True),
        ("transp:transparent", True),
        (f"TRANSP:TRANSPARENT\n{MARK}FREE", True),
        (f"TRANSP:TRANSPARENT\n{MARK}BUSY", True),
        (f"TRANSP:TRANSPARENT\n{MARK}OOF", False),
        ("STATUS:TENTATIVE", False),
        ("STATUS:CANCELLED", True),
    ],
)
def test_marks_of_free_and_busy(marks, free):
    assert busy(f"{ONCE}\n{marks}") == ([] if free else ["16 11:00–16 12:00"])


def test_a_file_that_calls_off_frees():
    assert busy(ONCE, says="METHOD:CANCEL") == []
    assert busy(ONCE, says="METHOD:PUBLISH") != []


@pytest.mark.parametrize(
    "ends",
    [
        "",
        "DTEND;VALUE=DATE:20270312",
        "DTEND;VALUE=DATE:20270311",
        "DTEND;VALUE=DATE:20270312\nDURATION:P1D",
        "DURATION:P0D",
        "DURATION:PT12H",
        "DTEND;VALUE=DATE:20270313",
        "DTEND:20270312T200000",
    ],
)
def test_a_day_is_a_day_however_it_ends(ends):
    assert stretches(f"{DAY}\n{ends}") == ["12 00:00–13 00:00"]


def test_a_repeated_day_that_ends_on_itself_is_each_time_a_day():
    event = f"{DAY}\nDTEND;VALUE=DATE:20270312\nRRULE:FREQ=WEEKLY"
    assert stretches(event) == ["12 00:00–13 00:00", "19 00:00–20 00:00"]


def test_a_time_that_ends_on_a_day_lasts_to_its_end_or_beginning():
    begins = "DTSTART;TZID=America/Denver:20270316T100000"
    assert stretches(f"{begins}\nDTEND;VALUE=DATE:20270316") == ["16 10:00–17 00:00"]
    assert stretches(f"{begins}\nDTEND;VALUE=DATE:20270317") == ["16 10:00–17 00:00"]


def test_days_that_do_not_count_are_free_and_hours_are_not():
    outlook = f"{ONCE}\nX-MICROSOFT-CDO-ALLDAYEVENT:TRUE"
    later = ONCE.replace("20270316", "20270317")
    assert busy(DAY, outlook, later, all_day_count=False) == ["17 11:00–17 12:00"]


TRAVEL = "X-APPLE-TRAVEL-DURATION;VALUE=DURATION:"


@pytest.mark.parametrize(
    ("travel", "expected"),
    [
        ("PT30M", "16 10:30–16 12:00"),
        ("PT0S", "16 11:00–16 12:00"),
        ("-PT30M", "16 11:00–16 12:00"),
        ("P30D", "15 11:00–16 12:00"),
        ("soon", "16 11:00–16 12:00"),
    ],
)
def test_the_way_there_is_busy_before_it_begins(travel, expected):
    assert busy(f"{ONCE}\n{TRAVEL}{travel}") == [expected]


def test_the_way_to_each_of_a_series_is_busy_also_when_only_the_way_is_ahead():
    """The last begins as the window ends, so that only the way to it lies inside."""
    series = f"DTSTART:20270315T000000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\n{TRAVEL}PT1H"
    assert busy(series) == ["14 17:00–14 19:00", "21 17:00–21 18:00"]


TESS = "mailto:Tess@Example.com"


def invited(answer: str, *more: str) -> str:
    mine = f'ATTENDEE;CN="Hart, Tess: me"{answer}:{TESS}'
    return "\n".join([ONCE, "ATTENDEE;PARTSTAT=DECLINED:mailto:ben@example.com", mine, *more])


@pytest.mark.parametrize(
    ("event", "choices", "free"),
    [
        (invited(";PARTSTAT=DECLINED"), {}, True),
        (invited(";partstat=declined"), {}, True),
        (invited(";PARTSTAT=DECLINED"), {"addresses": ("ben@example.com",)}, True),
        (invited(";PARTSTAT=DECLINED"), {"addresses": ()}, False),
        (invited(";PARTSTAT=DECLINED"), {"addresses": ("ann@example.com",)}, False),
        (invited(";PARTSTAT=ACCEPTED"), {}, False),
        (invited(";PARTSTAT=TENTATIVE"), {}, False),
        (invited(";PARTSTAT=DELEGATED"), {"unanswered_count": False}, False),
        (invited(";PARTSTAT=NEEDS-ACTION"), {}, False),
        (invited(";PARTSTAT=NEEDS-ACTION"), {"unanswered_count": False}, True),
        (invited(""), {"unanswered_count": False}, True),
        (invited("", f"ORGANIZER:{TESS}"), {"unanswered_count": False}, False),
        (invited(";PARTSTAT=DECLINED", f"ORGANIZER:{TESS}"), {}, True),
        (ONCE, {"unanswered_count": False}, False),
        (f"{ONCE}\nATTENDEE;PARTSTAT=DECLINED;EMAIL=tess@example.com:urn:uuid:1", {}, True),
        (invited(";PARTSTAT=DECLINED", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:t@work.example"), {}, True),
        (
            invited(";PARTSTAT=DECLINED", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:t@work.example"),
            {"addresses": ("tess@example.com", "t@work.example")},
            False,
        ),
    ],
)
def test_what_its_owner_declined_is_free(event, choices, free):
    choices = {"addresses": ("tess@example.com",), **choices}
    assert busy(event, **choices) == ([] if free else ["16 11:00–16 12:00"])


def test_one_declined_occurrence_of_a_series_is_free():
    series = f"{ONCE.replace('20270316', '20270309')}\nRRULE:FREQ=WEEKLY;COUNT=2"
    declined = f"UID:0\nRECURRENCE-ID:20270316T170000Z\n{invited(';PARTSTAT=DECLINED')}"
    data = file(series, declined).replace(b"UID:1\n", b"")
    choices = Choices(addresses=("tess@example.com",))
    found = read(data, first=FIRST, until=UNTIL, zone=DENVER, choices=choices).busy
    assert [start.day for start, _end in found] == [9]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("tess@example.com", "tess@example.com"),
        ("Home", ""),
        ("a b@example.com", ""),
        ("<x>@example.com", ""),
    ],
)
def test_a_calendar_named_by_an_address_offers_it(name, address):
    data = file(ONCE).replace(b"VERSION:2.0", f"X-WR-CALNAME:{name}".encode())
    assert read(data, first=FIRST, until=UNTIL, zone=DENVER).address == address
