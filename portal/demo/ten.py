"""Zones where it is daytime now, so that a follow-up may be sent whatever the hour here."""

from __future__ import annotations

import datetime as dt

from practice.core.clock import zone_named

# One for each whole hour from −11 to +14, none of which changes its clocks.
WITHOUT_SUMMER_TIME = (
    *("Pacific/Pago_Pago", "Pacific/Honolulu", "Pacific/Gambier", "Pacific/Pitcairn", "America/Phoenix"),
    *("America/Costa_Rica", "America/Bogota", "America/Puerto_Rico", "America/Sao_Paulo", "America/Noronha"),
    *("Atlantic/Cape_Verde", "Africa/Abidjan", "Africa/Lagos", "Africa/Johannesburg", "Africa/Nairobi"),
    *("Asia/Dubai", "Asia/Tashkent", "Asia/Dhaka", "Asia/Bangkok", "Asia/Singapore", "Asia/Tokyo"),
    *("Australia/Brisbane", "Pacific/Noumea", "Pacific/Fiji", "Pacific/Tongatapu", "Pacific/Kiritimati"),
)
IN_A_MOMENT = dt.timedelta(seconds=20)


def zone_at_ten(now: dt.datetime) -> tuple[str, dt.time]:
    """Return a zone where it is between ten and eleven at `now`, and the wall time there in 20 seconds."""
    return zones_in_daytime(now)[0]


def zones_in_daytime(now: dt.datetime) -> list[tuple[str, dt.time]]:
    """Return zones where it is from ten to before five at `now`, the earliest hour first."""
    found = []
    for name in WITHOUT_SUMMER_TIME:
        local = now.astimezone(zone_named(name))
        if 10 <= local.hour < 17:
            found.append((local.hour, name, (local + IN_A_MOMENT).time().replace(microsecond=0)))
    return [(name, at) for _hour, name, at in sorted(found)]
