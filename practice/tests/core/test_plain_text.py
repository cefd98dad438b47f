"""Names in one plain line."""

import pytest

from practice.core.plain_text import is_same_name, plain_line


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
