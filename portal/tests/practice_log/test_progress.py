"""Weeks of practice: counts that only grow."""

import datetime as dt
from zoneinfo import ZoneInfo

from portal.practice_log.progress import PracticedOnce, Totals, totals, which_time

DENVER = ZoneInfo("America/Denver")


def one(key, day, *, hour=9, what="floor", minutes=5, is_done=False, first=None):
    began = dt.datetime(2026, 11, day, hour, tzinfo=DENVER).astimezone(dt.UTC)
    return PracticedOnce(key, what, began, minutes * 60_000, is_done, first)


def test_nothing_yet():
    assert totals([], zone=DENVER) == Totals(0, 0, 0, 0, None)
    assert totals([], zone=DENVER).minutes == 0


def test_times_minutes_and_days():
    entries = [one(1, 2, is_done=True), one(2, 2, hour=23), one(3, 20)]
    found = totals(entries, zone=DENVER)
    assert (found.times, found.finished, found.minutes, found.days) == (3, 1, 15, 2)


def test_days_are_local_ones():
    late, early = one(1, 2, hour=23), one(2, 3, hour=0)
    assert [totals([late, early], zone=ZoneInfo(name)).days for name in ("America/Denver", "UTC")] == [2, 1]


def test_continued_on_another_device_it_is_one_time_and_both_are_heard():
    found = totals([one(1, 2), one(2, 2, is_done=True, first=1)], zone=DENVER)
    assert (found.times, found.finished, found.minutes) == (1, 1, 10)


def test_a_stretch_of_time_holds_its_beginning_and_not_its_end():
    entries = [one(1, 2), one(2, 9)]
    found = totals(entries, zone=DENVER, since=entries[0].began_at, until=entries[1].began_at)
    assert (found.times, found.last_at) == (1, entries[0].began_at)


def test_a_few_seconds_are_a_minute():
    began = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)
    assert totals([PracticedOnce(1, "floor", began, 4_000, False)], zone=DENVER).minutes == 1


def test_which_time_it_is_counts_play_throughs_of_the_same_thing_by_when_they_began():
    first, other, second, goes_on = one(9, 2), one(1, 3, what="hips"), one(5, 4), one(6, 5, first=5)
    entries = [goes_on, second, other, first]
    assert [which_time(entries, entry) for entry in (first, second, goes_on, other)] == [1, 2, 2, 1]


def test_synced_late_it_is_dated_when_it_began():
    later, synced = one(1, 9), one(2, 2)
    assert [which_time([later, synced], entry) for entry in (synced, later)] == [1, 2]
