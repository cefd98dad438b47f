"""One lane of the boards: midnight, days of 23 and 25 hours, buffers that meet, what decides its edges."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.availability.engine.hours import Closure, Schedule, WeeklyHours
from booking.schedule.engine.layout import Item, Piece, edges, lane, open_time, within
from booking.schedule.engine.wall_day import WallDay, wall_day
from practice.core.clock import seconds

DENVER, LORD_HOWE = ZoneInfo("America/Denver"), ZoneInfo("Australia/Lord_Howe")
LONG_AGO = 0
FORWARD, BACK = date(2027, 3, 14), date(2027, 11, 7)  # Denver's days of 23 and 25 hours


def at(words: str, zone: ZoneInfo = DENVER, *, fold: int = 0) -> int:
    """ "2027-03-02 10:00" on clocks of the zone, as a second."""
    return seconds(datetime.fromisoformat(words).replace(tzinfo=zone, fold=fold).astimezone(UTC))


def the_day(day: date, zone: ZoneInfo = DENVER) -> WallDay:
    found = wall_day(day, zone)
    assert found
    return found


def seen(pieces: list[Piece], *kinds: str) -> list[tuple[str, str]]:
    """What is on the board, as (kind, "10:00–11:00"); of `kinds` alone where they are named."""
    return [
        (one.kind, f"{one.at // 60}:{one.at % 60:02}–{one.until // 60}:{one.until % 60:02}")
        for one in pieces
        if not kinds or one.kind in kinds
    ]


def always_open(zone: ZoneInfo = DENVER) -> Schedule:
    return Schedule(zone, tuple(WeeklyHours(weekday, 0, 1440) for weekday in range(7)))


def board(day: date, *items: Item, zone: ZoneInfo = DENVER, now: int = LONG_AGO) -> list[Piece]:
    """The lane of somebody who is always open."""
    wall = the_day(day, zone)
    return lane(wall, open_time(always_open(zone), wall), items, now=now)


def test_a_session_over_midnight_lies_on_both_days_and_says_so_on_each():
    night = Item("booked", at("2027-03-02 23:30"), at("2027-03-03 00:30"))
    found = [
        next(one for one in board(day, night) if one.kind == "booked")
        for day in (date(2027, 3, 2), date(2027, 3, 3))
    ]
    assert seen(found) == [("booked", "23:30–24:00"), ("booked", "0:00–0:30")]
    assert [(one.from_before, one.into_next) for one in found] == [(False, True), (True, False)]


def test_a_session_that_ends_at_24_00_is_not_on_the_next_day():
    late = Item("booked", at("2027-03-02 23:00"), at("2027-03-03 00:00"))
    assert seen(board(date(2027, 3, 2), late), "booked") == [("booked", "23:00–24:00")]
    assert seen(board(date(2027, 3, 3), late), "booked") == []


def test_hours_past_midnight_are_open_on_both_days():
    schedule = Schedule(DENVER, (WeeklyHours(1, 22 * 60, 26 * 60),))  # Tuesday, ten to two
    tuesday, wednesday = the_day(date(2027, 3, 2)), the_day(date(2027, 3, 3))
    found = [seen(lane(day, open_time(schedule, day), [], now=0), "open") for day in (tuesday, wednesday)]
    assert found == [[("open", "22:00–24:00")], [("open", "0:00–2:00")]]


def test_over_skipped_hours_a_session_is_as_long_on_the_wall_as_clocks_make_it():
    one = Item("booked", at("2027-03-14 01:30"), at("2027-03-14 03:30"))  # an hour by a stopwatch
    assert seen(board(FORWARD, one), "booked", "skipped") == [
        ("booked", "1:30–3:30"),
        ("skipped", "2:00–3:00"),
    ]


@pytest.mark.parametrize(
    ("zone", "day", "again", "ends"),
    [(DENVER, BACK, "01:00", "02:00"), (LORD_HOWE, date(2027, 4, 4), "01:30", "02:00")],
)
def test_an_hour_that_comes_twice_lies_on_two_levels(zone, day, again, ends):
    first = at(f"{day} {again}", zone)
    second = at(f"{day} {again}", zone, fold=1)
    end = second + (second - first)
    pieces = board(day, Item("booked", first, second), Item("request", second, end), zone=zone)
    span = f"{int(again[:2])}{again[2:]}–{int(ends[:2])}{ends[2:]}"
    assert seen(pieces, "booked", "request") == [("booked", span), ("request", span)]
    assert [(one.level, one.levels) for one in pieces if one.item] == [(1, 2), (2, 2)]


def test_a_session_from_the_first_pass_into_the_second_covers_what_it_takes():
    across = Item("booked", at("2027-11-07 01:30"), at("2027-11-07 01:30", fold=1))
    assert seen(board(BACK, across), "booked") == [("booked", "1:00–2:00")]


def test_what_is_open_ends_where_the_clocks_change_so_that_each_link_names_one_hour():
    assert seen(board(BACK), "open") == [("open", "0:00–2:00"), ("open", "1:00–24:00")]
    assert seen(board(FORWARD), "open") == [("open", "0:00–2:00"), ("open", "3:00–24:00")]


def test_lord_howe_goes_forward_by_half_an_hour():
    found = board(date(2027, 10, 3), zone=LORD_HOWE)
    assert seen(found, "skipped") == [("skipped", "2:00–2:30")]


def test_hours_are_those_of_the_practitioners_clocks_on_the_practices_wall():
    chicago = Schedule(ZoneInfo("America/Chicago"), (WeeklyHours(1, 9 * 60, 17 * 60),))
    day = the_day(date(2027, 3, 2))
    assert seen(lane(day, open_time(chicago, day), [], now=0), "open") == [("open", "8:00–16:00")]


def test_buffers_that_overlap_are_one_and_take_nothing_from_sessions():
    one = Item("booked", at("2027-03-02 09:00"), at("2027-03-02 10:00"), after=15)
    other = Item("booked", at("2027-03-02 10:10"), at("2027-03-02 11:00"), before=30, after=15)
    found = board(date(2027, 3, 2), one, other)
    assert seen(found, "buffer") == [("buffer", "10:00–10:10"), ("buffer", "11:00–11:15")]
    assert [one.levels for one in found] == [1] * len(found)


def test_the_way_is_travel_time_and_wins_over_a_buffer():
    here = Item("booked", at("2027-03-02 09:00"), at("2027-03-02 10:00"), after=30)
    visit = Item("booked", at("2027-03-02 10:20"), at("2027-03-02 11:00"), before=20, after=20, travels=True)
    assert seen(board(date(2027, 3, 2), here, visit), "buffer", "travel") == [
        ("travel", "10:00–10:20"),
        ("travel", "11:00–11:20"),
    ]


def test_open_is_what_is_left_from_now_on_and_long_enough_to_offer():
    now = at("2027-03-02 10:07")
    items = [
        Item("booked", at("2027-03-02 11:00"), at("2027-03-02 12:00"), after=15),
        Item("busy", at("2027-03-02 12:25"), at("2027-03-02 23:00")),  # ten minutes between: no time
    ]
    assert seen(board(date(2027, 3, 2), *items, now=now), "open", "now") == [
        ("now", "10:05–10:10"),
        ("open", "10:10–11:00"),
        ("open", "23:00–24:00"),
    ]


def test_busy_time_beside_a_session_lies_on_a_level_of_its_own():
    session = Item("booked", at("2027-03-02 09:00"), at("2027-03-02 10:00"))
    later = Item("booked", at("2027-03-02 12:00"), at("2027-03-02 13:00"))
    busy = Item("busy", at("2027-03-02 09:30"), at("2027-03-02 11:00"))
    found = {
        (one.kind, one.at): (one.level, one.levels) for one in board(date(2027, 3, 2), session, later, busy)
    }
    assert (found["booked", 540], found["busy", 570], found["booked", 720]) == ((1, 2), (2, 2), (1, 1))


def test_minutes_beside_the_grid_meet_without_an_overlap():
    odd = [
        Item("booked", at("2027-03-02 09:07"), at("2027-03-02 09:52")),
        Item("booked", at("2027-03-02 09:52"), at("2027-03-02 10:33")),
    ]
    assert seen(board(date(2027, 3, 2), *odd), "booked") == [
        ("booked", "9:05–9:50"),
        ("booked", "9:50–10:35"),
    ]


def test_a_closed_day_is_closed_all_along():
    closed = Schedule(DENVER, always_open().weekly, (Closure(date(2027, 3, 2), date(2027, 3, 2)),))
    day = the_day(date(2027, 3, 2))
    assert seen(lane(day, open_time(closed, day), [], now=0)) == [("closed", "0:00–24:00")]


def test_boards_run_as_long_as_hours_and_sessions_but_not_for_what_is_busy_elsewhere():
    day = date(2027, 3, 2)
    items = [
        Item("busy", at("2027-03-02 00:00"), at("2027-03-02 05:00")),
        Item("booked", at("2027-03-02 06:50"), at("2027-03-02 07:30")),
    ]
    pieces = lane(the_day(day), [], items, now=0)
    assert edges([pieces], [(9 * 60, 17 * 60 + 30)]) == (6 * 60, 18 * 60)
    assert edges([], []) == (9 * 60, 17 * 60)
    assert seen(within(pieces, 360, 1080), "busy", "booked") == [("booked", "6:50–7:30")]


def test_a_day_that_a_zone_left_out_has_no_board():
    assert wall_day(date(2011, 12, 30), ZoneInfo("Pacific/Apia")) is None


@given(
    zone=st.sampled_from(["America/Denver", "Australia/Lord_Howe", "America/Havana", "America/Santiago"]),
    day=st.dates(date(2027, 1, 1), date(2027, 12, 31)),
    spans=st.lists(st.tuples(st.integers(-300, 1500), st.integers(5, 300), st.integers(0, 60)), max_size=8),
)
def test_whatever_the_day_every_piece_is_on_it_and_none_hides_another(zone, day, spans):
    wall = the_day(day, ZoneInfo(zone))
    items = [
        Item("booked", wall.begins + start * 60, wall.begins + (start + length) * 60, after=after)
        for start, length, after in spans
    ]
    pieces = lane(wall, [(wall.begins, wall.ends)], items, now=0)
    assert all(0 <= one.at < one.until <= 1440 and one.at % 5 == one.until % 5 == 0 for one in pieces)
    above = [one for one in pieces if one.kind not in ("closed", "skipped", "now")]
    for number, one in enumerate(above):
        for other in above[number + 1 :]:
            apart = one.until <= other.at or other.until <= one.at
            assert apart or one.level != other.level
