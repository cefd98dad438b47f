"""Time zones in words: what people call them, and no two alike."""

import pytest

from practice.core.clock import zone_names
from practice.core.locales.zone_words import city_of, zone_choices, zone_in_words
from practice.models import Practice
from practice.templatetags.wording import unbroken, zone_options


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("America/Denver", "Mountain Time (Denver)"),
        ("America/Phoenix", "Mountain Standard Time (Phoenix)"),
        ("America/New_York", "Eastern Time (New York)"),
        ("Pacific/Honolulu", "Hawaii Time (Honolulu)"),
        ("America/Indiana/Knox", "Central Time (Knox, Indiana)"),
        ("America/Argentina/Buenos_Aires", "Argentina Standard Time (Buenos Aires)"),
        ("Asia/Kolkata", "India Standard Time (Kolkata)"),
        ("Asia/Calcutta", "India Standard Time (Calcutta)"),
        ("Asia/Singapore", "Singapore Standard Time"),
        ("Europe/Vienna", "Central European Time (Vienna)"),
        ("Europe/London", "British Time (London)"),
        ("US/Mountain", "Mountain Time (US/Mountain)"),
        ("MST7MDT", "Mountain Time (MST7MDT)"),
        ("UTC", "Coordinated Universal Time (UTC)"),
        ("Etc/GMT+7", "UTC−7"),
        ("Pacific/Bougainville", "Bougainville Time"),
        ("Mars/Olympus_Mons", "Mars, Olympus Mons"),
    ],
)
def test_a_zone_is_called_what_people_call_it(name, expected):
    assert zone_in_words(name) == expected


def test_summer_time_all_year_is_not_called_standard_time():
    # By the pinned rules, clocks there stay seven hours behind UTC; Pacific Standard Time is eight.
    assert zone_in_words("America/Vancouver") == "Pacific Time (Vancouver)"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("de", "Mitteleuropäische Zeit (Wien)"),
        ("es-mx", "hora de Europa central (Viena)"),
        ("ja", "中央ヨーロッパ時間 (ウィーン)"),
        ("nonsense", "Central European Time (Vienna)"),
    ],
)
def test_a_zone_in_other_locales(locale, expected):
    assert zone_in_words("Europe/Vienna", locale=locale) == expected


@pytest.mark.parametrize("locale", ["en-us", "en-gb", "de", "fr", "es", "es-mx", "pt-br", "ja", "ar", "he"])
def test_every_zone_has_a_name_of_its_own(locale):
    choices = zone_choices(locale)

    assert {name for name, _words in choices} == zone_names()
    assert len({words for _name, words in choices}) == len(choices) == len(zone_names())
    assert not [words for _name, words in choices if "Unknown" in words or "world" in words or "_" in words]


@pytest.mark.parametrize(
    ("locale", "first"), [("en-us", "America/New_York"), ("de", "Europe/Berlin"), ("ja", "Asia/Tokyo")]
)
def test_the_zones_of_the_own_country_come_first(locale, first):
    assert zone_choices(locale)[0][0] == first


@pytest.mark.parametrize(
    ("name", "expected"),
    [("America/New_York", "New York"), ("Asia/Calcutta", "Kolkata"), ("EST", "EST"), ("Etc/GMT+5", "GMT+5")],
)
def test_the_city_of_a_zone(name, expected):
    assert city_of(name) == expected


def test_the_options_mark_the_chosen_one_and_are_made_once():
    practice = Practice(home_locale="en-us")
    options = zone_options("America/Denver", practice)

    assert '<option value="America/Denver" selected>Mountain Time (Denver)</option>' in options
    assert options.count(" selected") == 1
    assert zone_options("America/Denver", practice) is options


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Tuesday, November 24 at 2:00 PM", "Tuesday, November_24 at_2:00_PM"),
        ("Tuesday, November 24, 2:00 – 3:30 PM MST", "Tuesday, November_24, 2:00_– 3:30_PM MST"),
        ("Dienstag, 24. November um 14:00", "Dienstag, 24. November um_14:00"),
        ("mardi 24 novembre à 14:00", "mardi_24_novembre à_14:00"),
        ("95,50 €", "95,50_€"),
        ("303 555 0142", "303_555_0142"),
    ],
)
def test_a_line_may_end_between_day_and_time_and_not_within_them(words, expected):
    assert unbroken(words) == expected.replace("_", "\u00a0")
