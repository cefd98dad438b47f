"""The locale of a reader: their language, in the country of the practice."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from babel import localedata
from django.utils import translation

from practice.core import formatting
from practice.core.locales.patterns import read_locale
from practice.core.locales.readers import CODES, known_language, language_of, locale_of
from practice.models import Practice

LOCALES = sorted(one for one in localedata.locale_identifiers() if "_" in one and len(one) < 11)
TWO = dt.datetime(2026, 11, 24, 21, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("language", "home", "expected"),
    [
        ("en", "es-mx", "en-us"),
        ("es", "en-ca", "es-us"),
        ("es", "en-gb", "es-es"),
        ("en", "es-es", "en-es"),
        ("es", "en", "es-us"),
        ("es", "en_US", "es-us"),
        ("es", "de", "de"),  # no German texts: whoever chose German dates has them in any sentence
        ("fr", "en-us", "en-us"),
        ("es", "es-mx", "es-mx"),
        ("en-us", "en-gb", "en-gb"),
    ],
)
def test_a_reader_gets_their_language_as_the_practices_country_writes_it(
    language: str, home: str, expected: str
) -> None:
    assert locale_of(language, home) == expected


@pytest.mark.parametrize("home", [one for one in LOCALES if language_of(one) in CODES])
@pytest.mark.parametrize("language", sorted(CODES))
def test_whatever_the_practices_locale_the_readers_is_one_that_cldr_knows(language: str, home: str) -> None:
    assert read_locale(locale_of(language, home)).language == language


@pytest.mark.parametrize(
    ("locale", "moment", "price"),
    [
        ("es-us", "martes, 24 de noviembre, 2:00 p.m.", "$1,234.50"),
        ("es-mx", "martes, 24 de noviembre, 2:00 p.m.", "USD 1,234.50"),
        ("es-es", "martes, 24 de noviembre, 14:00", "1234,50 US$"),  # four digits stand together
    ],
)
def test_dates_times_and_money_in_spanish_are_those_of_cldr(locale: str, moment: str, price: str) -> None:
    denver = ZoneInfo("America/Denver")
    written = formatting.moment(TWO, denver, locale=locale), formatting.money(123450, "USD", locale=locale)
    assert written == (moment, price)


def test_the_practices_locale_is_that_of_whoever_reads_now() -> None:
    practice = Practice(home_locale="en-us")
    with translation.override("es"):
        assert practice.locale == "es-us"
    assert practice.locale == "en-us"


@pytest.mark.parametrize(("tag", "language"), [("es-MX", "es"), ("ES", "es"), ("de-at", "en"), ("", "en")])
def test_a_language_without_texts_is_read_in_english(tag: str, language: str) -> None:
    assert known_language(tag) == language


@pytest.mark.parametrize(
    ("locale", "four", "five"),
    [
        ("es-es", "1234", "12.345"),
        ("pt-pt", "1234", "12 345"),
        ("it", "1234", "12.345"),
        ("pl", "1234", "12 345"),
        ("es-mx", "1,234", "12,345"),
        ("pt-br", "1.234", "12.345"),
        ("en-us", "1,234", "12,345"),
    ],
)
def test_thousands_are_parted_from_as_many_digits_on_as_the_country_does(
    locale: str, four: str, five: str
) -> None:
    assert [formatting.number(one, locale=locale) for one in (1234, -1234, 12345)] == [four, f"-{four}", five]
