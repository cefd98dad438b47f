"""PURE. Text messages: how long one is on the network, and plain characters in place of costly ones.

A message in the GSM 7-bit alphabet (3GPP TS 23.038) has 160 characters, or 153 in each segment of a longer
one. A single character outside of it turns the message into UCS-2: 70 characters, or 67 in each segment.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Sent as two: an escape, and the character.
EXTENSION = frozenset("\f^{}\\[~]|€")
#: Segments that a message of ours may have.
MOST_SEGMENTS = 2
SHORTENED = "..."

PLAIN = {
    **dict.fromkeys("‘’‚‛′´`", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\t", " "),
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
    "…": "...",
    "•": "-",
    "·": "-",
    "×": "x",
    "→": "->",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
}


@dataclass(frozen=True)
class TextLength:
    """The length of a message. `units`: characters as the network counts them; `is_plain`: in GSM 7-bit."""

    is_plain: bool
    units: int
    segments: int


def length_of(text: str) -> TextLength:
    """Return how long a message is on the network."""
    if all(one in GSM_7 or one in EXTENSION for one in text):
        sizes, single, joined = [2 if one in EXTENSION else 1 for one in text], 160, 153
        return TextLength(True, sum(sizes), _segments(sizes, single, joined))
    sizes = [2 if ord(one) > 0xFFFF else 1 for one in text]  # UTF-16: a surrogate pair is two
    return TextLength(False, sum(sizes), _segments(sizes, 70, 67))


def _segments(sizes: list[int], single: int, joined: int) -> int:
    """Return the number of segments; none begins with the second half of a character."""
    if sum(sizes) <= single:
        return 1
    segments, room = 1, joined
    for size in sizes:
        if size > room:
            segments, room = segments + 1, joined
        room -= size
    return segments


def plain(text: str) -> str:
    """Return the message with plain characters where they say the same, so that it is shorter on the network.

    Typographic quotes, dashes and spaces, and accents that the 7-bit alphabet lacks ("María" → "Maria"). What
    has no plain form, such as another script, stays.
    """
    return "".join(_plain_sign(one) for one in unicodedata.normalize("NFC", text))


def _plain_sign(sign: str) -> str:
    if sign in GSM_7 or sign in EXTENSION:
        return sign
    if sign in PLAIN:
        return PLAIN[sign]
    without = "".join(one for one in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(one))
    return without if without and all(one in GSM_7 for one in without) else sign


def fitted(words: Callable[[str], str], name: str, *, most: int = MOST_SEGMENTS) -> str:
    """Return `words(name)` in plain characters, with the name shortened until it has at most `most` segments.

    Only the name gives way: never a time, and never a link. With the name gone, the message is as it is.
    """
    name = plain(" ".join(name.split()))
    text = plain(words(name))
    kept = name
    while length_of(text).segments > most and kept:
        kept = kept[:-1].rstrip()
        text = plain(words(f"{kept}{SHORTENED}" if kept else ""))
    return text
