"""Emails to clients about an appointment: booked, moved, canceled."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from booking import queries
from booking.availability import listing
from booking.calendars.ics import Method
from booking.letters.context import to_client
from booking.letters.event import EmailFacts, State, Wording, from_whom, times_of
from booking.links import on_our_site
from booking.models import Appointment
from booking.packages.queries import was_covered
from booking.time_zones.clocks import clocks_of
from practice.mail.kinds import WORDED
from practice.models import Letter, User
from practice.queries import the_practice


def confirmation(
    appointment: Appointment, *, now: datetime, approved: bool = False, word: str = "", again: bool = False
) -> Letter | None:
    """Plan the email to the client: what is booked, the cost, what can be changed until when.

    `approved`: it answers a request, with a practitioner's `word` if there is one; its key says so, since the
    front desk does not read it then. `again`: the one that was planned first never left.
    """
    key = f"confirmation:{appointment.sequence}" if again else "confirmation"
    return _told(
        appointment, "confirmation", key + (WORDED if word else ""), now=now, word=word, approved=approved
    )


def request_received(appointment: Appointment, *, now: datetime) -> Letter | None:
    """Plan the email: what was asked for, and until when we answer. No calendar file yet."""
    assert appointment.answer_by is not None
    return _told(appointment, "request_received", f"request-received:{appointment.sequence}", now=now)


def declined(appointment: Appointment, *, answered: bool, word: str, now: datetime) -> Letter | None:
    """Plan the email to the client: this request is not booked, with a link to other times.

    `answered`: somebody declined it, with a `word` if they wrote one; else nobody answered in time. No
    calendar file was ever sent, so none is needed to remove it.
    """
    return _told(appointment, "declined", "declined", now=now, word=word, answered=answered)


def taken_back(appointment: Appointment, *, now: datetime) -> Letter | None:
    """Plan the email: the request is withdrawn, as the client asked. No calendar file was ever sent."""
    return _told(appointment, "taken_back", f"taken-back:{appointment.sequence}", now=now)


def moved(
    appointment: Appointment, *, was: Appointment, now: datetime, due_at: datetime | None = None
) -> Letter | None:
    """Plan the email: the new time and the old one. A request has no calendar file, but a new deadline."""
    event: dict[str, Any] = {"was": times_of(was), **from_whom(appointment, was)}
    key = f"moved:{appointment.sequence}"
    return _told(appointment, "moved", key, now=now, due_at=due_at, **event)


def length_changed(
    appointment: Appointment, *, was: int, now: datetime, due_at: datetime | None = None
) -> Letter | None:
    """Plan the email that the session is longer or shorter than it `was` (minutes), with its new end."""
    key = f"length-changed:{appointment.sequence}"
    return _told(appointment, "length_changed", key, now=now, due_at=due_at, was_minutes=was)


def handed_over(
    appointment: Appointment, *, was: Appointment, word: str = "", now: datetime
) -> Letter | None:
    """Plan the email that somebody else gives the session, at its time; and why, if a `word` says so."""
    key = f"handed-over:{appointment.sequence}" + (WORDED if word else "")
    return _told(appointment, "handed_over", key, now=now, word=word, was_with=was.practitioner_id)


def cancelled(
    appointment: Appointment, *, fee: int, by: User | None, now: datetime, word: str = ""
) -> Letter | None:
    """Plan the email that a session is canceled, with the cost (`fee`, in cents) and how to book again.

    `word`: what somebody at work added. The front desk does not read that in the list of emails.
    """
    by_us = by is not None and by.is_staff
    key = f"cancelled:{appointment.sequence}" + (WORDED if word else "")
    return _told(appointment, "cancelled", key, now=now, word=word, fee=fee, by_us=by_us)


def _told(
    appointment: Appointment,
    kind: str,
    key: str,
    *,
    now: datetime,
    due_at: datetime | None = None,
    word: str = "",
    **event: Any,
) -> Letter | None:
    return to_client(appointment, kind, key, now=now, due_at=due_at, word=word, **event)


# What each kind says besides the session.


def another_time() -> dict[str, Any]:
    """Return the link of an email about a session that will not take place."""
    return {"act_url": on_our_site("book"), "act_words": _("Find another time")}


def _confirmed(facts: EmailFacts) -> dict[str, Any]:
    return {"approved": facts.event.get("approved", False), "word": facts.word}


def _answer_by(facts: EmailFacts) -> dict[str, Any]:
    asked, practice = facts.appointment.answer_by, the_practice()
    clocks = clocks_of(facts.appointment, practice)
    return {"answer_by": clocks.moment(asked) if asked and facts.is_asked else ""}


def _moved(facts: EmailFacts) -> dict[str, Any]:
    clocks = clocks_of(facts.appointment, the_practice())
    was = clocks.span(*facts.was) if facts.was else ""
    return {
        **_answer_by(facts),
        "was": was,
        "was_with": facts.was_with,
        "is_free": facts.is_free_again,
    }


def _length_changed(facts: EmailFacts) -> dict[str, Any]:
    clocks = clocks_of(facts.appointment, the_practice())
    return {
        **_answer_by(facts),
        "was": clocks.span(*facts.was) if facts.was else "",
        "was_length": facts.was_length,
        "is_longer": facts.is_longer,
    }


def _cancelled(facts: EmailFacts) -> dict[str, Any]:
    by_us = facts.event.get("by_us", False)
    return {
        "fee": facts.fee,
        "given_back": was_covered(facts.appointment),
        "by_us": by_us,
        "word": facts.word,
        **(instead_of(facts) if by_us else another_time()),
    }


def instead_of(facts: EmailFacts) -> dict[str, Any]:
    """Return for a cancel by us the nearest times free when the email leaves, with links to their days."""
    one, practice = facts.appointment, the_practice()
    kind = queries.bookable_type(one.session_type.slug)
    if kind is None:
        return another_time()
    asker = queries.asker_status_of(one.client, now=facts.now)
    people = queries.practitioners_of(kind)
    near = listing.alternatives(kind, people, near=one.starts_at, now=facts.now, asker=asker)
    clocks, page = clocks_of(one, practice), on_our_site("book_type", kind.slug)
    times = [
        {
            "when": clocks.moment(free.start),
            "with": free.practitioner,
            "url": f"{page}?day={clocks.day_of(free.start)}",
        }
        for free in near
    ]
    return {"times": times, "act_url": page, "act_words": _("Find another time")}


def _handed_over(facts: EmailFacts) -> dict[str, Any]:
    was = clocks_of(facts.appointment, the_practice()).span(*facts.was) if facts.was else ""
    return {**_answer_by(facts), "was": was, "was_with": facts.was_with, "word": facts.word}


def _declined(facts: EmailFacts) -> dict[str, Any]:
    return {"answered": facts.event.get("answered", False), "word": facts.word, **another_time()}


def _if_booked(facts: EmailFacts) -> Method | None:
    """Return the calendar file's method; None for a request, which has no file."""
    return None if facts.is_asked else "REQUEST"


WORDINGS: Mapping[str, Wording] = {
    "confirmation": Wording(_confirmed, lambda _told: "REQUEST", true_in=State.BOOKED),
    "request_received": Wording(_answer_by, true_in=State.PENDING),
    "declined": Wording(_declined, true_in=State.CANCELLED),
    "taken_back": Wording(lambda _told: another_time(), true_in=State.CANCELLED),
    "moved": Wording(_moved, _if_booked),
    "length_changed": Wording(_length_changed, _if_booked),
    "handed_over": Wording(_handed_over, _if_booked),
    "cancelled": Wording(_cancelled, lambda _told: "CANCEL", true_in=State.CANCELLED),
    "restored": Wording(lambda facts: {"asked": facts.is_asked}, _if_booked),
}
