"""Which bytes a Range header asks for."""

import pytest

from portal.audio import ranges
from portal.audio.ranges import Unsatisfiable, asked_for, still_current
from portal.tests.audio.range_cases import RANGES, N


@pytest.mark.parametrize(("header", "expected"), RANGES)
def test_reads(header, expected):
    assert asked_for(header, size=N) == expected


@pytest.mark.parametrize("header", ["bytes=0-0", "bytes=0-", "bytes=-1"])
def test_of_an_empty_file_nothing_can_be_given(header):
    assert asked_for(header, size=0) == Unsatisfiable()


def test_a_million_ranges_are_not_even_read(monkeypatch):
    monkeypatch.setattr(ranges, "ONE_RANGE", None)
    assert asked_for("bytes=" + ",".join(["0-0"] * 1_000_000), size=N) is None


@pytest.mark.parametrize(
    ("if_range", "stands"),
    [
        (None, True),
        ('"now"', True),
        ('"before"', False),
        ('W/"now"', False),
        ("now", False),
        ("Sat, 21 Nov 2026 09:00:00 GMT", False),
    ],
)
def test_if_range(if_range, stands):
    assert still_current(if_range, etag='"now"') is stands
