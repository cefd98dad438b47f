"""PURE. The encoding of a file: guessed from its bytes, and always shown, since a guess can be wrong."""

from __future__ import annotations

import codecs

import charset_normalizer

UTF_8, UTF_8_MARKED, UTF_16 = "utf-8", "utf-8-sig", "utf-16"
UTF_16_LITTLE, UTF_16_BIG = "utf-16-le", "utf-16-be"
WINDOWS, MAC = "cp1252", "mac_roman"
#: In the order in which they are offered.
ENCODINGS = (UTF_8, UTF_8_MARKED, UTF_16, UTF_16_LITTLE, UTF_16_BIG, WINDOWS, MAC)
MARKS = ((codecs.BOM_UTF8, UTF_8_MARKED), (codecs.BOM_UTF16_LE, UTF_16), (codecs.BOM_UTF16_BE, UTF_16))
#: Signs that stand inside a word in names: "O’Neill", "Ann-Marie".
WITHIN_WORDS = "’‘·"
SAMPLE = 200_000  # bytes that are looked at to tell Windows from Mac


class Undecodable(ValueError):
    """Raised when the bytes are not in the encoding that was chosen."""


def guess(content: bytes) -> str:
    """Return the most likely encoding: by its mark, by zeros in every other place, else by its letters."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return encoding
    if wide := _wide(content[:4000]):
        return wide
    try:
        content.decode(UTF_8)
    except UnicodeDecodeError:
        return _of_one_byte(content)
    return UTF_8


def decode(content: bytes, encoding: str) -> str:
    """Return the text, without a mark at its begin. Raises Undecodable."""
    if encoding not in ENCODINGS:
        raise Undecodable(encoding)
    if encoding == UTF_16 and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = UTF_16_LITTLE  # as Windows writes it; without a mark Python would use this machine's order
    try:
        return content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise Undecodable(encoding) from error


def _wide(sample: bytes) -> str:
    """Return the order of UTF-16 without a mark: Latin letters have a zero in every other byte."""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) * 4 < len(sample):
        return ""
    return UTF_16_LITTLE if odd > even else UTF_16_BIG


def _of_one_byte(content: bytes) -> str:
    """Return Windows-1252 or Mac Roman: the one that reads as words. In doubt what the library says."""
    sample = content[:SAMPLE]
    windows, mac = (likeness(sample.decode(name, errors="replace")) for name in (WINDOWS, MAC))
    if windows != mac:
        return WINDOWS if windows > mac else MAC
    found = charset_normalizer.from_bytes(sample, cp_isolation=[WINDOWS, MAC]).best()
    return MAC if found is not None and found.encoding == MAC else WINDOWS


def likeness(text: str) -> int:
    """Return how much a text reads like words: more for letters in their place, less for signs in a word."""
    score = 0
    for before, sign, after in zip(" " + text, text, text[1:] + " ", strict=False):
        if sign.isascii() or not (before.isalpha() or after.isalpha()):
            continue
        if sign in WITHIN_WORDS:
            score += 1
        elif not sign.isalpha() or (sign.isupper() and before.islower()):
            score -= 2
        else:
            score += 2
    return score
