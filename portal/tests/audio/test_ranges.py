"""Which bytes a Range header asks for."""

import pytest

from portal.audio import ranges
from portal.audio.ranges import Span, Unsatisfiable, asked_for, still_current

N = 1000


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("bytes=0-0", Span(0, 0)),
        ("bytes=0-1", Span(0, 1)),
        ("bytes=999-999", Span(999, 999)),
        ("bytes=-1", Span(999, 999)),
        ("bytes=-500", Span(500, 999)),
        ("bytes=-1001", Span(0, 999)),
        ("bytes=0-", Span(0, 999)),
        ("bytes=999-", Span(999, 999)),
        ("bytes=1000-", Unsatisfiable()),
        ("bytes=1000-2000", Unsatisfiable()),
        ("bytes=-0", Unsatisfiable()),
        ("bytes=0-99999", Span(0, 999)),
        ("bytes=0-" + "9" * 150, Span(0, 999)),
        ("bytes=" + "9" * 150 + "-", Unsatisfiable()),
        ("BYTES= 0-0 ", Span(0, 0)),
        ("bytes=5-2", None),
        ("bytes=2000-1000", None),
        ("bytes=abc", None),
        ("abc", None),
        ("bytes=-", None),
        ("bytes=--5", None),
        ("bytes=0x1-2", None),
        ("bytes=٠-١", None),
        ("items=0-1", None),
        ("bytes=0-1,5-6", None),
        ("bytes=" + "9" * 5000 + "-", None),
    ],
)
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
