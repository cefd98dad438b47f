"""Time zones in words, as people say them: "Mountain Time (Denver)". The names are CLDR's, from Babel.

Every zone that can be chosen has a name of its own in each locale. So have old names of a zone, which some
browsers and calendars still use.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import NO_INHERITANCE_MARKER

from practice.core.clock import zone_names
from practice.core.formatting import offset_name
from practice.core.locales.patterns import locale_named

#: The first part of a zone that is named after a city.
CITIES = {
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic"),
    *("Australia", "Europe", "Indian", "Pacific"),
}
#: The main zones of the United States, from east to west: what most readers look for.
OF_THE_US = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix"),
    *("America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu"),
)
#: Zones CLDR has no names for, and the zone whose clocks they follow.
FOLLOWS = {
    "CST6CDT": "America/Chicago",
    "EST5EDT": "America/New_York",
    "MST7MDT": "America/Denver",
    "PST8PDT": "America/Los_Angeles",
}
_OFFSET = re.compile(r"Etc/GMT[+-][1-9]\d?")
#: A year after all changes that are planned by now: it shows whether a zone's clocks change twice a year.
_LATER = 2030


def zone_in_words(name: str, *, locale: str = "en-us") -> str:
    """Return a zone like "Mountain Time (Denver)"; a name that is no zone's, without its signs."""
    return _all_words(locale).get(name) or name.replace("/", ", ").replace("_", " ")


@lru_cache(maxsize=512)
def city_of(name: str, *, locale: str = "en-us") -> str:
    """Return the city of a zone, like "Kolkata", "Knox, Indiana"; the end of its name if it has none."""
    return _city(name, _Names(locale_named(locale))) if name in zone_names() else _last_part(name)


@lru_cache(maxsize=16)
def zone_choices(locale: str = "en-us") -> tuple[tuple[str, str], ...]:
    """Return every zone with its words, those of the locale's own country first."""
    words, country = _all_words(locale), locale_named(locale).territory
    own = OF_THE_US if country == "US" else get_global("territory_zones").get(country or "", ())
    first = [(name, words[name]) for name in own if name in words]
    rest = [(name, said) for name, said in words.items() if name not in own]
    return (*first, *sorted(rest, key=lambda one: one[1].casefold()))


class _Names:
    """What CLDR says of zones in one locale, looked up once: a look-up resolves the locale's parents."""

    def __init__(self, locale: Locale):
        self.locale = locale
        self.own, self.shared = locale.time_zones, locale.meta_zones
        self.aliases, self.shared_by = get_global("zone_aliases"), get_global("meta_zones")

    def canonical(self, name: str) -> str:
        """Return the name by which CLDR knows a zone."""
        followed = FOLLOWS.get(name, name)
        return str(self.aliases.get(followed, followed))


@lru_cache(maxsize=16)
def _all_words(locale: str) -> dict[str, str]:
    """Return the words of every zone, each different from all others."""
    known, words = _Names(locale_named(locale)), dict[str, str]()
    for name in sorted(zone_names(), key=lambda name: _rank(name, known)):
        used = words.values()
        words[name] = next(said for said in _candidates(name, known) if said not in used)
    return words


def _candidates(name: str, known: _Names) -> Iterator[str]:
    """Yield what a zone may be called, the best first; the last is no other zone's."""
    long_name, city = _long_name(name, known), _city(name, known)
    if _OFFSET.fullmatch(name):
        yield long_name
    elif _in_a_city(name):
        yield long_name if city in long_name else f"{long_name} ({city})"
        yield f"{long_name} ({_last_part(name)})"
    yield f"{long_name} ({name.replace('_', ' ')})"
    yield f"{long_name}: {name}"


def _rank(name: str, known: _Names) -> tuple[bool, bool, int, bool, str]:
    """Return the order in which zones get their words: of several names of one city, today's is first."""
    other_name = _last_part(name) != _city(name, known)
    return not _in_a_city(name), other_name, -name.count("/"), name in known.aliases, name


def _in_a_city(name: str) -> bool:
    return name.partition("/")[0] in CITIES


def _city(name: str, known: _Names) -> str:
    found = known.own.get(known.canonical(name), {}) if _in_a_city(name) else {}
    return str(found.get("city") or _last_part(name))


def _last_part(name: str) -> str:
    return name.rsplit("/", 1)[-1].replace("_", " ")


def _long_name(name: str, known: _Names) -> str:
    """Return a name like "Mountain Time", "Mountain Standard Time" (where clocks never change), "UTC−7"."""
    canonical = known.canonical(name)
    winter, summer = _offsets(canonical)
    if _OFFSET.fullmatch(name):
        return offset_name(winter)
    shared = known.shared_by.get(canonical, "")
    always_winter = winter == summer and winter in _winters().get(shared, {winter})
    for names in (known.own.get(canonical, {}), known.shared.get(shared, {})):
        long_names = names.get("long", {})
        found = (always_winter and long_names.get("standard")) or long_names.get("generic")
        if found and found != NO_INHERITANCE_MARKER:
            return str(found)
    return str(known.locale.zone_formats["region"] % _country_or_city(name, known))


def _country_or_city(name: str, known: _Names) -> str:
    """Return the country of its only zone, else the city: "Türkiye", but "Bougainville"."""
    canonical = known.canonical(name)
    country = get_global("zone_territories").get(canonical, "")
    alone = len({known.canonical(one) for one in get_global("territory_zones").get(country, ())}) == 1
    return known.locale.territories.get(country, "") if alone else _city(name, known)


@cache
def _offsets(name: str) -> tuple[timedelta, timedelta]:
    """Return how far a zone is east of UTC in January and in July."""
    zone = ZoneInfo(name)
    first, second = (zone.utcoffset(datetime(_LATER, month, 1)) or timedelta() for month in (1, 7))
    return first, second


@cache
def _winters() -> dict[str, set[timedelta]]:
    """Return the winter offsets of zones that share a name and change their clocks.

    Where clocks never change, "standard" is said only if they always show that winter time: Phoenix does, a
    place with summer time all year does not.
    """
    found: dict[str, set[timedelta]] = {}
    for name, shared in get_global("meta_zones").items():
        winter, summer = _offsets(name) if name in zone_names() else (timedelta(), timedelta())
        if winter != summer:
            found.setdefault(shared, set()).add(min(winter, summer))
    return found
