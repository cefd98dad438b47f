"""An amount of money is read as its locale writes it, or refused with what it may mean."""

from __future__ import annotations

import pytest
from babel import localedata

from practice.core import formatting, money
from practice.core.locales.patterns import UnknownLocale, read_locale
from practice.core.money import Fault, NotAnAmount


def fault(text: str, *, currency: str = "USD", locale: str = "en-us", most: int = money.MOST_CENTS):
    with pytest.raises(NotAnAmount) as refused:
        money.read(text, currency=currency, locale=locale, most=most)
    return refused.value.fault, refused.value.readings


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("$1,250.00", 125000),
        ("$140", 14000),
        ("140.00", 14000),
        ("140.5", 14050),
        (" 1,250 ", 125000),
        ("US$ 140", 14000),
        ("usd 140", 14000),
        ("140 USD", 14000),
        ("$1,250\u00a0", 125000),
        ("１４０", 14000),
        ("0", 0),
        ("99,999.99", 9_999_999),
    ],
)
def test_dollars_are_read_as_americans_write_them(text, cents):
    assert money.read(text, currency="USD", locale="en-us") == cents


@pytest.mark.parametrize(
    ("text", "currency", "locale", "cents"),
    [
        ("1.250,00 €", "EUR", "de", 125000),
        ("12,50", "EUR", "de", 1250),
        ("EUR 12,5", "EUR", "de-at", 1250),
        ("1\u202f250,50 €", "EUR", "fr-fr", 125050),
        ("1’250.50", "CHF", "de-ch", 125050),
        ("€ 12", "EUR", "de-ch", 1200),
        ("25,000", "INR", "en-in", 2_500_000),
        ("$140", "CAD", "en-us", 14000),
        ("CA$140", "CAD", "en-ca", 14000),
        ("¥12,000", "JPY", "ja-jp", 1_200_000),
        ("£95", "GBP", "en-gb", 9500),
    ],
)
def test_each_locale_has_its_own_way(text, currency, locale, cents):
    assert money.read(text, currency=currency, locale=locale) == cents


def test_groups_are_those_of_the_locale():
    assert fault("1,25,000", currency="INR", locale="en-in") == (Fault.TOO_MUCH, ())
    assert fault("125,000", currency="INR", locale="en-in") == (Fault.AMBIGUOUS, ())
    assert fault("Fr. 12", currency="CHF", locale="de-ch") == (Fault.NO_NUMBER, ())


@pytest.mark.parametrize(
    ("text", "locale", "readings"),
    [
        ("12,50", "en-us", (1250,)),
        ("1,25", "en-us", (125,)),
        ("12,5", "en-us", (1250,)),
        ("1.250,00", "en-us", (125000,)),
        ("1.250", "en-us", (125000,)),
        ("1,2500", "en-us", ()),
        ("1,250,00", "en-us", (125000,)),
        ("0,125", "en-us", ()),
        ("12,50.00", "en-us", (125000,)),
        ("1 250", "en-us", (125000,)),
        ("1,250 000", "en-us", ()),
        ("1.25", "de", (125,)),
        ("1,250", "de", (125000,)),
        ("1,250.00", "de", (125000,)),
        ("12.50", "fr-fr", (1250,)),
    ],
)
def test_what_could_mean_two_amounts_is_asked_about(text, locale, readings):
    assert fault(text, locale=locale) == (Fault.AMBIGUOUS, readings)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", Fault.EMPTY),
        (" \u200f ", Fault.EMPTY),
        ("-5", Fault.NEGATIVE),
        ("−$5", Fault.NEGATIVE),
        ("$-5", Fault.NEGATIVE),
        ("1e5", Fault.NO_NUMBER),
        ("0x10", Fault.NO_NUMBER),
        ("१२", Fault.NO_NUMBER),
        ("৪", Fault.NO_NUMBER),  # four in Bengali, and looks like eight
        ("$", Fault.NO_NUMBER),
        ("free", Fault.NO_NUMBER),
        ("140.", Fault.NO_NUMBER),
        ("nan", Fault.NO_NUMBER),
        ("½", Fault.NO_NUMBER),
        ("5²", Fault.NO_NUMBER),
        ("140 to 160", Fault.NO_NUMBER),
        ("140\n150", Fault.NO_NUMBER),
        ("140 150", Fault.AMBIGUOUS),
        ("1" * 5000, Fault.NO_NUMBER),
        ("140 €", Fault.OTHER_CURRENCY),
        ("£140", Fault.OTHER_CURRENCY),
        ("CA$140", Fault.OTHER_CURRENCY),
        ("chf 140", Fault.OTHER_CURRENCY),
        ("100,000", Fault.TOO_MUCH),
        ("$100000000000000000000", Fault.TOO_MUCH),
    ],
)
def test_what_is_no_amount_says_why(text, why):
    assert fault(text)[0] == why


def test_the_limit_is_the_callers():
    assert money.read("12", currency="USD", locale="en-us", most=1200) == 1200
    assert fault("12.01", most=1200) == (Fault.TOO_MUCH, ())


def test_a_currency_without_cents_takes_none():
    assert fault("12.50", currency="JPY") == (Fault.NO_CENTS, ())
    assert money.typed(1200, currency="JPY", locale="ja-jp") == "12"


@pytest.mark.parametrize("cents", [0, 5, 1250, 14000, 125000, 9_999_999])
@pytest.mark.parametrize("currency", ["USD", "EUR", "CHF", "CAD"])
def test_what_we_write_is_read_as_the_same_in_every_locale(cents, currency):
    for tag in _locales():
        shown = formatting.money(cents, currency, locale=tag)
        assert money.read(shown, currency=currency, locale=tag) == cents, (tag, shown)
        corrected = money.typed(cents, currency=currency, locale=tag)
        assert money.read(corrected, currency=currency, locale=tag) == cents, (tag, corrected)


def _locales() -> list[str]:
    found = []
    for name in localedata.locale_identifiers():
        try:
            read_locale(name)
        except UnknownLocale:
            continue
        found.append(name)
    return found
