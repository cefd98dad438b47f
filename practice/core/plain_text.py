"""PURE. Names as people type them, made safe for an email's header or a calendar file."""

import unicodedata

LINE_ENDS = {"\u2028", "\u2029", "\u0085"}


def plain_line(text: str) -> str:
    """Return one line without control characters: line ends become blanks, the rest is dropped."""
    spaced = "".join(" " if sign in LINE_ENDS or sign in "\r\n\t\v\f" else sign for sign in text)
    kept = (sign for sign in spaced if unicodedata.category(sign) not in ("Cc", "Cs", "Co", "Cn"))
    return " ".join("".join(kept).split())


def is_same_name(one: str, other: str) -> bool:
    """Return whether two names are the same, but for capitals, blanks and the encoding of their letters.

    In doubt they are two: what is kept of one person is never filed under another.
    """
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
