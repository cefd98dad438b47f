"""How much of each chapter was never heard: spans in any order, over all times."""

from __future__ import annotations

import pytest

from portal.practice_log.chapter_shares import ChapterShare, chapter_shares

MINUTE = 60_000
STARTS, DURATION = [0, 3 * MINUTE, 8 * MINUTE], 10 * MINUTE


def unheard(spans, starts=STARTS, duration_ms=DURATION):
    return [one.unheard_ms for one in chapter_shares(starts, spans, duration_ms=duration_ms)]


@pytest.mark.parametrize(
    ("spans", "missing"),
    [
        ([], [180_000, 300_000, 120_000]),
        ([(0, DURATION)], [0, 0, 0]),
        # one stretch over a border counts in both chapters, once
        ([(2 * MINUTE, 4 * MINUTE)], [120_000, 240_000, 120_000]),
        # overlapping, repeated, in any order, and one within another
        (
            [(90_000, 150_000), (0, 60_000), (30_000, 100_000), (0, 60_000), (40_000, 50_000)],
            [30_000, 300_000, 120_000],
        ),
        # two that touch are one; a gap of a millisecond is missing
        ([(0, 60_000), (60_000, 119_999), (120_000, 180_000)], [1, 300_000, 120_000]),
        # beyond the end, as after a shorter recording, and nothing at all
        ([(9 * MINUTE, 99 * MINUTE), (50 * MINUTE, 60 * MINUTE), (5_000, 5_000)], [180_000, 300_000, 60_000]),
    ],
)
def test_what_was_heard_counts_once_wherever_it_lies(spans, missing):
    assert unheard(spans) == missing


@pytest.mark.parametrize(
    ("starts", "duration_ms", "missing"),
    [
        ([], DURATION, []),
        ([0, 0, MINUTE], 2 * MINUTE, [0, MINUTE, MINUTE]),  # two marks at one place
        ([0, 3 * MINUTE], 2 * MINUTE, [2 * MINUTE, 0]),  # a mark beyond the end
    ],
)
def test_marks_that_make_no_sense_give_no_negative_time(starts, duration_ms, missing):
    assert unheard([], starts, duration_ms) == missing


@pytest.mark.parametrize(
    ("share", "is_heard", "is_untouched", "minutes"),
    [
        (ChapterShare(180_000, 10_000), True, False, 0),
        (ChapterShare(180_000, 10_001), False, False, 0),
        (ChapterShare(180_000, 170_001), False, True, 3),
        (ChapterShare(180_000, 150_000), False, False, 2),
        (ChapterShare(20_000, 5_000), False, False, 0),  # a quarter of a short one is missing
        (ChapterShare(0, 0), True, False, 0),
    ],
)
def test_a_few_seconds_are_not_worth_a_word(share, is_heard, is_untouched, minutes):
    assert (share.is_heard, share.is_untouched, share.unheard_minutes) == (is_heard, is_untouched, minutes)
