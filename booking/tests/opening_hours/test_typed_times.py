"""Times as people type them: every common notation is read, nothing else, and what we write is read back."""

from __future__ import annotations

import pytest

from booking.opening_hours.engine.typed_times import TimeProblem, candidates, read_window, shown_time
from booking.opening_hours.engine.week import OpenSpan

LOCALES = "en-us en-gb de fr es es-mx it pt-br nl sv da fi pl cs zh-tw zh ja ko ar bg hi el hu sq he".split()


@pytest.mark.parametrize(
    ("opens", "closes", "window"),
    [
        ("9", "5", (540, 1020)),
        ("9am", "5pm", (540, 1020)),
        ("9:00 AM", "1:00 PM", (540, 780)),
        ("9 a.m.", "5 p. m.", (540, 1020)),
        ("9A", "5P", (540, 1020)),
        ("13.30", "15h", (810, 900)),
        ("13h30", "15 h", (810, 900)),
        ("930", "1730", (570, 1050)),
        ("noon", "24:00", (720, 1440)),
        ("12 noon", "midnight", (720, 1440)),
        ("12", "1", (720, 780)),
        ("1", "5", (780, 1020)),
        ("8", "12", (480, 720)),
        ("0:00", "24", (0, 1440)),
        ("midnight", "6", (0, 360)),
        ("6pm", "0:00", (1080, 1440)),
        ("６:３０ pm", "9\N{NO-BREAK SPACE}PM", (1110, 1260)),
        ("  9 :00  ", "9", (540, 1260)),
        ("22:00", "02:00", (1320, 1560)),
        ("10 PM", "2", (1320, 1560)),
        ("9:00 AM", "9:00 AM", (540, 1980)),
    ],
)
def test_common_notations_are_read_as_they_are_meant(opens, closes, window):
    assert read_window(opens, closes, locale="en-us") == OpenSpan(*window)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nine",
        "9:60",
        "25",
        "24:01",
        "13pm",
        "0 am",
        "9:00:00",
        "9-5",
        "99999",
        "９９",
        "9:5",
        "am",
        "-1",
        "1e3",
    ],
)
def test_anything_else_is_no_time(text):
    assert candidates(text, locale="en-us") == []


@pytest.mark.parametrize(
    ("opens", "closes", "field", "code"),
    [
        ("x", "5", "opens", "unreadable"),
        ("9", "x", "closes", "unreadable"),
        ("9", " ", "closes", "missing"),
        ("", "5", "opens", "missing"),
        ("24:00", "5", "opens", "unreadable"),
    ],
)
def test_a_time_that_cannot_be_used_is_named_by_its_field(opens, closes, field, code):
    with pytest.raises(TimeProblem) as error:
        read_window(opens, closes, locale="en-us")
    assert (error.value.field, error.value.code) == (field, code)


def test_where_hours_are_counted_to_24_five_is_five_in_the_morning():
    assert read_window("5", "9", locale="de") == OpenSpan(300, 540)
    assert candidates("5", locale="en-us") == [300, 1020]


@pytest.mark.parametrize("locale", LOCALES)
def test_what_we_write_is_read_back_as_the_same_minute(locale):
    for minutes in range(1440):
        assert candidates(shown_time(minutes, locale=locale), locale=locale) == [minutes]
