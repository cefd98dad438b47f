"""What went wrong with another calendar, in sentences that whoever added it can act on."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _


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
    }
    if code in sentences:
        return sentences[code]
    return _("Their server answered with an error (%(code)s). It is tried again.") % {"code": code}


def of_reading(code: str) -> str:
    """Why what came could not be read."""
    return {
        "no_calendar": _("What lies there is no calendar file (ICS). Take the address that ends in .ics."),
        "too_many": _("That calendar holds more than 20,000 events. Share a smaller one."),
    }.get(code, _("That calendar repeats so much that reading it takes too long. Share a smaller one."))


def of_a_lost_key() -> str:
    """Why its address itself cannot be read."""
    return _("Its address cannot be opened: a key of this system is missing. Remove it and add it anew.")


def of_doubts(doubts: Iterable[str]) -> str:
    """What was read with a doubt: one sentence for each."""
    sentences = {
        "zone": _("A time zone in it is unknown to us; those times were read as yours."),
        "event": _("One event or more could not be understood, and blocks nothing."),
        "often": _("Something in it repeats more often than every half hour, and blocks nothing."),
    }
    return " ".join(sentences[doubt] for doubt in sorted(doubts))
