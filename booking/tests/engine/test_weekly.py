"""The same hour every week: on the wall clock, whatever the clocks do."""

import datetime as dt
from zoneinfo import ZoneInfo

from booking.availability.engine.weekly import nearest_instant, walls, weeks_after

DENVER = ZoneInfo("America/Denver")


def wall(words: str) -> dt.datetime:
    return dt.datetime.fromisoformat(words)


def denver(words: str) -> dt.datetime:
    return wall(words).replace(tzinfo=DENVER)


def test_the_hour_stays_the_same_over_a_clock_change():
    first = denver("2027-03-09 10:00")
    instants = [nearest_instant(one, DENVER) for one in walls(first, every=1, count=3)]
    assert [one.isoformat()[:16] for one in instants] == [
        "2027-03-09T17:00",
        "2027-03-16T16:00",
        "2027-03-23T16:00",
    ]


def test_every_second_week_leaves_one_out():
    assert walls(wall("2027-10-31 10:00"), every=2, count=2)[1] == wall("2027-11-14 10:00")


def test_after_a_session_long_ago_the_weeks_ahead_are_looked_at():
    last, now = denver("2026-06-02 10:00"), denver("2027-03-01 08:00")
    found = weeks_after(last, first=2, count=3, not_before=now)
    assert found == [wall("2027-03-02 10:00"), wall("2027-03-09 10:00"), wall("2027-03-16 10:00")]


def test_after_a_session_still_to_come_two_weeks_pass():
    last, now = denver("2027-03-09 10:00"), denver("2027-03-01 08:00")
    assert weeks_after(last, first=2, count=1, not_before=now) == [wall("2027-03-23 10:00")]


def test_an_hour_that_the_clocks_skip_leads_to_one_beside_it():
    assert nearest_instant(wall("2027-03-14 02:30"), DENVER) == denver("2027-03-14 01:30")


def test_of_today_the_hour_is_still_ahead_until_it_has_come():
    last = denver("2026-06-02 10:00")
    moments = ("2027-03-02 09:59", "2027-03-02 10:00")
    found = [weeks_after(last, first=2, count=1, not_before=denver(moment)) for moment in moments]
    assert found == [[wall("2027-03-02 10:00")], [wall("2027-03-09 10:00")]]


def test_the_second_of_two_like_hours_is_the_same_hour_a_week_later():
    twin = denver("2027-11-07 01:30").replace(fold=1)
    assert [one.fold for one in walls(twin, every=1, count=2)] == [0, 0]
