"""Dates, times, prices and lists as each locale writes them."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import localedata
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format, time_format

from practice.core import formatting
from practice.models import Practice
from practice.models.in_words import moment_of
from practice.templatetags import wording
from practice.testing import make_practice

DENVER = ZoneInfo("America/Denver")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 11, 24)  # a Tuesday
LOCALES = sorted(set(localedata.locale_identifiers()) - {"root"})
NOT_PLAIN = {"\u00a0", "\u2009", "\u202f"}


def utc(words):
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en-us", "Sunday, March 14, 1:30 AM MST – 3:30 AM MDT"),
        ("en-gb", "Sunday 14 March, 01:30 MST – 03:30 MDT"),
        ("de", "Sonntag, 14. März, 01:30 MST – 03:30 MDT"),
        ("ja", "3月14日日曜日 1:30 MST～3:30 MDT"),
        ("es-mx", "domingo, 14 de marzo, 1:30 a.m. MST – 3:30 a.m. MDT"),
    ],
)
def test_over_a_clock_change_both_ends_name_their_zone_in_each_locale(locale, expected):
    assert (
        formatting.span(utc("2027-03-14 08:30"), utc("2027-03-14 09:30"), DENVER, locale=locale) == expected
    )


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en-us", "Sunday, November 7, 1:00 AM MDT – 1:30 AM MST"),
        ("fr", "dimanche 7 novembre, 01:00 MDT – 01:30 MST"),
    ],
)
def test_times_that_come_twice_name_their_zone_in_each_locale(locale, expected):
    words = formatting.span(utc("2027-11-07 07:00"), utc("2027-11-07 08:30"), DENVER, locale=locale)

    assert words == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en-us", "Tuesday, June 1 at 11:00 PM – Wednesday, June 2 at 12:30 AM MDT"),
        ("en-ca", "Tuesday, June 1 at 11:00 p.m.–Wednesday, June 2 at 12:30 a.m. MDT"),
        ("de", "Dienstag, 1. Juni um 23:00 – Mittwoch, 2. Juni um 00:30 MDT"),
        ("pt-br", "terça-feira, 1 de junho às 23:00 – quarta-feira, 2 de junho às 00:30 MDT"),
    ],
)
def test_over_midnight_both_days_are_said_in_each_locale(locale, expected):
    words = formatting.span(
        utc("2027-06-02 05:00"), utc("2027-06-02 06:30"), DENVER, locale=locale, name_zone=True
    )

    assert words == expected


@pytest.mark.parametrize(
    ("locale", "moment", "span"),
    [
        ("en-us", "Tuesday, November 24 at 2:00 PM", "Tuesday, November 24, 2:00 – 3:30 PM"),
        ("en", "Tuesday, November 24 at 2:00 PM", "Tuesday, November 24, 2:00 – 3:30 PM"),
        ("en-ca", "Tuesday, November 24 at 2:00 p.m.", "Tuesday, November 24, 2:00–3:30 p.m."),
        ("en-gb", "Tuesday 24 November at 14:00", "Tuesday 24 November, 14:00–15:30"),
        ("de", "Dienstag, 24. November um 14:00", "Dienstag, 24. November, 14:00–15:30 Uhr"),
        ("fr", "mardi 24 novembre à 14:00", "mardi 24 novembre, 14:00 – 15:30"),
        ("fr-ca", "mardi 24 novembre à 14 h 00", "mardi 24 novembre, 14 h 00 – 15 h 30"),
        ("es", "martes, 24 de noviembre, 14:00", "martes, 24 de noviembre, 14:00–15:30"),
        ("es-us", "martes, 24 de noviembre, 2:00 p.m.", "martes, 24 de noviembre, 2:00–3:30 p.m."),
        ("es-mx", "martes, 24 de noviembre, 2:00 p.m.", "martes, 24 de noviembre, 2:00–3:30 p.m."),
        ("pt-br", "terça-feira, 24 de novembro às 14:00", "terça-feira, 24 de novembro 14:00 – 15:30"),
        ("ja", "11月24日火曜日 14:00", "11月24日火曜日 14時00分～15時30分"),
    ],
)
def test_a_moment_and_a_stretch_of_time(locale, moment, span):
    begins, ends = utc("2026-11-24 21:00"), utc("2026-11-24 22:30")

    assert formatting.moment(begins, DENVER, locale=locale) == moment
    assert formatting.span(begins, ends, DENVER, locale=locale) == span


def test_a_stretch_over_noon_says_both_halves_of_the_day():
    words = formatting.span(utc("2026-11-24 18:00"), utc("2026-11-24 19:30"), DENVER, name_zone=True)

    assert words == "Tuesday, November 24, 11:00 AM – 12:30 PM MST"


@pytest.mark.parametrize(
    ("opens", "closes", "expected"),
    [(9, 17, "9:00 AM – 5:00 PM"), (15, 13, "3:00 PM – 1:00 PM"), (22, 2, "10:00 PM – 2:00 AM")],
)
def test_hours_that_end_after_midnight_say_both_halves_of_the_day(opens, closes, expected):
    assert formatting.clock_span(time(opens), time(closes)) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en-us", "Tuesday, November 24, 2026"),
        ("en-gb", "Tuesday, 24 November 2026"),
        ("de", "Dienstag, 24. November 2026"),
        ("fr", "mardi 24 novembre 2026"),
        ("es-mx", "martes, 24 de noviembre de 2026"),
        ("ja", "2026年11月24日火曜日"),
    ],
)
def test_a_day_with_its_year(locale, expected):
    assert formatting.day_in_words(DAY, locale=locale, year=True) == expected


@pytest.mark.parametrize(
    ("locale", "first"),
    [
        ("en-us", 6),
        ("en-gb", 0),
        ("en-ca", 6),
        ("es", 0),
        ("es-mx", 6),
        ("pt-br", 6),
        ("de", 0),
        ("ar-eg", 5),
    ],
)
def test_the_first_day_of_the_week(locale, first):
    assert formatting.first_weekday(locale=locale) == first


@pytest.mark.parametrize(("locale", "first"), [("en", 6), ("ja", 6), ("he", 6), ("fr", 0)])
def test_a_language_alone_has_the_week_of_its_most_likely_country(locale, first):
    assert formatting.first_weekday(locale=locale) == first


@pytest.mark.parametrize(
    ("cents", "currency", "locale", "expected"),
    [
        (9550, "EUR", "fr", "95,50 €"),
        (14000, "EUR", "fr", "140 €"),
        (123456, "EUR", "fr", "1 234,56 €"),
        (14000, "USD", "fr", "140 $US"),
        (9550, "EUR", "de", "95,50 €"),
        (9550, "CHF", "de-ch", "CHF 95.50"),
        (14000, "CAD", "en-ca", "$140"),
        (14000, "CAD", "en-us", "CA$140"),
        (14000, "USD", "en-au", "USD 140"),
        (14000, "MXN", "es-mx", "$140"),
        (14000, "USD", "es-mx", "USD 140"),
        (14000, "BRL", "pt-br", "R$ 140"),
        (1400000, "JPY", "ja", "￥14,000"),
        (14000, "usd", "en-us", "$140"),
        (14000, "XYZ", "en-us", "XYZ 140"),
        (-9550, "USD", "en-us", "-$95.50"),
    ],
)
def test_prices(cents, currency, locale, expected):
    assert formatting.money(cents, currency, locale=locale) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en-us", "5 days, 24 hours, and 90 minutes"),
        ("en-gb", "5 days, 24 hours and 90 minutes"),
        ("de", "5 Tage, 24 Stunden und 90 Minuten"),
        ("fr", "5 jours, 24 heures et 90 minutes"),
        ("es", "5 días, 24 horas y 90 minutos"),
        ("ja", "5 日、24 時間、90 分"),
    ],
)
def test_limits_and_lists(locale, expected):
    limits = (timedelta(days=5), timedelta(days=1), timedelta(minutes=90))

    assert formatting.listed([formatting.lead_time(one, locale=locale) for one in limits], locale=locale) == (
        expected
    )


@pytest.mark.parametrize(
    ("locale", "expected"), [("en-us", "1 hr 30 min"), ("de", "1 Std. 30 Min."), ("ar", "1 س و30 د")]
)
def test_hours_and_minutes_are_said_once_each(locale, expected):
    assert formatting.short_duration(90, locale=locale) == expected


@pytest.mark.parametrize(
    ("locale", "expected"), [("en-us", "1,200 sessions"), ("de", "1.200 sessions"), ("fr", "1 200 sessions")]
)
def test_counts_are_grouped_as_the_locale_does(locale, expected):
    assert formatting.count(1200, "session", "sessions", locale=locale) == expected


@pytest.mark.parametrize(
    "locale", ["", "xx", "english", "en-xx", "../../etc/passwd", "en_US.UTF-8", "e" * 99]
)
def test_an_unknown_locale_is_read_as_us_english(locale):
    said = [
        formatting.moment(utc("2026-11-24 21:00"), DENVER, locale=locale),
        formatting.money(9550, locale=locale),
        formatting.first_weekday(locale=locale),
    ]

    assert said == ["Tuesday, November 24 at 2:00 PM", "$95.50", 6]


@pytest.mark.parametrize("locale", ["xx", "english", "en-xx", "../etc", "en us"])
def test_an_unknown_locale_cannot_be_saved(locale):
    with pytest.raises(ValidationError, match=r"We don’t know the locale “.*”\. Try en-us, en-gb"):
        Practice(name="P", home_locale=locale).clean_fields()


@pytest.mark.parametrize("locale", ["en-us", "EN-us", "en_GB", "de", "es-419", "zh-Hans-CN"])
def test_a_known_locale_can_be_saved(locale):
    Practice(name="P", home_locale=locale).clean_fields()


def test_every_locale_writes_plain_spaces_and_both_ends():
    begins, ends = utc("2027-06-02 05:05"), utc("2027-06-02 06:30")
    for locale in LOCALES:
        said = [
            formatting.span(begins, ends, BERLIN, locale=locale, name_zone=True),
            formatting.span(begins, ends, DENVER, locale=locale),
            formatting.day_in_words(DAY, locale=locale),
            formatting.day_in_words(DAY, locale=locale, year=True),
            formatting.short_date(DAY, locale=locale),
            formatting.money(123456, "EUR", locale=locale),
            formatting.short_duration(90, locale=locale),
            formatting.lead_times([48, 24, 2], locale=locale),
            formatting.number(1234567, locale=locale),
        ]
        assert all(said), locale
        assert not NOT_PLAIN & set("".join(said)), (locale, said)
        assert "CEST" in said[0], (locale, said)
        assert all(said[0] not in one for one in said[1:])


def test_the_back_office_writes_dates_as_all_pages_do():
    noon = datetime(2026, 11, 28, 12, tzinfo=DENVER)

    assert date_format(noon, "DATETIME_FORMAT") == formatting.moment(noon, DENVER, year=True)
    assert date_format(noon, "DATE_FORMAT") == formatting.date_in_words(noon.date())
    assert time_format(noon.time(), "TIME_FORMAT") == formatting.wall_time(noon)


def test_the_name_of_a_row_says_the_time_on_the_clock_in_use():
    with timezone.override(DENVER):
        assert moment_of(utc("2026-11-24 21:00")) == "Tuesday, November 24, 2026 at 2:00 PM MST"
    assert moment_of(utc("2026-11-24 21:00")) == "Tuesday, November 24, 2026 at 9:00 PM UTC"


@pytest.mark.django_db
@pytest.mark.parametrize("place", [DENVER, "America/Denver"])
def test_a_zone_alone_is_written_in_the_locale_of_the_practice(place):
    make_practice(home_locale="de")

    assert wording.moment(utc("2026-11-24 21:00"), place) == "Dienstag, 24. November um 14:00"
