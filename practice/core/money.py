"""PURE. Amounts of money, read as people of a locale type them; written they are by `formatting.money`.

An amount is read only if it can mean one thing. "12,50" is twelve and a half in Germany; in the US, where a
comma separates thousands, it could be a slip of either kind: it is refused, with the amounts it may mean.
Amounts are whole cents. A currency without cents, such as the yen, is kept in hundredths all the same.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

from babel import Locale
from babel.core import get_global
from babel.numbers import get_currency_precision, get_currency_symbol, get_decimal_symbol, get_group_symbol

from practice.core.locales.patterns import locale_named

#: $99,999.99: more than this, for one session, is a slip.
MOST_CENTS = 9_999_999
#: No amount that a person types is longer.
_LONGEST = 40
_APOSTROPHES = {"\u2019": "'", "\u00b4": "'", "`": "'"}
_MINUS = re.compile(r"[-\u2212\u2010-\u2015]")
#: All that any locale of CLDR puts between digits; the last four are commas and points of Arabic and Adlam.
_SEPARATORS = ".,' \u066b\u066c\u060c\u2e41"
_AMOUNT = re.compile(rf"[0-9](?:[0-9{_SEPARATORS}]*[0-9])?")


class Fault(StrEnum):
    """What is wrong with a text that should be an amount."""

    EMPTY = "empty"
    NO_NUMBER = "no_number"
    NEGATIVE = "negative"
    AMBIGUOUS = "ambiguous"
    OTHER_CURRENCY = "other_currency"
    NO_CENTS = "no_cents"
    TOO_MUCH = "too_much"


class NotAnAmount(ValueError):
    """Raised for a text that is no amount. `readings`: what it may mean, in cents; `most`: the limit."""

    def __init__(self, fault: Fault, *, readings: tuple[int, ...] = (), most: int = MOST_CENTS) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.readings = readings
        self.most = most


def read(text: str, *, currency: str, locale: str, most: int = MOST_CENTS) -> int:
    """Return the cents of an amount like "$1,250.00", "1.250,00 €" or "140".

    Raises NotAnAmount, with the reason, for everything that could be read in two ways or in none.
    """
    words = _plain(text)
    if not words:
        raise NotAnAmount(Fault.EMPTY)
    digits = _without_currency(words, currency=currency.upper(), locale=locale)
    if len(text) > _LONGEST or not _AMOUNT.fullmatch(digits):
        raise NotAnAmount(_what_else(digits, locale))
    cents = _cents(digits, locale_named(locale))
    if cents is None:
        raise NotAnAmount(Fault.AMBIGUOUS, readings=_readings(digits, most=most))
    if cents % 100 and get_currency_precision(currency.upper()) == 0:
        raise NotAnAmount(Fault.NO_CENTS)
    if cents > most:
        raise NotAnAmount(Fault.TOO_MUCH, most=most)
    return cents


def typed(cents: int, *, currency: str, locale: str) -> str:
    """Return an amount as a field shows it for correction: "140.00", "1250,50", without sign or grouping."""
    if get_currency_precision(currency.upper()) == 0 and cents % 100 == 0:
        return str(cents // 100)
    return f"{cents // 100}{get_decimal_symbol(locale_named(locale))}{cents % 100:02}"


def _plain(text: str) -> str:
    """Return a text with plain spaces, apostrophes and digits, and without invisible marks of direction.

    Only wide digits become plain ones: a power is no digit (5² is not 52), and a digit of another script may
    look like another of ours.
    """
    kept = []
    for sign in text:
        kind = unicodedata.category(sign)
        if kind != "Cf":
            plain = _APOSTROPHES.get(sign, sign)
            kept.append(plain if kind == "No" else unicodedata.normalize("NFKC", plain))
    return re.sub(" +", " ", "".join(kept)).strip()


def _without_currency(words: str, *, currency: str, locale: str) -> str:
    """Return a text without the sign of this currency before or after the amount, and a sign before both."""
    minus, rest = ("-", words[1:].strip()) if _MINUS.match(words) else ("", words)
    for sign in _signs(currency, locale):
        if rest.upper().startswith(sign.upper()):
            return minus + rest[len(sign) :].strip()
        if rest.upper().endswith(sign.upper()):
            return minus + rest[: -len(sign)].strip()
    return minus + rest


@lru_cache(maxsize=128)
def _signs(currency: str, locale: str) -> tuple[str, ...]:
    """Return what people write for this currency, the longest first: "CA$", "CAD" and "$"."""
    known = {get_currency_symbol(currency, locale=one) for one in (locale_named(locale), "en_US")}
    found = {currency, *(_plain(sign) for sign in known)}
    marks = {one for sign in found for one in sign if unicodedata.category(one) == "Sc"}
    found |= marks | {currency[:2] + mark for mark in marks}
    return tuple(sorted(found, key=len, reverse=True))


def _what_else(digits: str, locale: str) -> Fault:
    """Return what is wrong with a text that has more than digits, separators and its own currency."""
    if _MINUS.match(digits) and _AMOUNT.fullmatch(digits[1:].strip()):
        return Fault.NEGATIVE
    left = _MINUS.sub("", _AMOUNT.sub("", digits, count=1)).strip().upper()
    if left and (left in _other_signs(locale) or all(unicodedata.category(one) == "Sc" for one in left)):
        return Fault.OTHER_CURRENCY
    return Fault.NO_NUMBER


@lru_cache(maxsize=32)
def _other_signs(locale: str) -> frozenset[str]:
    """Return codes and signs of all currencies, in capitals."""
    known = {
        *locale_named(locale).currency_symbols.values(),
        *locale_named("en-us").currency_symbols.values(),
    }
    return frozenset({*get_global("all_currencies"), *(_plain(sign).upper() for sign in known)})


def _cents(digits: str, locale: Locale) -> int | None:
    """Return the cents of an amount that this locale writes so; None if it writes it in another way."""
    found = _written(locale).fullmatch(digits)
    if found is None:
        return None
    whole = int(re.sub(r"[^0-9]", "", found["whole"]))
    return whole * 100 + int((found["cents"] or "0").ljust(2, "0"))


@lru_cache(maxsize=32)
def _written(locale: Locale) -> re.Pattern[str]:
    """Return the pattern of the locale's amounts, with its own separators and groups."""
    group = re.escape(_plain(get_group_symbol(locale)) or " ")
    point = re.escape(_plain(get_decimal_symbol(locale)))
    last, others = locale.decimal_formats[None].grouping
    grouped = rf"[1-9][0-9]{{0,{others - 1}}}{group}(?:[0-9]{{{others}}}{group})*[0-9]{{{last}}}"
    return re.compile(rf"(?P<whole>{grouped}|[0-9]+)(?:{point}(?P<cents>[0-9]{{1,2}}))?")


def _readings(digits: str, *, most: int) -> tuple[int, ...]:
    """Return what an amount may mean to someone of another locale, in cents."""
    parts = re.split(f"[{_SEPARATORS}]", digits)
    found = []
    if len(parts) > 1 and 1 <= len(parts[-1]) <= 2:
        found.append(int("".join(parts[:-1])) * 100 + int(parts[-1].ljust(2, "0")))
    if all(len(part) == 3 for part in parts[1:]) and not digits.startswith("0"):
        found.append(int("".join(parts)) * 100)
    return tuple(cents for cents in found if cents <= most)
