"""The name of a time zone means what it says; one that nobody knows is read as ours, and told by its name."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from booking.calendars.importing import wording as importing_wording
from booking.calendars.importing.busy import Doubt, Reading, read
from booking.calendars.importing.sandbox import read_in_sandbox
from booking.calendars.importing.zone_names import zone_by_name
from booking.tests.calendars.test_imported_bad_parts import DAY_ZONE
from booking.tests.calendars.test_imported_busy import DENVER, FIRST, UNTIL, file
from practice.core.locales.zone_words import zone_in_words

WINDOW = {"first": FIRST, "until": UNTIL, "zone": DENVER}
TOKYO = ZoneInfo("Asia/Tokyo")


def at_ten(tzid: str, zones: str = "", says: str = "VERSION:2.0") -> bytes:
    """An hour at ten in that zone on 16 March, after the change of clocks in America and before Europe's."""
    event = (
        f"DTSTART;TZID={tzid}:20270316T100000\nDURATION:PT1H"
        if tzid
        else "DTSTART:20270316T100000\nDURATION:PT1H"
    )
    return file(event).replace(b"VERSION:2.0", f"{says}\n{zones}".strip().encode())


def hour(found: Reading) -> int:
    """When it begins, in UTC."""
    assert len(found.busy) == 1
    return found.busy[0][0].astimezone(dt.UTC).hour


@pytest.mark.parametrize("quote", ["", '"'])
@pytest.mark.parametrize(
    ("tzid", "in_utc"),
    [
        *((name, 10) for name in ("UTC", "utc", "Z", "Zulu", "GMT", "Etc/UTC", "Coordinated Universal Time")),
        *((name, 10) for name in ("(UTC) Coordinated Universal Time", "tzone://Microsoft/Utc", "UTC+00:00")),
        *((name, 14) for name in ("America/New_York", "america/new_york", "America/New York", "US/Eastern")),
        *(
            (name, 14)
            for name in ("Eastern Standard Time", "eastern standard time", "Eastern Time (US & Canada)")
        ),
        *(
            (name, 14)
            for name in ("(UTC-05:00) Eastern Time (US & Canada)", "(GMT-05:00) Eastern Time (US & Canada)")
        ),
        *(
            (name, 14)
            for name in ("/mozilla.org/20070129_1/America/New_York", "/citadel.org/x/America/New_York")
        ),
        *((name, 15) for name in ("GMT-0500", "GMT-05:00", "UTC-5", "-05:00", "Etc/GMT+5", "(UTC-05:00)")),
        ("(UTC-07:00) Mountain Time (US & Canada)", 16),
        ("(UTC-07:00) Arizona", 17),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", 9),
        ("(GMT) Greenwich Mean Time : Dublin, Edinburgh, Lisbon, London", 10),
        ("(UTC-07:00) Chihuahua, La Paz, Mazatlan", 17),
        ("(UTC-04:00) Georgetown, La Paz, Manaus, San Juan", 14),
        ("(UTC-09:00) Coordinated Universal Time-09", 19),
        ("(UTC-10:00) Hawaii", 20),
        ("(UTC+12:45) Chatham Islands", 20),
        ("(UTC+14:00) Kiritimati Island", 20),
        ("W. Europe Standard Time", 9),
        ("Mitteleuropäische Zeit", 9),
        ("GMT Standard Time", 10),
        ("Asia/Calcutta", 4),
    ],
)
def test_a_name_means_what_it_says(tzid, in_utc, quote):
    found = read(at_ten(f"{quote}{tzid}{quote}"), first=FIRST, until=UNTIL, zone=TOKYO)
    assert (hour(found), found.doubts) == (in_utc, set())


def test_every_name_that_windows_shows_people_is_known_without_a_doubt():
    """As Windows shows them today; a place whose law changes after it was named is told as a doubt.

    Of these, that is Havana: it keeps UTC-4 in the winter of 2026/27, as tzdata 2026f knows.
    """
    unsure = {name for name in SHOWN if not ((known := zone_by_name(name, FIRST)) and known.sure)}
    assert unsure == {"(UTC-05:00) Havana"}
    assert zone_by_name("(UTC-05:00) Havana", FIRST) == (ZoneInfo("America/Havana"), False)
    assert zone_by_name("(UTC-05:00) Havana", FIRST - dt.timedelta(days=366)).sure


SHOWN = """\
(UTC-12:00) International Date Line West|(UTC-11:00) Coordinated Universal Time-11
(UTC-10:00) Aleutian Islands|(UTC-10:00) Hawaii|(UTC-09:30) Marquesas Islands|(UTC-09:00) Alaska
(UTC-08:00) Baja California|(UTC-08:00) Pacific Time (US & Canada)|(UTC-07:00) Arizona|(UTC-07:00) Yukon
(UTC-07:00) La Paz, Mazatlan|(UTC-07:00) Mountain Time (US & Canada)|(UTC-06:00) Central America
(UTC-06:00) Central Time (US & Canada)|(UTC-06:00) Easter Island
(UTC-06:00) Guadalajara, Mexico City, Monterrey|(UTC-06:00) Saskatchewan
(UTC-05:00) Bogota, Lima, Quito, Rio Branco|(UTC-05:00) Chetumal|(UTC-05:00) Haiti
(UTC-05:00) Eastern Time (US & Canada)|(UTC-05:00) Havana|(UTC-05:00) Indiana (East)
(UTC-05:00) Turks and Caicos|(UTC-04:00) Atlantic Time (Canada)|(UTC-04:00) Caracas|(UTC-04:00) Cuiaba
(UTC-04:00) Santiago|(UTC-04:00) Georgetown, La Paz, Manaus, San Juan|(UTC-03:30) Newfoundland
(UTC-03:00) Araguaina|(UTC-03:00) Asuncion|(UTC-03:00) Brasilia|(UTC-03:00) Cayenne, Fortaleza
(UTC-03:00) City of Buenos Aires|(UTC-03:00) Montevideo|(UTC-03:00) Punta Arenas
(UTC-03:00) Saint Pierre and Miquelon|(UTC-03:00) Salvador|(UTC-02:00) Greenland|(UTC-01:00) Azores
(UTC-01:00) Cabo Verde Is.|(UTC) Coordinated Universal Time|(UTC+00:00) Dublin, Edinburgh, Lisbon, London
(UTC+00:00) Monrovia, Reykjavik|(UTC+00:00) Sao Tome
(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna
(UTC+01:00) Brussels, Copenhagen, Madrid, Paris
(UTC+01:00) Belgrade, Bratislava, Budapest, Ljubljana, Prague
(UTC+01:00) Sarajevo, Skopje, Warsaw, Zagreb|(UTC+01:00) West Central Africa
(UTC+02:00) Athens, Bucharest|(UTC+02:00) Beirut|(UTC+02:00) Cairo|(UTC+02:00) Chisinau
(UTC+02:00) Gaza, Hebron|(UTC+02:00) Harare, Pretoria|(UTC+02:00) Jerusalem|(UTC+02:00) Juba
(UTC+02:00) Helsinki, Kyiv, Riga, Sofia, Tallinn, Vilnius|(UTC+02:00) Kaliningrad|(UTC+02:00) Khartoum
(UTC+02:00) Tripoli|(UTC+02:00) Windhoek|(UTC+03:00) Amman|(UTC+03:00) Baghdad|(UTC+03:00) Damascus
(UTC+03:00) Istanbul|(UTC+03:00) Kuwait, Riyadh|(UTC+03:00) Minsk|(UTC+03:00) Moscow, St. Petersburg
(UTC+03:00) Nairobi|(UTC+03:00) Volgograd|(UTC+03:30) Tehran|(UTC+04:00) Abu Dhabi, Muscat
(UTC+04:00) Baku|(UTC+04:00) Astrakhan, Ulyanovsk|(UTC+04:00) Izhevsk, Samara|(UTC+04:00) Port Louis
(UTC+04:00) Saratov|(UTC+04:00) Tbilisi|(UTC+04:00) Yerevan|(UTC+04:30) Kabul
(UTC+05:00) Ashgabat, Tashkent|(UTC+05:00) Ekaterinburg|(UTC+05:00) Islamabad, Karachi
(UTC+05:00) Qyzylorda|(UTC+05:30) Chennai, Kolkata, Mumbai, New Delhi|(UTC+05:30) Sri Jayawardenepura
(UTC+05:45) Kathmandu|(UTC+06:00) Bishkek|(UTC+06:00) Dhaka|(UTC+06:00) Omsk|(UTC+06:30) Yangon (Rangoon)
(UTC+07:00) Bangkok, Hanoi, Jakarta|(UTC+07:00) Barnaul, Gorno-Altaysk|(UTC+07:00) Hovd
(UTC+07:00) Krasnoyarsk|(UTC+07:00) Novosibirsk|(UTC+07:00) Tomsk|(UTC+08:00) Irkutsk
(UTC+08:00) Beijing, Chongqing, Hong Kong, Urumqi|(UTC+08:00) Kuala Lumpur, Singapore|(UTC+08:00) Perth
(UTC+08:00) Taipei|(UTC+08:00) Ulaanbaatar|(UTC+08:45) Eucla|(UTC+09:00) Chita
(UTC+09:00) Osaka, Sapporo, Tokyo|(UTC+09:00) Pyongyang|(UTC+09:00) Seoul|(UTC+09:00) Yakutsk
(UTC+09:30) Adelaide|(UTC+09:30) Darwin|(UTC+10:00) Brisbane|(UTC+10:00) Canberra, Melbourne, Sydney
(UTC+10:00) Guam, Port Moresby|(UTC+10:00) Hobart|(UTC+10:00) Vladivostok|(UTC+10:30) Lord Howe Island
(UTC+11:00) Bougainville Island|(UTC+11:00) Magadan|(UTC+11:00) Norfolk Island|(UTC+11:00) Sakhalin
(UTC+11:00) Solomon Is., New Caledonia|(UTC+12:00) Fiji|(UTC+12:00) Auckland, Wellington
(UTC+12:00) Coordinated Universal Time+12|(UTC+12:45) Chatham Islands|(UTC+13:00) Nuku'alofa
(UTC+13:00) Samoa|(UTC+14:00) Kiritimati Island""".replace("\n", "|").split("|")


@pytest.mark.parametrize(
    ("tzid", "in_utc", "read_as"),
    [
        ("Middle/Earth", 16, "America/Denver"),
        ("Customized Time Zone", 16, "America/Denver"),
        ("tzone://Microsoft/Custom", 16, "America/Denver"),
        ("(UTC-05:00) The Shire", 15, "UTC-05:00"),
        ("(UTC+03:00) Amsterdam, Berlin", 9, "Europe/Amsterdam"),
        ("UTC-99", 16, "America/Denver"),
    ],
)
def test_a_name_in_doubt_is_busy_and_told_with_what_it_was_read_as(tzid, in_utc, read_as):
    found = read(at_ten(tzid), **WINDOW)
    assert (hour(found), found.doubts) == (in_utc, {Doubt("zone", name=tzid, read_as=read_as)})
    assert tzid in importing_wording.of_doubts(found.doubts)
    assert zone_in_words(read_as) in importing_wording.of_doubts(found.doubts)


def test_a_zone_in_doubt_of_an_event_long_ago_is_told_nobody():
    data = at_ten("Middle/Earth").replace(b"20270316", b"20170316")
    assert read(data, **WINDOW) == Reading()


OWN = DAY_ZONE.format(tzid="{tzid}", offset="-0400")


@pytest.mark.parametrize(
    ("tzid", "in_utc"),
    [
        ("Our own", 14),
        ("Eastern Standard Time", 14),  # the file's own rules before what the name says
        ("Eastern Standard Time 1", 14),
        ("America/Vancouver", 17),  # but not before a name of the zone database
    ],
)
def test_a_zone_that_the_file_defines_is_read_by_its_definition(tzid, in_utc):
    found = read(at_ten(tzid, OWN.format(tzid=tzid)), **WINDOW)
    assert (hour(found), found.doubts) == (in_utc, set())


@pytest.mark.parametrize(
    ("tzid", "in_utc", "read_as"),
    [("Eastern Standard Time", 14, "America/New_York"), ("Our own", 16, "America/Denver")],
)
def test_a_definition_that_cannot_be_read_falls_back_to_the_name_and_says_so(tzid, in_utc, read_as):
    found = read(at_ten(tzid, DAY_ZONE.format(tzid=tzid, offset="late")), **WINDOW)
    assert (hour(found), found.doubts) == (in_utc, {Doubt("zone", name=tzid, read_as=read_as)})


def test_a_date_with_a_zone_is_a_day():
    data = file("DTSTART;TZID=America/New_York;VALUE=DATE:20270316")
    assert [(b - a).total_seconds() for a, b in read(data, **WINDOW).busy] == [24 * 3600]


@pytest.mark.parametrize(
    ("says", "in_utc"),
    [
        ("X-WR-TIMEZONE:America/New_York", 14),
        ("X-WR-TIMEZONE:Eastern Standard Time", 14),
        ("VERSION:2.0", 16),
    ],
)
def test_a_time_without_a_zone_is_the_calendars_or_ours(says, in_utc):
    assert hour(read(at_ten("", says=says), **WINDOW)) == in_utc


def test_a_calendar_whose_own_zone_nobody_knows_tells_so():
    found = read(at_ten("", says="X-WR-TIMEZONE:Middle/Earth"), **WINDOW)
    assert (hour(found), {one.name for one in found.doubts}) == (16, {"Middle/Earth"})


def test_no_file_decides_how_another_is_read():
    """icalendar keeps the zones of a file for as long as its process lives (7.3.0); so each is read apart.

    In one process, too, each of these is read by its own definition, whatever came before it.
    """
    files = {
        offset: at_ten("Our own", DAY_ZONE.format(tzid="Our own", offset=offset))
        for offset in ("-0400", "+0200")
    }
    files["none"] = at_ten("Our own")
    alone = {name: read_in_sandbox(data, **WINDOW) for name, data in files.items()}
    assert [hour(one) for one in alone.values()] == [14, 8, 16]
    for order in permutations(files):
        assert {name: read(files[name], **WINDOW) for name in order} == alone
