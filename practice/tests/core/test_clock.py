"""Wall time and instant, in zones of every kind."""

import os
import time as machine
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from practice.core import clock
from practice.core.clock import AmbiguousTime, NonexistentTime, UnknownZone, UnreadableTime

DENVER = ZoneInfo("America/Denver")
NEW_YORK = ZoneInfo("America/New_York")
APIA = ZoneInfo("Pacific/Apia")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text):
    return datetime.fromisoformat(text)


def test_case_05_a_skipped_time_does_not_exist():
    with pytest.raises(NonexistentTime) as caught:
        clock.resolve(wall("2027-03-14 02:30"), DENVER)

    assert caught.value.candidates == (utc("2027-03-14 08:30"), utc("2027-03-14 09:30"))


def test_case_06_a_repeated_time_is_two_instants():
    with pytest.raises(AmbiguousTime) as caught:
        clock.resolve(wall("2027-11-07 01:30"), DENVER)

    assert caught.value.candidates == (utc("2027-11-07 07:30"), utc("2027-11-07 08:30"))


def test_case_06_with_an_offset_it_is_that_instant():
    assert clock.read_instant("2027-11-07T01:30-07:00", DENVER) == utc("2027-11-07 08:30")


def test_case_07_lord_howe_skips_half_an_hour():
    with pytest.raises(NonexistentTime):
        clock.resolve(wall("2027-10-03 02:15"), ZoneInfo("Australia/Lord_Howe"))


@pytest.mark.parametrize(
    ("zone", "text", "number"),
    [
        ("America/Denver", "2027-03-14 03:00", 1),
        ("America/Denver", "2027-11-07 02:00", 1),
        ("America/Denver", "2027-11-07 01:00", 2),
        ("Pacific/Apia", "2011-12-30 12:00", 0),
        ("America/Sao_Paulo", "2018-11-04 00:00", 0),
        ("Europe/Dublin", "2027-03-28 01:30", 0),
        ("Africa/Casablanca", "2025-02-23 02:30", 2),
        ("UTC", "0001-01-01 00:00", 1),
        ("Asia/Tokyo", "0001-01-01 00:00", 0),  # UTC would have no such year
        ("America/Denver", "9999-12-31 23:00", 0),
    ],
)
def test_a_wall_time_is_no_one_or_two_instants(zone, text, number):
    assert len(clock.instants_of(wall(text), ZoneInfo(zone))) == number


def test_a_fold_that_came_along_makes_no_difference():
    assert len(clock.instants_of(wall("2027-11-07 01:30").replace(fold=1), DENVER)) == 2


def test_a_wall_time_with_a_zone_is_refused():
    with pytest.raises(ValueError, match=r"^a wall time carries no zone$"):
        clock.instants_of(utc("2027-01-01"), DENVER)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "tomorrow",
            "2027-03-14",
            "2027-W10-7T09:00",
            "20270314T0900",
            "2027-03-14T25:00",
            "2027-02-30T09:00",
        ),
        *(
            "2027-03-14T09:00\0",
            "2027-03-14T09:00+99:00",
            "٢٠٢٧-03-14T09:00",
            "0001-01-01T00:00+14:00",
            "9" * 10_000,
        ),
    ],
)
def test_what_is_no_time_is_refused_as_unreadable(text):
    with pytest.raises(UnreadableTime) as caught:
        clock.read_instant(text, DENVER)

    assert str(caught.value) in (
        "not a date and a time like 2027-03-14T09:30:00-06:00",
        "no such day or time",
    )


@pytest.mark.parametrize("text", ["2027-03-13T09:00", "2027-03-13 09:00:00", "2027-03-13T16:00Z"])
def test_a_time_is_read_with_and_without_its_zone(text):
    assert clock.read_instant(text, DENVER) == utc("2027-03-13 16:00")


@pytest.mark.parametrize(
    "name",
    [
        *("", "Mars/Phobos", "america/denver", "America", "America/", "../../etc/passwd", "/etc/localtime"),
        *(
            "America/Denver\0",
            "localtime",
            "posix/America/Denver",
            "right/America/Denver",
            "Factory",
            "zone.tab",
        ),
        *("A" * 100_000, "\ud800", None, 7, ["UTC"], b"UTC"),
    ],
)
def test_no_zone_by_that_name(name):
    with pytest.raises(UnknownZone) as caught:
        clock.zone_named(name)

    assert caught.value.name is name
    assert str(caught.value).startswith(f"unknown time zone: {name!r:.20}")


def test_a_name_nobody_knows_opens_no_file(monkeypatch):
    clock.zone_names()
    monkeypatch.setattr(clock, "ZoneInfo", None)

    with pytest.raises(UnknownZone):
        clock.zone_named("../secrets")


@pytest.mark.parametrize(
    "name", ["America/Denver", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT+5", "Asia/Kolkata"]
)
def test_a_zone_by_its_name(name):
    assert clock.zone_named(name).key == name


@pytest.mark.parametrize(
    ("zone", "day", "begin", "hours"),
    [
        ("America/Denver", "2027-03-14", "2027-03-14 07:00", 23),
        ("America/Denver", "2027-11-07", "2027-11-07 06:00", 25),
        ("Australia/Lord_Howe", "2027-04-04", "2027-04-03 13:00", 24.5),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04 03:00", 23),
        ("Pacific/Apia", "2011-12-30", "2011-12-30 10:00", 0),
        ("America/Havana", "2025-11-02", "2025-11-02 04:00", 25),
        ("America/Toronto", "1919-03-31", "1919-03-31 04:30", 23.5),  # midnight lay within the gap
    ],
)
def test_how_long_a_day_is(zone, day, begin, hours):
    first, end = clock.day_bounds(date.fromisoformat(day), ZoneInfo(zone))

    assert (first, (end - first).total_seconds() / 3600) == (utc(begin), hours)


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(2201, 1, 1), date.max])
def test_days_at_the_edge_of_the_calendar_are_refused(day):
    with pytest.raises(UnreadableTime, match=r"^a year between 1900 and 2200$"):
        clock.day_bounds(day, DENVER)


@pytest.mark.parametrize("day", [date(1900, 1, 1), date(2200, 12, 31)])
def test_the_first_and_the_last_day_of_the_calendar_are_read(day):
    first, end = clock.day_bounds(day, ZoneInfo("UTC"))

    assert (first, end) == (utc(f"{day}"), utc(f"{day}") + timedelta(days=1))


@pytest.mark.parametrize(
    "name", ["America/Denver", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia", "UTC"]
)
def test_stretches_cover_all_and_each_has_one_offset(name):
    zone = ZoneInfo(name)
    first, until = clock.seconds(utc("2010-12-25")), clock.seconds(utc("2012-01-20"))

    cut = clock.stretches(zone, first, until)

    assert (cut[0][0], cut[-1][1]) == (first, until)
    assert [end for _, end, _ in cut[:-1]] == [start for start, _, _ in cut[1:]]
    for start, end, offset in cut:
        for moment in (start, (start + end) // 2, end - 1):
            assert clock.instant_at(moment).astimezone(zone).utcoffset() == timedelta(seconds=offset)


def test_stretches_may_begin_exactly_at_a_change():
    change = clock.seconds(utc("2027-03-14 09:00"))

    assert clock.stretches(DENVER, change, change + 60) == [(change, change + 60, -6 * 3600)]


def test_nothing_has_no_stretches():
    assert clock.stretches(DENVER, 1_800_000_000, 1_800_000_000) == []


def test_of_a_range_up_to_a_change_there_is_one_stretch():
    change = clock.seconds(utc("2027-03-14 09:00"))

    assert clock.stretches(DENVER, change - 60, change) == [(change - 60, change, -7 * 3600)]


@pytest.mark.parametrize(
    ("name", "begin", "change", "end"),
    [
        ("Africa/Sao_Tome", "2019-01-01 00:30", "2019-01-01 01:00", "2019-01-01 03:00"),
        ("Pacific/Fiji", "2021-01-10", "2021-01-16 14:00", "2021-01-25"),
    ],
)
def test_clocks_may_change_in_the_first_days_of_a_year(name, begin, change, end):
    cut = clock.stretches(ZoneInfo(name), clock.seconds(utc(begin)), clock.seconds(utc(end)))

    assert [clock.instant_at(start) for start, _, _ in cut[1:]] == [utc(change)]


def test_at_the_turn_of_a_year_no_clock_changes_by_itself():
    first, until = clock.seconds(utc("2026-12-31")), clock.seconds(utc("2027-01-02"))

    assert clock.stretches(DENVER, first, until) == [(first, until, -7 * 3600)]


def test_the_digits_of_a_time_are_the_ten_of_ascii():
    with pytest.raises(UnreadableTime, match="not a date and a time like"):
        clock.read_instant("２０２７-03-14T09:30", DENVER)


def test_a_time_without_a_zone_is_no_instant():
    with pytest.raises(ValueError, match=r"^a time without a zone is no instant$"):
        clock.seconds(wall("2027-01-01"))


def test_what_cannot_be_read_says_whether_it_is_no_time_or_none_on_any_calendar():
    found = []
    for text in ("tomorrow", "2027-02-30T09:00", "9999-12-31T23:00"):
        with pytest.raises(UnreadableTime) as caught:
            clock.read_instant(text, DENVER)
        found.append(str(caught.value))

    shape = "not a date and a time like 2027-03-14T09:30:00-06:00"
    assert found == [shape, "no such day or time", "no such day or time"]


def test_a_wall_time_that_is_not_one_instant_names_itself_and_its_zone():
    with pytest.raises(AmbiguousTime) as twice:
        clock.resolve(wall("2027-11-07 01:30"), DENVER)
    with pytest.raises(NonexistentTime) as never:
        clock.resolve(wall("2027-03-14 02:30"), DENVER)

    assert [str(caught.value) for caught in (twice, never)] == [
        "this time comes twice: 2027-11-07T01:30:00 in America/Denver",
        "this time does not exist: 2027-03-14T02:30:00 in America/Denver",
    ]


def test_a_zone_whose_file_cannot_be_read_is_unknown(monkeypatch):
    def unreadable(_):
        raise OSError

    monkeypatch.setattr(clock, "ZoneInfo", unreadable)

    with pytest.raises(UnknownZone) as caught:
        clock.zone_named("America/Denver")
    assert caught.value.name == "America/Denver"


def test_instants_are_in_utc():
    with pytest.raises(NonexistentTime) as caught:
        clock.resolve(wall("2027-03-14 02:30"), DENVER)
    found = [
        *caught.value.candidates,
        clock.resolve(wall("2027-03-13 09:00"), DENVER),
        clock.read_instant("2027-03-13T09:00-07:00", DENVER),
        clock.next_window(wall("2027-06-01 11:00").replace(tzinfo=DENVER), DENVER, time(8), time(20)),
    ]

    assert all(instant.tzinfo is UTC for instant in found)


def test_a_moment_after_midnight_touches_the_day():
    begin, midnight = wall("2027-06-01 23:00"), wall("2027-06-02 00:00")
    ends = (midnight, midnight + timedelta(microseconds=1))

    found = [
        clock.dates_touched(begin.replace(tzinfo=DENVER), end.replace(tzinfo=DENVER), DENVER) for end in ends
    ]

    assert [len(days) for days in found] == [1, 2]


EIGHT, TWENTY = time(8), time(20)


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("2027-06-01 19:59:59", False),
        ("2027-06-01 20:00", True),
        ("2027-06-02 07:59:59", True),
        ("2027-06-02 08:00", False),
    ],
)
def test_quiet_hours_run_over_midnight_and_end_on_the_minute(text, quiet):
    instant = wall(text).replace(tzinfo=DENVER)

    assert clock.in_quiet_hours(instant, DENVER, TWENTY, EIGHT) is quiet


def test_the_same_time_twice_is_never_quiet():
    assert not clock.in_quiet_hours(utc("2027-06-01 08:00"), DENVER, EIGHT, EIGHT)


@pytest.mark.parametrize(
    ("text", "quiet"),
    [
        ("2027-06-01 20:29:14", False),
        ("2027-06-01 20:29:15", True),
        ("2027-06-02 07:44:59", True),
        ("2027-06-02 07:45:00", False),
    ],
)
def test_quiet_hours_may_begin_and_end_within_the_hour(text, quiet):
    instant = wall(text).replace(tzinfo=DENVER)

    assert clock.in_quiet_hours(instant, DENVER, time(20, 29, 15), time(7, 45)) is quiet


def test_a_window_that_never_closes_is_open_at_once():
    assert clock.next_window(utc("2027-06-01 03:00"), NEW_YORK, EIGHT, EIGHT) == utc("2027-06-01 03:00")


@pytest.mark.parametrize(
    ("due", "opens", "expected"),
    [
        ("2027-03-14 06:30", EIGHT, "2027-03-14 12:00"),  # 01:30 EST: eight o'clock is an hour nearer
        ("2027-11-07 05:30", EIGHT, "2027-11-07 13:00"),  # 01:30 EDT: an hour farther
        ("2027-06-01 15:00", EIGHT, "2027-06-01 15:00"),  # 11:00: at once
        ("2027-06-02 01:05", EIGHT, "2027-06-02 12:00"),  # 21:05: tomorrow
        ("2027-03-14 06:30", time(2, 30), "2027-03-14 07:00"),  # the clocks skip 02:30: at 03:00
        ("2027-11-07 03:00", time(2), "2027-11-07 07:00"),  # when it would be two, it is one again
    ],
)
def test_an_email_waits_for_the_next_window(due, opens, expected):
    assert clock.next_window(utc(due), NEW_YORK, opens, TWENTY) == utc(expected)


def test_the_next_window_may_lie_beyond_a_day_that_never_was():
    late = wall("2011-12-29 22:00").replace(tzinfo=APIA)

    assert clock.next_window(late, APIA, EIGHT, TWENTY) == wall("2011-12-31 08:00").replace(tzinfo=APIA)


def test_daily_at_nine_keeps_to_the_clock_on_the_wall():
    days = [clock.resolve(wall(f"2027-03-{day} 09:00"), NEW_YORK).hour for day in (13, 14)]

    assert days == [14, 13]


def test_the_machines_own_zone_makes_no_difference(monkeypatch):
    def answers():
        return (
            clock.resolve(wall("2027-03-14 09:00"), DENVER),
            clock.seconds(utc("2027-03-14 15:00")),
            clock.day_bounds(date(2027, 3, 14), DENVER),
            clock.next_window(utc("2027-03-14 06:30"), DENVER, EIGHT, TWENTY),
            clock.stretches(DENVER, 1_800_000_000, 1_830_000_000),
        )

    at_home = answers()
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Pacific/Kiritimati")
        machine.tzset()
        clock._changes.cache_clear()
        abroad = answers()
    machine.tzset()

    assert os.environ.get("TZ") != "Pacific/Kiritimati"
    assert abroad == at_home
