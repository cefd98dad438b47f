"""What went wrong with another calendar, in sentences that whoever added it can act on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from booking.imported.reading import Doubt
from practice.names import plain_line
from practice.text import zone_in_words

NAMED = 3  # zones or lines in one sentence


def of_fetching(code: str) -> str:
    """Why nothing could be fetched."""
    if code in ("401", "403"):
        return _("That calendar asks for a sign-in. Take the secret address that its settings offer.")
    if code in ("404", "410"):
        return _("There is no calendar at that address any more. Look it up again, and add it anew.")
    sentences = {
        "address": _("This is no address of a calendar. It begins with https:// or webcal://."),
        "private": _("That address does not lie on the open internet, so it is not read."),
        "unreachable": _("Their server could not be reached. It is tried again."),
        "slow": _("Their server took too long. It is tried again."),
        "large": _("That calendar is larger than 5 MB. Share a smaller one, without the years behind you."),
        "redirects": _("That address leads on and on. Take the one that its settings offer."),
        "packing": _("Their server packed it in a way we cannot open. It is tried again."),
        "part": _("It came only in part. It is tried again."),
    }
    if code in sentences:
        return sentences[code]
    return _("Their server answered with an error (%(code)s). It is tried again.") % {"code": code}


def of_reading(code: str, line: int = 0) -> str:
    """Why what came could not be read, and in which line that was seen."""
    sentences = {
        "no_calendar": _("This address leads to no calendar file (ICS). Take the address that ends in .ics."),
        "empty": _("Their server sent an empty file. It is tried again."),
        "part": _("It came only in part: what begins in line %(line)s of it has no end. It is tried again."),
        "damaged": _("The file is damaged: what ends in line %(line)s of it never began. It is tried again."),
        "too_many": _("That calendar holds more than 20,000 events. Share a smaller one."),
        "too_long": _("That calendar repeats so much that reading it takes too long. Share a smaller one."),
    }
    return sentences[code] % {"line": line} if line else sentences[code]


def of_nothing() -> str:
    """Why what was busy is kept though nothing of it was read."""
    return _("It suddenly holds nothing that lies ahead. It is read once more before that is believed.")


def of_a_lost_key() -> str:
    """Why its address itself cannot be read."""
    return _("Its address cannot be opened: a key of this system is missing. Remove it and add it anew.")


def of_doubts(doubts: Iterable[Doubt]) -> str:
    """What was read with a doubt: one sentence for each kind, with the first few lines or names."""
    by_code: dict[str, list[Doubt]] = {}
    for doubt in sorted(doubts):
        by_code.setdefault(doubt.code, []).append(doubt)
    return " ".join(OF_DOUBTS[code](found) for code, found in sorted(by_code.items()))


def of_zones(doubts: Sequence[Doubt]) -> str:
    """Which time zones nobody knows, and as what their times were read."""
    return " ".join(
        _("The time zone “%(name)s” in it is not known for certain; its times were read as in %(zone)s.")
        % {"name": plain_line(doubt.name), "zone": zone_in_words(doubt.read_as)}
        for doubt in doubts[:NAMED]
    )


def lines(doubts: Sequence[Doubt]) -> str:
    """The lines of a file in which something was found."""
    numbers = ", ".join(str(doubt.line) for doubt in doubts[:NAMED])
    more = " …" if len(doubts) > NAMED else ""
    return ngettext("line %(numbers)s", "lines %(numbers)s", len(doubts)) % {"numbers": f"{numbers}{more}"}


OF_DOUBTS: dict[str, Callable[[Sequence[Doubt]], str]] = {
    "zone": of_zones,
    "event": lambda found: (
        _("An event could not be understood, and blocks nothing (%(lines)s).") % {"lines": lines(found)}
    ),
    "partly": lambda found: (
        _("An event could be understood only in part; that part counts as busy (%(lines)s).")
        % {"lines": lines(found)}
    ),
    "often": lambda found: (
        _("Something in it repeats more often than every half hour, and blocks nothing (%(lines)s).")
        % {"lines": lines(found)}
    ),
}
