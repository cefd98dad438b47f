"""Whatever a gateway answers is read as far as it makes sense, and breaks no sender."""

from __future__ import annotations

from decimal import Decimal

import pytest

from practice.mail.channels.text_messages.twilio import parsed, price_in, report_in


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b"\xff", b"[" * 100_000, b'{"a":' * 100_000])
def test_what_is_no_object_is_an_empty_one(body):
    assert parsed(body) == {}


@pytest.mark.parametrize(
    ("value", "price"),
    [
        ("-0.00790", Decimal("0.00790")),
        (None, None),
        ("free", None),
        ("NaN", None),
        ("sNaN", None),
        ("-Infinity", None),
        ("1E+1000000", None),
        ("10000", None),
    ],
)
def test_a_price_is_a_positive_number_or_not_known_yet(value, price):
    assert price_in(value) == price


@pytest.mark.parametrize(
    ("value", "segments"), [("2", 2), (None, 0), ("²", 0), ("-1", 0), ("9" * 5000, 1000)]
)
def test_segments_are_a_small_number(value, segments):
    assert report_in({"sid": "SM1", "num_segments": value}).segments == segments
