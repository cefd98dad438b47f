"""Texts as they are printed into an email: one kind of line end, no control character, one period."""

import pytest

from practice.mail.composing.render import printable


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("Tuesday at nine.\n", "Tuesday at nine.\n"),
        ("a\tb\nc", "a\tb\nc"),
        ("one\r\ntwo\rthree\u2028four\u2029five", "one\ntwo\nthree\nfour\nfive"),
        ("a\x00b\x0bc\x1fd\x7fe\x85f\x9fg\ud800h\udfffi", "abcdefghi"),
        ("At 9 a.m.. Come.", "At 9 a.m. Come."),
        ("At 9 a.\u202fm.. Come.\r\n", "At 9 a.\u202fm. Come.\n"),
        ("Wait for the film... at 9 p.m.", "Wait for the film... at 9 p.m."),
    ],
)
def test_printable(text, printed):
    assert printable(text) == printed
