"""PURE. The words under which a person is found, and the words of a query, in one normal form.

A person is found when each word of the query is the beginning of one of theirs. Words have no accents and no
capitals; of a phone number and an email address, every later part is a word, too, so that "0123" finds
+17205550123 and "ferrante@" finds ben.ferrante@example.com.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import phonenumbers

from practice.core.locales import phone_numbers

LONGEST = 60
#: Digits that make a query a phone number, and the shortest end of a number that is a word.
FEWEST_DIGITS = 3
MOST_WORDS = 8
#: Sorts after every letter: `word <= found < word + LAST` are the words that begin with `word`.
LAST = "\U0010ffff"

#: Letters that have no accent to take away.
PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)
#: How people who have no such key write a letter: Müller is found as "muller" and as "mueller".
SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
APOSTROPHES = dict.fromkeys(map(ord, "'\u2018\u2019\u201b\u02bc\u02b9\u2032`\u00b4\uff07"))
BETWEEN_PARTS = re.compile(r"[\W_]+")
#: What may be inside a part of an email address.
BETWEEN_PIECES = re.compile(r"[^\w.+]+")
PHONE = re.compile(r"(?P<number>[\d\s+\-\u2010-\u2015.()/\u00a0]+)(?:(?:x|ext\.?|extension)\s*\d+)?", re.I)

Alternatives = frozenset[str]


def person_words(*, name: str, email: str = "", phone: str = "") -> frozenset[str]:
    """Return all words under which a person is found."""
    found = {*_name_words(_composed(name)), *_email_words(email), *_phone_words(phone)}
    return frozenset(word[:LONGEST] for word in found if word)


def query_words(text: str, *, region: str) -> list[Alternatives]:
    """Return for each word of a query its spellings, of which one has to be found; [] for no words.

    `region`: the country whose phone numbers are typed without a prefix.
    """
    if number := _number_in(text):
        return [frozenset(_number_spellings(number, region))]
    words = [word for chunk in _composed(text).split() for word in _chunk_spellings(chunk)]
    return [frozenset(one[:LONGEST] for one in word) for word in words if word][:MOST_WORDS]


def folded(text: str) -> str:
    """Return the text without accents, capitals, and letters that others don't have on their keys."""
    plain = unicodedata.normalize("NFKD", text).casefold().translate(PLAIN)
    signs = unicodedata.normalize("NFKD", plain)
    return "".join(sign for sign in signs if not unicodedata.combining(sign))


def _composed(text: str) -> str:
    """Return the text with each letter and its accent as one sign: an accent alone is no part of a word."""
    return unicodedata.normalize("NFC", text)


def _spellings(text: str) -> set[str]:
    """Return the text in its normal form, and with ä as ae."""
    bare = text.translate(APOSTROPHES)
    return {folded(bare), folded(bare.casefold().translate(SPELLED))}


def _name_words(name: str) -> Iterator[str]:
    """Yield each name as one word, and its parts: "o'brien" as obrien, o, brien."""
    for chunk in name.split():
        yield from (BETWEEN_PARTS.sub("", spelled) for spelled in _spellings(chunk))
        for part in BETWEEN_PARTS.split(chunk):
            yield from _spellings(part)


def _email_words(email: str) -> Iterator[str]:
    """Yield the address from each of its parts on, but not its last part, such as "com"."""
    whole = folded(email)
    begins = [0, *(found.end() for found in BETWEEN_PARTS.finditer(whole))]
    yield from (whole[start:] for start in begins if BETWEEN_PARTS.search(whole[start:]))


def _phone_words(phone: str) -> Iterator[str]:
    """Yield the ends of a number, written with the country's prefix and as in its own country."""
    number = phone.partition(";ext=")[0]
    for digits in {_digits(number), *_national(number)}:
        yield from (digits[start:] for start in range(len(digits) - FEWEST_DIGITS + 1))


def _number_in(text: str) -> str:
    """Return the phone number that a query is, without an extension; "" if it is something else."""
    found = PHONE.fullmatch(text.strip())
    return found["number"] if found and len(_digits(found["number"])) >= FEWEST_DIGITS else ""


def _number_spellings(number: str, region: str) -> Iterator[str]:
    """Yield the digits as they are typed, and as the number is kept."""
    yield _digits(number)
    if not number.strip().startswith("+"):
        yield _digits(number).removeprefix("00")
    if kept := phone_numbers.read(number, region=region):
        yield _digits(kept)
        if phone_numbers.is_at_home(phonenumbers.parse(kept, None), region):
            yield from _national(kept)  # as a number was kept that nobody could read


def _chunk_spellings(chunk: str) -> Iterator[set[str]]:
    """Yield the words of a query between two blanks, each with its spellings."""
    if "@" in chunk:
        yield {folded(chunk).strip(".,;:()<>\"'").lstrip("@")} - {""}
        return
    for piece in BETWEEN_PIECES.split(chunk.translate(APOSTROPHES)):
        bare = piece.strip("._+")
        if bare.isdecimal() and len(bare) < FEWEST_DIGITS:
            continue  # a part of many numbers, and of no name
        joined = {BETWEEN_PARTS.sub("", spelled) for spelled in _spellings(bare)}
        yield {*joined, folded(bare)} - {""}


def _national(number: str) -> Iterable[str]:
    """Return the digits as dialed within the number's country, with and without its leading zero."""
    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return ()
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    plain = phonenumbers.national_significant_number(parsed)
    return {_digits(written.partition(" ext")[0]), plain}


def _digits(text: str) -> str:
    return "".join(sign for sign in text if sign.isascii() and sign.isdigit())
