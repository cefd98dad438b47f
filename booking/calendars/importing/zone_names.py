"""Time zones by the names that other programs write.

Examples: "America/New_York", "Eastern Standard Time", "(UTC-05:00) Eastern Time (US & Canada)", "GMT-0500",
"tzone://Microsoft/Utc", "america/new york".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from practice.core.clock import zone_named, zone_names

NAMES_OF_UTC = {
    *("utc", "z", "gmt", "zulu", "universal", "uct", "coordinated universal time", "universal time"),
    *("universal coordinated time", "greenwich mean time", "utc+0", "utc-0", "koordinierte weltzeit"),
}
#: Places as Windows shows them, where no city of the zone database has that name.
PLACES = {
    "eastern time (us & canada)": "America/New_York",
    "central time (us & canada)": "America/Chicago",
    "mountain time (us & canada)": "America/Denver",
    "pacific time (us & canada)": "America/Los_Angeles",
    "pacific time (us & canada); tijuana": "America/Los_Angeles",
    "eastern time": "America/New_York",
    "central time": "America/Chicago",
    "mountain time": "America/Denver",
    "pacific time": "America/Los_Angeles",
    "atlantic time (canada)": "America/Halifax",
    "indiana (east)": "America/Indiana/Indianapolis",
    "baja california": "America/Tijuana",
    "aleutian islands": "America/Adak",
    "international date line west": "Etc/GMT+12",
    "central america": "America/Guatemala",
    "chetumal": "America/Cancun",
    "haiti": "America/Port-au-Prince",
    "turks and caicos": "America/Grand_Turk",
    "city of buenos aires": "America/Argentina/Buenos_Aires",
    "brasilia": "America/Sao_Paulo",
    "cayenne, fortaleza": "America/Cayenne",
    "salvador": "America/Bahia",
    "greenland": "America/Nuuk",
    "saint pierre and miquelon": "America/Miquelon",
    "cabo verde is.": "Atlantic/Cape_Verde",
    "west central africa": "Africa/Lagos",
    "mitteleuropäische zeit": "Europe/Berlin",
    "moscow, st. petersburg": "Europe/Moscow",
    "port louis": "Indian/Mauritius",
    "ekaterinburg": "Asia/Yekaterinburg",
    "sri jayawardenepura": "Asia/Colombo",
    "yangon (rangoon)": "Asia/Yangon",
    "barnaul, gorno-altaysk": "Asia/Barnaul",
    "solomon is., new caledonia": "Pacific/Guadalcanal",
    "nuku'alofa": "Pacific/Tongatapu",
    "samoa": "Pacific/Apia",
}
SHOWN = re.compile(
    r"\(?(?:UTC|GMT)\s*(?:([+-])\s*(\d{1,2})(?::?(\d\d))?)?\s*\)?\s*[-:]?\s*(.*)", re.IGNORECASE
)
BARE = re.compile(r"([+-])(\d\d):?(\d\d)()")
UTC_AND_AN_OFFSET = re.compile(r"coordinated universal time\s*[+-]\s*\d+", re.IGNORECASE)
MOST = timedelta(hours=14)


class Named(NamedTuple):
    """A zone, and whether the name leaves no doubt about it."""

    zone: tzinfo
    sure: bool


def zone_by_name(name: str, near: datetime) -> Named | None:
    """Return the zone of that name, with its offset in the year of `near`; None for an unknown one."""
    text = " ".join(name.strip().strip("\"'").split())
    exact = next(filter(None, map(_exact, (text, *_ends_of_path(text)))), None)
    return Named(exact, True) if exact else _shown(text, near)


def name_of(zone: tzinfo) -> str:
    """Return the name of a zone."""
    return zone.key if isinstance(zone, ZoneInfo) else str(zone)


def _exact(text: str) -> tzinfo | None:
    """Return the zone of a database, Windows or UTC name, in any capitals, or None."""
    low = text.lower()
    if low in NAMES_OF_UTC:
        return UTC
    known = _iana().get(low.replace(" ", "_")) or _windows().get(low)
    return zone_named(known) if known else None


def _ends_of_path(text: str) -> Iterator[str]:
    """Yield what follows each slash, the longest first: "/mozilla.org/20070129_1/America/New_York"."""
    parts = text.strip("/").split("/")
    yield from ("/".join(parts[start:]) for start in range(len(parts)))


def _shown(text: str, near: datetime) -> Named | None:
    """Return the zone of a name that programs show to people: an offset, a place, or both; or None."""
    found = BARE.fullmatch(text) or SHOWN.fullmatch(text)
    if not found:
        place = _place(text, near, None)
        return Named(place, text.lower() in PLACES) if place else None
    sign, hours, minutes, words = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
    if abs(offset) > MOST:
        return None
    fixed = timezone(offset) if offset else UTC
    if not words or words.lower() in NAMES_OF_UTC or UTC_AND_AN_OFFSET.fullmatch(words):
        return Named(fixed, True)
    if place := _place(words.partition(":")[2].strip() or words, near, offset):
        return Named(place, _stands_at(place, offset, near))
    return Named(fixed, False)


def _place(words: str, near: datetime, offset: timedelta | None) -> ZoneInfo | None:
    """Return the zone of the first known city in `words`, preferring one with `offset`; or None."""
    low = words.lower()
    names = [PLACES[low]] if low in PLACES else []
    for city in low.split(","):
        plain = re.sub(r" is(?:lands?|\.)$", "", city.strip()).replace(" ", "_")
        names += _cities().get(plain, [])
    zones = [zone_named(name) for name in names]
    fitting = [zone for zone in zones if offset is not None and _stands_at(zone, offset, near)]
    return next(iter(fitting or zones), None)


def _stands_at(zone: tzinfo, offset: timedelta, near: datetime) -> bool:
    """Return whether `offset` is the zone's offset for some part of the year."""
    return any(datetime(near.year, month, 1, tzinfo=zone).utcoffset() == offset for month in (1, 7))


@lru_cache(maxsize=1)
def _iana() -> dict[str, str]:
    return {name.lower(): name for name in sorted(zone_names())}


@lru_cache(maxsize=1)
def _windows() -> dict[str, str]:
    return {name.lower(): zone for name, zone in WINDOWS_TO_OLSON.items()}


@lru_cache(maxsize=1)
def _cities() -> dict[str, list[str]]:
    """Return the names of zones by city."""
    found: dict[str, list[str]] = {}
    for name in sorted(zone_names()):
        if "/" in name and not name.startswith(("Etc/", "SystemV/", "posix/", "right/")):
            found.setdefault(name.rpartition("/")[2].lower(), []).append(name)
    return found
