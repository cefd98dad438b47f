"""Which section of the expectations is for somebody, by what they told us of how long they have had it."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from booking.intake.answers import SINCE
from portal.lessons.expectation_bands import SPANS, sorted_for, spans_of


@dataclass(frozen=True)
class Section:
    heading: str


DAYS = Section("If it began a few days ago")
MONTHS = Section("If you have had it for some months")
YEARS = Section("If it has been ten years or more")
ALL = Section("")


@pytest.mark.parametrize(
    ("heading", "spans"),
    [
        ("Half a year or so", {"months"}),
        ("Months or years", {"months", "years"}),
        ("If it’s a Yearling farm", set()),
        ("How long it takes", set()),
        ("Today", set()),
        ("", set()),
        ("WEEKS", {"recent"}),
    ],
)
def test_a_heading_names_spans_of_time(heading: str, spans: set[str]) -> None:
    assert spans_of(heading) == spans


@pytest.mark.parametrize(
    ("since", "first"),
    [
        ("days", DAYS),
        ("weeks", DAYS),
        ("months", MONTHS),
        ("year", MONTHS),
        ("years", YEARS),
        ("ten_years", YEARS),
    ],
)
def test_their_own_comes_first_with_what_is_for_all(since: str, first: Section) -> None:
    theirs, others = sorted_for([ALL, DAYS, MONTHS, YEARS], since)
    assert theirs == [ALL, first]
    assert {*theirs, *others} == {ALL, DAYS, MONTHS, YEARS}


@pytest.mark.parametrize("since", ["", "unknown", "months"])
def test_where_none_fits_all_are_shown(since: str) -> None:
    assert sorted_for([DAYS, YEARS], since) == ([DAYS, YEARS], [])


def test_the_nearest_is_taken_where_the_right_one_is_missing() -> None:
    assert sorted_for([DAYS, YEARS], "year") == ([YEARS], [DAYS])


def test_every_answer_of_the_intake_has_its_spans() -> None:
    assert set(SPANS) == set(SINCE)
