"""Rules for whether an entry takes up its owner's time. `docs/calendars.md` has the table.

Where two lines contradict each other, it does, with one exception: TRANSP is the standard's own line, and the
one that every program changes, so it frees what Outlook's line calls busy, but not what that calls out of
office.
"""

from __future__ import annotations

from datetime import timedelta

from booking.calendars.importing.lines import Line, Part
from booking.calendars.importing.reading import Choices
from booking.calendars.importing.times import duration_of

LONGEST_WAY = timedelta(days=1)


def takes_up_time(part: Part, *, method: str, is_day: bool, choices: Choices) -> bool:
    """Return whether an entry takes up time: not canceled, not marked as free, not declined by its owner."""
    if "CANCELLED" in (part.value("STATUS").upper(), "CANCELLED" if method == "CANCEL" else ""):
        return False
    if is_all_day(part, is_day) and not choices.all_day_count:
        return False
    return not _marked_as_free(part) and not _not_going(part, choices)


def is_all_day(part: Part, is_day: bool) -> bool:
    """Return whether the entry is for days, not for hours."""
    return is_day or part.value("X-MICROSOFT-CDO-ALLDAYEVENT").upper() == "TRUE"


def _marked_as_free(part: Part) -> bool:
    transp, outlook = part.value("TRANSP").upper(), part.value("X-MICROSOFT-CDO-BUSYSTATUS").upper()
    return outlook != "OOF" if transp == "TRANSPARENT" else not transp and outlook == "FREE"


def _not_going(part: Part, choices: Choices) -> bool:
    """Return whether the owner declined, or has not answered and counts such invitations as free."""
    mine = {address.strip().lower() for address in choices.addresses}
    answers = {
        line.params().get("PARTSTAT", "NEEDS-ACTION").upper()
        for line in part.all("ATTENDEE")
        if mine & _addresses_of(line)
    }
    if answers == {"DECLINED"}:
        return True
    host = part.first("ORGANIZER")
    invites = bool(host and mine & _addresses_of(host))
    return (
        bool(answers)
        and answers <= {"DECLINED", "NEEDS-ACTION"}
        and not (choices.unanswered_count or invites)
    )


def _addresses_of(line: Line) -> set[str]:
    address = line.value.strip().lower().removeprefix("mailto:")
    return {address, line.params().get("EMAIL", "").lower()} - {""}


def travel_time(part: Part) -> timedelta:
    """Return the travel time before it begins (Apple's calendar); a day at most."""
    try:
        way = duration_of(part.value("X-APPLE-TRAVEL-DURATION") or "PT0S")
    except ValueError:
        return timedelta()
    return min(max(way, timedelta()), LONGEST_WAY)
