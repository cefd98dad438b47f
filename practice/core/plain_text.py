"""PURE. Texts made fit to be shown: names as people type them, and sentences that end with a time."""

import re
import unicodedata

#: "4:22 p.m." at the end of a sentence, whose period it is already; a tag may close between the two.
TWO_PERIODS = re.compile(r"(\b[ap]\.\s?m\.(?:</\w+>)*)\.(?!\.)")
LINE_ENDS = {"\u2028", "\u2029", "\u0085"}


def plain_line(text: str) -> str:
    """Return one line without control characters: line ends become blanks, the rest is dropped."""
    spaced = "".join(" " if sign in LINE_ENDS or sign in "\r\n\t\v\f" else sign for sign in text)
    kept = (sign for sign in spaced if unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn"))
    return " ".join("".join(kept).split())


def with_one_period(text: str) -> str:
    """Return a text, or HTML, whose sentences end in one period after a Spanish "a.m." or "p.m."."""
    return TWO_PERIODS.sub(r"\1", text) if "m.." in text or "m.</" in text else text


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names are the same, but for capitals, blanks and the encoding of their letters.

    In doubt they are two: what is kept of one person is never filed under another.
    """
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
