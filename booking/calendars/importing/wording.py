"""Sentences for what went wrong with another calendar, which its owner can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.calendars.importing.reading import Doubt
from practice.core.locales.zone_words import zone_in_words
from practice.core.plain_text import plain_line

NAMED = 3  # zones or lines in one sentence


def of_fetching(code: str) -> str:
    """Return why nothing could be fetched."""
    if code in ("401", "403"):
        return _("That calendar requires a sign-in. Use the secret link from its settings.")
    if code in ("404", "410"):
        return _("There is no longer a calendar at that link. Look up the link and add it again.")
    sentences = {
        "address": _("This is not a calendar link. Calendar links begin with https:// or webcal://."),
        "private": _("That link is not on the public internet, so we don’t read it."),
        "unreachable": _("We could not reach their server. We’ll try again."),
        "slow": _("Their server took too long. We’ll try again."),
        "large": _("That calendar is larger than 5 MB. Please share a smaller one, without past years."),
        "redirects": _("That link redirects too often. Use the link from the calendar’s settings."),
        "packing": _("Their server sent it in a format we can’t open. We’ll try again."),
        "part": _("We received only part of it. We’ll try again."),
    }
    if code in sentences:
        return sentences[code]
    return _("Their server answered with an error (%(code)s). We’ll try again.") % {"code": code}


def of_reading(code: str, line: int = 0) -> str:
    """Return why a file could not be read, and in which line."""
    sentences = {
        "no_calendar": _("This link does not lead to a calendar file (ICS). Use the link that ends in .ics."),
        "empty": _("Their server sent an empty file. We’ll try again."),
        "part": _("We received only part of it: what begins in line %(line)s has no end. We’ll try again."),
        "damaged": _("The file is damaged: what ends in line %(line)s never began. We’ll try again."),
        "too_many": _("That calendar has more than 20,000 events. Please share a smaller one."),
        "too_long": _(
            "That calendar has so many repeating events that reading it takes too long. Please share "
            "a smaller one."
        ),
    }
    return sentences[code] % {"line": line} if line else sentences[code]


def of_nothing() -> str:
    """Return why the old busy times are kept though the new file has none."""
    return _("It suddenly has no upcoming events. We’ll read it once more before we rely on that.")


def of_a_lost_key() -> str:
    """Return why the calendar's address cannot be decrypted."""
    return _("Its link can’t be decrypted because a key is missing. Remove the calendar and add it again.")


def of_doubts(doubts: Iterable[Doubt], *, locale: str = "en-us") -> str:
    """Return the doubts: one sentence for each kind, with the first few lines or names."""
    by_code: dict[str, list[Doubt]] = {}
    for doubt in sorted(doubts):
        by_code.setdefault(doubt.code, []).append(doubt)
    return " ".join(OF_DOUBTS[code](found, locale) for code, found in sorted(by_code.items()))


def of_zones(doubts: Sequence[Doubt], locale: str) -> str:
    """Return which time zones are unknown, and as what their times were read."""
    return " ".join(
        _("We’re not sure about its time zone “%(name)s”, so we read its times as %(zone)s.")
        % {"name": plain_line(doubt.name), "zone": zone_in_words(doubt.read_as, locale=locale)}
        for doubt in doubts[:NAMED]
    )


def lines(doubts: Sequence[Doubt]) -> str:
    """Return the line numbers in which something was found, in words."""
    numbers = ", ".join(str(doubt.line) for doubt in doubts[:NAMED])
    more = " …" if len(doubts) > NAMED else ""
    return ngettext("line %(numbers)s", "lines %(numbers)s", len(doubts)) % {"numbers": f"{numbers}{more}"}


OF_DOUBTS: dict[str, Callable[[Sequence[Doubt], str], str]] = {
    "zone": of_zones,
    "event": lambda found, _locale: (
        _("We could not read an event, so it blocks no time (%(lines)s).") % {"lines": lines(found)}
    ),
    "partly": lambda found, _locale: (
        _("We could read only part of an event; that part counts as busy (%(lines)s).")
        % {"lines": lines(found)}
    ),
    "often": lambda found, _locale: (
        _("An event repeats more often than every half hour, so it blocks no time (%(lines)s).")
        % {"lines": lines(found)}
    ),
}
