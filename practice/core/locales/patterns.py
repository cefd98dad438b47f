"""The locale's own patterns, read from CLDR through Babel once and kept.

Babel leaves three things of CLDR out, which are added here: the word between a day and one time ("at"), the
country that a language alone, such as "en" or "ja", most likely means, and the space between a currency in
letters and the digits.
"""

import re
import unicodedata
from copy import copy
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.dates import DateTimePattern, match_skeleton, parse_pattern
from babel.numbers import NumberPattern, get_currency_symbol

DEFAULT = "en-us"
LONGEST_TAG = 10  # such as zh-Hans-CN; what a practice's row can hold
_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,4}){0,2}", re.ASCII)

#: How CLDR 48 connects a day with one time (`dateTimeFormat-type-atTime`), by language, where Babel's
#: pattern, which is the one for a stretch of time, says less. {1} is the day, {0} the time.
AT_TIME = {
    "{1} at {0}": "en",
    "{1} à {0}": "fr",
    "{1} alle ore {0}": "it",
    "{1} às {0}": "pt",
    "{1} kl. {0}": "da fo is nb nn no sv",
    "{1} klo {0}": "fi",
    "{1} la {0}": "ro",
    "{1} o {0}": "sk",
    "{1} ob {0}": "sl",
    "{1} om {0}": "af fy nl",
    "{1} pada {0}": "ms",
    "{1} pukul {0}": "id",
    "{1} u {0}": "bs hr",
    "{1} um {0}": "de",
    "{1} v {0}": "cs",
    "{1} στις {0}": "el",
    "{1} в {0}": "bg ru",
    "{1} о {0}": "uk",
    "{1} בשעה {0}": "he",
    "{1} في {0}": "ar",
    "{1}, a les {0}": "ca",
    "{1}, kell {0}": "et",
    "lúc {0} {1}": "vi",
}
#: Where four digits stand together and five are parted: "1234,50 €", "12.345,50 €" (CLDR 48,
#: `minimumGroupingDigits`, which Babel 2.19 does not read). By language; two of them only in some countries.
FOUR_TOGETHER = frozenset("be bg et hu hy ia ie it ka lv pl sl sq".split())
FOUR_TOGETHER_IN = {
    "es": frozenset("EA ES GQ IC PH".split()),
    "pt": frozenset("CH CV GQ GW LU MO MZ PT ST TL".split()),
    "ru": frozenset(("UA",)),
}
_AT_OF_LANGUAGE = {language: glue for glue, languages in AT_TIME.items() for language in languages.split()}


class UnknownLocale(ValueError):
    """Raised when a text is no locale that CLDR knows."""


@dataclass(frozen=True)
class Patterns:
    """What one locale writes dates and times with."""

    locale: Locale
    day: DateTimePattern
    day_of_year: DateTimePattern
    date: DateTimePattern
    date_of_year: DateTimePattern
    short_date: DateTimePattern
    month_of_year: DateTimePattern
    time: DateTimePattern
    clock: str
    at: str
    joined: str
    between: str
    two_units: str


@lru_cache(maxsize=64)
def read_locale(tag: str) -> Locale:
    """Return the locale of a tag such as "en-us" or "pt_BR". Raises UnknownLocale.

    A language alone gets its most likely country: CLDR keeps the first day of the week by country.
    """
    if len(tag) > LONGEST_TAG or not _TAG.fullmatch(tag):
        raise UnknownLocale(tag)
    try:
        found = Locale.parse(tag.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError) as error:
        raise UnknownLocale(tag) from error
    return found if found.territory else _at_home(found)


def _at_home(language: Locale) -> Locale:
    """Return a language in its most likely country; unchanged where Babel knows none."""
    country = get_global("likely_subtags").get(language.language, "").rpartition("_")[2]
    try:
        return Locale.parse(f"{language}_{country}") if country else language
    except UnknownLocaleError:
        return language


@lru_cache(maxsize=64)
def locale_named(tag: str) -> Locale:
    """Return the locale of a tag; US English for one that is not known, so that no page fails for it."""
    try:
        return read_locale(tag)
    except UnknownLocale:
        return read_locale(DEFAULT)


@lru_cache(maxsize=64)
def patterns(tag: str) -> Patterns:
    """Return the patterns of a locale."""
    locale = locale_named(tag)
    joined = str(locale.datetime_formats["full"]).replace("'", "")
    short_time = locale.time_formats["short"]
    return Patterns(
        locale=locale,
        day=_of_skeleton(locale, "MMMMEEEEd"),
        day_of_year=locale.date_formats["full"],
        date=_of_skeleton(locale, "MMMMd"),
        date_of_year=locale.date_formats["long"],
        short_date=_of_skeleton(locale, "MMMd"),
        month_of_year=_of_skeleton(locale, "yMMMM"),
        time=short_time,
        clock="Hm" if re.search("[Hk]", short_time.pattern) else "hm",
        at=_AT_OF_LANGUAGE.get(locale.language, joined),
        joined=joined,
        between=locale.interval_formats[None],
        two_units=_two_units(locale),
    )


def _two_units(locale: Locale) -> str:
    """Return the locale's pattern for hours and minutes, without a comma where it can do without.

    `babel.lists.format_list` says the second one twice where a locale inherits its pattern for two.
    """
    known = locale.list_patterns.get("unit-narrow", {})
    return str(known.get("2") or known.get("end") or "{0} {1}")


def _of_skeleton(locale: Locale, skeleton: str) -> DateTimePattern:
    """Return the locale's pattern for such fields, with the names as long as asked.

    CLDR has patterns for "Tue, November 24" only, and says to lengthen the names; Babel leaves them short.
    """
    known = locale.datetime_skeletons
    pattern = known[skeleton if skeleton in known else match_skeleton(skeleton, known)].pattern
    if "MMMM" in skeleton:
        pattern = re.sub(r"(?<!M)MMM(?!M)|(?<!L)LLL(?!L)", lambda found: found[0] + found[0][0], pattern)
    if "EEEE" in skeleton:
        pattern = re.sub(r"E+|c+", lambda found: found[0][0] * 4, pattern)
    return parse_pattern(pattern)


@lru_cache(maxsize=128)
def groups_digits(tag: str, *, digits: int) -> bool:
    """Return whether a locale parts the thousands of a number with so many digits before the decimals."""
    locale = locale_named(tag)
    together = locale.language in FOUR_TOGETHER
    return digits > 4 or not (together or locale.territory in FOUR_TOGETHER_IN.get(locale.language, ()))


@lru_cache(maxsize=128)
def price_pattern(tag: str, *, whole: bool) -> NumberPattern:
    """Return the locale's pattern for an amount of money, with no decimals or with two."""
    pattern = copy(locale_named(tag).currency_formats["standard"])
    pattern.frac_prec = (0, 0) if whole else (2, 2)
    return pattern


@lru_cache(maxsize=128)
def currency_edges(currency: str, tag: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return what to replace so that a currency in letters stands apart from the digits: "CHF 140"."""
    symbol = get_currency_symbol(currency, locale=locale_named(tag))
    found = []
    if symbol and unicodedata.category(symbol[-1])[0] not in "SZ":
        found.append((re.compile(rf"({re.escape(symbol)})(?=\d)"), r"\1 "))
    if symbol and unicodedata.category(symbol[0])[0] not in "SZ":
        found.append((re.compile(rf"(?<=\d)({re.escape(symbol)})"), r" \1"))
    return tuple(found)
