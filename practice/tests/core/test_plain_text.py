"""Names in one plain line."""

import pytest

from practice.core.plain_text import is_same_name, plain_line, with_one_period


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann\r\nBcc: everybody@example.com", "Ann Bcc: everybody@example.com"),
        ("Ann\u2028Whitfield", "Ann Whitfield"),
        ("A\x00n\x1bn", "Ann"),
        ("  Ann   Whitfield ", "Ann Whitfield"),
        ("Ånn Ñandú 安", "Ånn Ñandú 安"),
        ("\ud800", ""),
    ],
)
def test_a_name_is_one_plain_line(typed: str, kept: str) -> None:
    assert plain_line(typed) == kept


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ann Lee", " ANN\u00a0 lee", True),
        ("Zo\u00eb", "Zoe\u0308", True),  # one letter, or a letter and its dots
        ("Straße", "STRASSE", True),
        ("Ann Lee", "Ann", False),
        ("Sam Smith", "Samuel Smith", False),
        ("Zoë", "Zoe", False),
    ],
)
def test_two_names_are_one_only_but_for_capitals_blanks_and_encoding(
    one: str, other: str, same: bool
) -> None:
    assert is_same_name(one, other) is same


@pytest.mark.parametrize(
    ("sentence", "one"),
    [
        ("A las 4:22 p.m.. Puede venir.", "A las 4:22 p.m. Puede venir."),
        ("A las <time>4:22 p.\u202fm.</time>. Venga.", "A las <time>4:22 p.\u202fm.</time> Venga."),
        ("A las 10:37 a.m. y a las 11:00.", "A las 10:37 a.m. y a las 11:00."),
        ("A las 16:22.", "A las 16:22."),
        ("A las 4:22 p.m...", "A las 4:22 p.m..."),
        ("La sala m..", "La sala m.."),
    ],
)
def test_a_sentence_that_ends_with_a_time_ends_in_one_period(sentence: str, one: str) -> None:
    assert with_one_period(sentence) == one
