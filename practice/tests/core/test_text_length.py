"""Characters and segments of text messages, counted as the network counts them."""

from __future__ import annotations

import pytest

from practice.core.texts.length import GSM_7, MOST_SEGMENTS, TextLength, fitted, length_of, plain

PLAIN, UNICODE = True, False


@pytest.mark.parametrize(
    ("text", "is_plain", "units", "segments"),
    [
        ("", PLAIN, 0, 1),
        ("a" * 160, PLAIN, 160, 1),
        ("a" * 161, PLAIN, 161, 2),
        ("a" * 306, PLAIN, 306, 2),
        ("a" * 307, PLAIN, 307, 3),
        ("€" * 80, PLAIN, 160, 1),  # each is an escape and a character
        ("€" * 80 + "a", PLAIN, 161, 2),
        # An escape is not parted from its character: 152 and an escape do not fit into 153.
        ("a" * 152 + "€" * 77, PLAIN, 306, 3),
        ("ж" * 70, UNICODE, 70, 1),
        ("ж" * 71, UNICODE, 71, 2),
        ("ж" * 134, UNICODE, 134, 2),
        ("ж" * 135, UNICODE, 135, 3),
        ("🌲" * 35, UNICODE, 70, 1),  # two units each
        ("ж" * 66 + "🌲" * 34, UNICODE, 134, 3),  # nor is a surrogate pair parted
        ("a" * 69 + "’", UNICODE, 70, 1),
        ("a" * 70 + "’", UNICODE, 71, 2),  # one typographic quote, and the message costs twice
    ],
)
def test_units_and_segments(text: str, is_plain: bool, units: int, segments: int) -> None:
    assert length_of(text) == TextLength(is_plain, units, segments)


def test_the_alphabet_has_its_127_characters_and_an_escape() -> None:
    assert len(GSM_7) == 127


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("It’s “here” – soon… 2:00\u202fPM", 'It\'s "here" - soon... 2:00 PM'),
        ("María José Ibáñez, Núñez & Łukasz", "Maria José Ibañez, Nuñez & Lukasz"),  # é and ñ are in it
        ("cafe\u0301", "café"),  # é as two characters
        ("Zoë Çelik", "Zoe Çelik"),
        ("zero\u200bwidth\u00adhyphen", "zerowidthhyphen"),
        ("Анна 🌲", "Анна 🌲"),  # there is no plain form
    ],
)
def test_plain_characters_where_they_say_the_same(typed: str, sent: str) -> None:
    assert plain(typed) == sent


@pytest.mark.parametrize("name", ["Elm", "The Long Name of a Practice " * 20, "“Élan” – " * 30, "ж" * 300])
def test_only_the_name_gives_way(name: str) -> None:
    end = "your session is on Tuesday, March 9 at 10:07 AM. https://portal.example/" + "x" * 90
    text = fitted(lambda shown: f"{shown}: {end}", name)
    assert text.endswith(end)
    assert length_of(text).segments <= MOST_SEGMENTS


def test_a_name_that_fits_is_whole() -> None:
    assert fitted(lambda shown: f"{shown}: hello", "Elm Street") == "Elm Street: hello"


def test_a_name_is_cut_no_more_than_it_must() -> None:
    text = fitted(lambda shown: f"{shown}:" + "x" * 200, "n" * 200)
    assert length_of(text).units == 306
