"""Names in one plain line."""

import pytest

from practice.names import plain_line


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
