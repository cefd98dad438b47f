"""Times, durations and money in the reader's manner."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from practice.core import formatting

DENVER = ZoneInfo("America/Denver")
BERLIN = ZoneInfo("Europe/Berlin")


def utc(words):
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en-us", "Tuesday, November 24 at 2:00 PM"),
        ("en-gb", "Tuesday 24 November at 14:00"),
        ("es", "martes, 24 de noviembre, 14:00"),
    ],
)
def test_a_moment_follows_the_locale(locale, expected):
    assert formatting.moment(utc("2026-11-24 21:00"), DENVER, locale=locale) == expected


@pytest.mark.parametrize(
    ("hour", "expected"), [(0, "12:05 AM"), (9, "9:05 AM"), (12, "12:05 PM"), (23, "11:05 PM")]
)
def test_twelve_hours_have_no_zero(hour, expected):
    assert formatting.wall_time(datetime(2027, 6, 1, hour, 5)) == expected


def test_case_03_the_hour_that_comes_twice_is_told_apart_unasked():
    twins = [utc("2027-11-07 07:00"), utc("2027-11-07 08:00"), utc("2027-11-07 09:00")]

    assert [formatting.clock_time(twin, DENVER) for twin in twins] == [
        "1:00 AM MDT",
        "1:00 AM MST",
        "2:00 AM",
    ]


def test_case_04_a_session_over_the_change_says_both_zones():
    words = formatting.span(utc("2027-03-14 08:30"), utc("2027-03-14 09:30"), DENVER)

    assert words == "Sunday, March 14, 1:30 AM MST – 3:30 AM MDT"


@pytest.mark.parametrize(
    ("day", "expected"), [(26, "Friday 26 March at 16:00 CET"), (29, "Monday 29 March at 17:00 CEST")]
)
def test_case_11_berlin_sees_nine_in_denver(day, expected):
    nine = datetime(2027, 3, day, 9, tzinfo=DENVER)

    assert formatting.moment(nine, BERLIN, locale="en-gb", name_zone=True) == expected


def test_case_11_kiritimati_is_a_day_ahead():
    words = formatting.moment(
        datetime(2027, 6, 1, 17, tzinfo=DENVER),
        ZoneInfo("Pacific/Kiritimati"),
        locale="en-gb",
        name_zone=True,
    )

    assert words == "Wednesday 2 June at 13:00 UTC+14"


def test_case_13_a_session_over_midnight_names_both_days():
    words = formatting.span(utc("2027-06-02 05:00"), utc("2027-06-02 06:30"), DENVER)

    assert words == "Tuesday, June 1 at 11:00 PM – Wednesday, June 2 at 12:30 AM"


@pytest.mark.parametrize(
    ("name_zone", "expected"),
    [(False, "Tuesday, June 1, 2:00 – 3:30 PM"), (True, "Tuesday, June 1, 2:00 – 3:30 PM MDT")],
)
def test_a_span_names_its_zone_once(name_zone, expected):
    words = formatting.span(utc("2027-06-01 20:00"), utc("2027-06-01 21:30"), DENVER, name_zone=name_zone)

    assert words == expected


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("America/Denver", "MDT"),
        ("Australia/Lord_Howe", "UTC+10:30"),
        ("America/Sao_Paulo", "UTC−3"),
        ("Europe/Dublin", "IST"),
        ("Asia/Kathmandu", "UTC+5:45"),
        ("UTC", "UTC"),
    ],
)
def test_a_zone_without_emails_says_its_distance(zone, expected):
    assert formatting.zone_name(utc("2027-06-01 12:00"), ZoneInfo(zone)) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("en-us", ("Sep 2", "Wednesday, September 2", "September 2, 2026")),
        ("en-gb", ("2 Sept", "Wednesday 2 September", "2 September 2026")),
        ("es", ("2 sept", "miércoles, 2 de septiembre", "2 de septiembre de 2026")),
    ],
)
def test_days(locale, expected):
    said = [
        write(date(2026, 9, 2), locale=locale)
        for write in (formatting.short_date, formatting.day_in_words, formatting.date_in_words)
    ]

    assert tuple(said) == expected


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("en-us", "Wednesday, September 2, 2026"), ("es", "miércoles, 2 de septiembre de 2026")],
)
def test_a_day_with_its_year(locale, expected):
    assert formatting.day_in_words(date(2026, 9, 2), locale=locale, year=True) == expected


@pytest.mark.parametrize(("locale", "sunday", "monday"), [("en-us", 15, 15), ("en-gb", 9, 16), ("es", 9, 16)])
def test_a_week_begins_on_sunday_in_america_and_on_monday_elsewhere(locale, sunday, monday):
    found = [formatting.week_of(date(2026, 11, day), locale=locale).day for day in (15, 16)]

    assert found == [sunday, monday]


@pytest.mark.parametrize(("locale", "expected"), [("en-us", [6, 0, 4]), ("es", [0, 4, 6])])
def test_days_of_the_week_are_in_the_order_of_the_calendar(locale, expected):
    assert formatting.in_week_order([0, 4, 6], locale=locale) == expected


@pytest.mark.parametrize(
    ("minutes", "long", "short"),
    [
        (1, "1 minute", "1 min"),
        (0, "0 minutes", "0 min"),
        (60, "60 minutes", "1 hr"),
        (90, "90 minutes", "1 hr 30 min"),
    ],
)
def test_durations(minutes, long, short):
    assert (formatting.minutes_in_words(minutes), formatting.short_duration(minutes)) == (long, short)


@pytest.mark.parametrize(
    ("time", "locale", "expected"),
    [
        (timedelta(hours=24), "en-us", "24 hours"),
        (timedelta(days=5), "en-us", "5 days"),
        (timedelta(hours=36), "en-us", "36 hours"),
        (timedelta(minutes=90), "en-us", "90 minutes"),
        (timedelta(hours=1), "es", "1 hora"),
        (timedelta(0), "en-us", "0 minutes"),
    ],
)
def test_limits(time, locale, expected):
    assert formatting.lead_time(time, locale=locale) == expected


@pytest.mark.parametrize(
    ("hours", "expected"), [([2, 48], "2 days and 2 hours"), ([24], "24 hours"), ([], "")]
)
def test_several_limits_are_said_the_longest_first(hours, expected):
    assert formatting.lead_times(hours) == expected


@pytest.mark.parametrize(
    ("cents", "currency", "locale", "expected"),
    [
        (14000, "USD", "en-us", "$140"),
        (9550, "USD", "en-us", "$95.50"),
        (9505, "EUR", "en-gb", "€95.05"),
        (123456, "EUR", "es", "1234,56 €"),
        (14000, "USD", "es-us", "$140"),
        (14000, "CHF", "en-gb", "CHF 140"),
        (-500, "USD", "en-us", "-$5"),
    ],
)
def test_money(cents, currency, locale, expected):
    assert formatting.money(cents, currency, locale=locale) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b, and c")],
)
def test_lists(words, expected):
    assert formatting.listed(words) == expected


@pytest.mark.parametrize(
    ("number", "expected"), [(0, "0 sessions"), (1, "1 session"), (1200, "1,200 sessions")]
)
def test_plurals(number, expected):
    assert formatting.count(number, "session", "sessions") == expected


@pytest.mark.parametrize(("seconds", "expected"), [(5, "0:05"), (760.9, "12:40"), (3723, "1:02:03")])
def test_places_in_a_recording(seconds, expected):
    assert formatting.place_in_audio(seconds) == expected
