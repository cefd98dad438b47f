"""Times, chapters and sentences as they are typed, proposals from rests, and what a lesson lacks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.audio.transcript import TranscriptSentence
from portal.lesson_editing.engine.marks import TypedRow, read_chapters, read_sentences
from portal.lesson_editing.engine.proposals import proposals
from portal.lesson_editing.engine.readiness import NEEDED, LessonState, missing, next_step
from portal.lesson_editing.engine.times import NotATime, read_time, written

MINUTE = 60_000


@given(st.integers(0, 100 * 60 * MINUTE - 1))
def test_a_time_is_read_as_it_is_written(ms: int) -> None:
    assert read_time(written(ms)) == ms


@pytest.mark.parametrize(
    ("typed", "ms"), [("3:40", 220_000), (" 3:40,5 ", 220_500), ("1:07:40.025", 4_060_025), ("95", 95_000)]
)
def test_times_are_typed_in_several_ways(typed: str, ms: int) -> None:
    assert read_time(typed) == ms


@pytest.mark.parametrize("typed", ["", "3:60", "1:60:00", "3:40.1234", "soon", "3:-1", "٣:٤٠x", "1e3", "nan"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    with pytest.raises(NotATime, match="time"):
        read_time(typed)


@pytest.mark.parametrize("typed", ["-0:05", "−1"])
def test_a_time_before_the_start_is_refused(typed: str) -> None:
    with pytest.raises(NotATime, match="negative"):
        read_time(typed)


def chapters(*rows: tuple[str, str]) -> tuple[list[tuple[int, str]], list[tuple[int | None, str]]]:
    found, problems = read_chapters([TypedRow(*row) for row in rows], length_ms=5 * MINUTE)
    return [(one.start_ms, one.title) for one in found], [(one.row, one.code) for one in problems]


def test_chapters_are_put_in_order_and_empty_rows_left_out() -> None:
    assert chapters(("2:00", "B"), ("", " "), ("0:00", "A")) == ([(0, "A"), (120_000, "B")], [])


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([("0:00", "A"), ("0:00.0", "B")], (1, "same_time")),
        ([("5:00", "A")], (0, "beyond")),
        ([("-1:00", "A")], (0, "negative")),
        ([("", "A")], (0, "time")),
        ([("0:00", " ")], (0, "no_title")),
        ([("0:00", "x" * 121)], (0, "long_title")),
        ([(f"{at}", "A") for at in range(101)], (None, "many_chapters")),
    ],
)
def test_each_wrong_chapter_is_named(rows: list[tuple[str, str]], problem: tuple[int | None, str]) -> None:
    assert chapters(*rows)[1] == [problem]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (TypedRow("0:08", "A", "0:11"), "overlap"),
        (TypedRow("0:21", "A", "0:21"), "ends_first"),
        (TypedRow("0:21", "A", ""), "end_time"),
        (TypedRow("0:21", "", "0:22"), "no_words"),
        (TypedRow("4:59", "A", "5:01"), "beyond"),
    ],
)
def test_a_sentence_is_judged_with_those_of_other_pages(row: TypedRow, code: str) -> None:
    others = [TranscriptSentence(10_000, 20_000, "There.")]
    _found, problems = read_sentences([row], length_ms=5 * MINUTE, others=others)
    assert [(one.row, one.code) for one in problems] == [(0, code)]


def test_chapters_are_proposed_where_speech_begins_again() -> None:
    rests = [(0, 4000), (60_000, 68_000), (70_000, 73_000), (120_000, 129_000), (290_000, 296_000)]
    found = proposals(rests, chapters=[125_000], length_ms=5 * MINUTE)
    assert [(one.quiet_from, one.quiet_to, one.at) for one in found] == [(60_000, 68_000, 67_700)]


def test_what_is_missing_comes_before_publishing_and_chapters() -> None:
    nothing = LessonState(title=False, position=False, guidelines=False, recording=False)
    assert missing(nothing) == NEEDED
    whole = dict.fromkeys(NEEDED, True)
    assert next_step(LessonState(**whole)) == "publish"
    assert next_step(LessonState(**whole, is_withdrawn=True)) == "publish_again"
    assert next_step(LessonState(**whole, is_published=True)) == "add_chapters"
    assert next_step(LessonState(**{**whole, "recording": False}, being_prepared=True)) == "wait"
    assert next_step(LessonState(**whole, is_published=True, chapters=3, sentences=9)) == ""
