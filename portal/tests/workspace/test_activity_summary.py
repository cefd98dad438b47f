"""What practice since a moment comes to: plays on two devices, pain told in two places, local days."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from portal.practice_log.progress import PracticedOnce
from portal.workspace.activity_summary import EntrySummary, PainReport, pain, sum_up, weeks

DENVER = ZoneInfo("America/Denver")


def at(words: str) -> dt.datetime:
    return dt.datetime.fromisoformat(words).replace(tzinfo=DENVER)


def done(
    key: int, when: str, *, first: int | None = None, finished: bool = False, **fields: Any
) -> EntrySummary:
    what = "exercise:1" if fields.get("is_exercise") else "lesson:1"
    entry = PracticedOnce(key, what, at(when), 600_000, finished, first)
    return EntrySummary(entry, title="Floor", last_at=at(when) + dt.timedelta(minutes=10), **fields)


TWO_DEVICES = [
    done(1, "2027-03-07 20:00", before=5, stopped_ms=600_000),
    done(2, "2027-03-07 20:30", first=1, finished=True, after=3, stopped_ms=1_200_000),
]


def test_two_devices_are_one_time() -> None:
    floor = sum_up(TWO_DEVICES, zone=DENVER).floor
    assert (floor.times, floor.finished, floor.minutes) == (1, 1, 20)


def test_pain_before_on_one_and_after_on_the_other_is_one_pair() -> None:
    assert sum_up(TWO_DEVICES, zone=DENVER).pains == (PainReport(dt.date(2027, 3, 7), 5, 3),)


def test_what_was_finished_elsewhere_was_stopped_nowhere() -> None:
    late_report = [TWO_DEVICES[1], done(1, "2027-03-07 20:40", stopped_ms=600_000)]
    assert sum_up(late_report, zone=DENVER).lessons[0].stopped_ms is None


def test_a_replay_that_was_left_says_where_and_takes_no_finish_away() -> None:
    again = [*TWO_DEVICES, done(3, "2027-03-08 20:00", stopped_ms=60_000)]
    lesson = sum_up(again, zone=DENVER).lessons[0]
    assert (lesson.times, lesson.finished, lesson.stopped_ms) == (2, 1, 60_000)


def test_past_midnight_belongs_to_the_day_it_began() -> None:
    assert sum_up([done(1, "2027-03-07 23:50")], zone=DENVER).last_on == dt.date(2027, 3, 7)


def test_exactly_at_the_moment_counts_and_a_moment_before_does_not() -> None:
    entries = [done(1, "2027-03-02 13:59"), done(2, "2027-03-02 14:00")]
    assert sum_up(entries, zone=DENVER, since=at("2027-03-02 14:00")).floor.times == 1


def test_only_the_last_two_noticings_and_blank_ones_are_none() -> None:
    entries = [
        done(number, f"2027-03-0{number} 20:00", noticing=words)
        for number, words in enumerate(("one", "two", " \n", "three"), start=1)
    ]
    assert [one.words for one in sum_up(entries, zone=DENVER).noticed] == ["three", "two"]


def test_exercises_are_not_time_on_the_floor() -> None:
    found = sum_up([done(1, "2027-03-07 08:00", is_exercise=True)], zone=DENVER)
    assert (found.floor.times, found.exercises[0].times) == (0, 1)


def test_what_is_no_number_from_0_to_10_is_no_pain() -> None:
    assert [pain(told) for told in ("0", "10", "11", "-1", "", None, "three", "²")] == [0, 10, *[None] * 6]


def test_weeks_begin_as_calendars_do_there_also_where_the_clocks_change() -> None:
    """On Sunday, March 14 the clocks went forward."""
    noon = at("2027-03-16 12:00")
    american = [done(1, "2027-03-13 23:30"), done(2, "2027-03-14 00:30")]
    found = weeks(american, zone=DENVER, now=noon, locale="en-us", count=2)
    assert [(one.begins.day, one.floor.times) for one in found] == [(14, 1), (7, 1)]
    british = [done(1, "2027-03-14 23:30"), done(2, "2027-03-15 00:30")]
    found = weeks(british, zone=DENVER, now=noon, locale="en-gb", count=2)
    assert [(one.begins.day, one.floor.times) for one in found] == [(15, 1), (8, 1)]
