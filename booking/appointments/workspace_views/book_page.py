"""The content of the one page on which staff book for a client: people found, rules, times, and the email."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from booking.access import clients_found
from booking.appointments.views import times
from booking.appointments.workspace_views.book_choices import AHEAD, SHOWN_DAYS, BookingChoices
from booking.appointments.workspace_views.why import moment_in_words
from booking.attendees.forms import NewPerson
from booking.availability import listing
from booking.availability import wording as availability_wording
from booking.availability.diagnosis import Reader as Insider
from booking.availability.diagnosis import Verdict, explain_refusals
from booking.errors import NotBookable, SlotTaken
from booking.holds.actions.hold_once import new_page_key
from practice.core import clock, formatting
from practice.core.plain_text import plain_line
from practice.queries import the_practice

FOUND = 10
NEAREST = 6


def page_of(
    wish: BookingChoices, person: NewPerson, *, note: str = "", error: SlotTaken | NotBookable | None = None
) -> dict[str, Any]:
    """Return what the page shows. `error`: why it was not booked just now."""
    found = clients_found(wish.user, wish.called, count=FOUND + 1) if wish.called and not wish.whom else []
    return {
        "wish": wish,
        "person": person,
        "found": found[:FOUND],
        "more": len(found) > FOUND,
        "reader": wish.reader,
        "note": note,
        "press": new_page_key(),
        "emailed": who_is_emailed(wish),
        **(judged(wish, error) if wish.start else without_time(wish)),
    }


def without_time(wish: BookingChoices) -> dict[str, Any]:
    """Return why the typed time cannot be read, what it may mean, and the available times."""
    reader = wish.reader
    days = available_days(wish)
    wrong = availability_wording.of_clock(wish.error, locale=reader.locale) if wish.error else ""
    meant = getattr(wish.error, "candidates", ())
    return {
        "wrong_time": wrong,
        "meant": [
            (one.isoformat(), formatting.moment(one, wish.zone, locale=reader.locale, name_zone=True))
            for one in meant
        ],
        "days": [(formatting.day_in_words(day, locale=reader.locale), shown) for day, shown in days],
        "later": days[-1][0] + dt.timedelta(days=1) if len(days) == SHOWN_DAYS else None,
    }


def available_days(wish: BookingChoices) -> list[tuple[dt.date, list[times.Time]]]:
    """Return the first days from the wished one on that have times, each with them."""
    if wish.kind is None or not wish.practitioners:
        return []
    clocks = wish.reader.clocks(wish.kind)
    try:
        begins = clock.day_bounds(wish.first, clocks.first)[0]
    except clock.ClockError:
        return []
    found = listing.free_starts(
        wish.kind, wish.practitioners, first=begins, until=begins + AHEAD, now=wish.now, asker="staff"
    )
    days = sorted(times.by_day(found, clocks.first).items())[:SHOWN_DAYS]
    return [(day, [times.as_time(one.start, clocks) for one in ones]) for day, ones in days]


def judged(wish: BookingChoices, error: SlotTaken | NotBookable | None) -> dict[str, Any]:
    """Return when and with whom it would be; or the rule it would break, and the nearest times."""
    reader, kind, start = wish.reader, wish.kind, wish.start
    assert start is not None
    page = {"when": moment_in_words(start, reader.zone, reader.locale), "start": start.isoformat()}
    if kind is None or not wish.practitioners:
        return page
    insider = Insider(reader.zone, reader.locale, {one.pk for one in wish.people})
    verdicts = explain_refusals(kind, wish.practitioners, start, now=wish.now, asker="staff", reader=insider)
    free = [one.practitioner for one in verdicts if one.refusal is None]
    refused = error is not None or not free
    return {
        **page,
        "free": free,
        "verdicts": verdicts,
        "refused": refused,
        "may_pass": may_override(verdicts, error),
        "near": nearest(wish, start) if refused else [],
        "just_taken": error.why if isinstance(error, SlotTaken) else "",
    }


def nearest(wish: BookingChoices, start: dt.datetime) -> list[dict[str, object]]:
    """Return the free times closest to `start`, as buttons."""
    assert wish.kind is not None
    found = listing.alternatives(
        wish.kind, wish.practitioners, near=start, now=wish.now, asker="staff", count=NEAREST
    )
    return times.near(found, wish.reader.clocks(wish.kind))


def may_override(verdicts: list[Verdict], error: SlotTaken | NotBookable | None) -> bool:
    """Return whether a reason could help: not if sessions have it all, and not if one was given in vain."""
    taken = error is None or error.refusal.rule == "taken"
    refused = taken and not any(one.refusal is None for one in verdicts)
    return not refused or any(one.refusal and not one.by_session for one in verdicts)


def who_is_emailed(wish: BookingChoices) -> str:
    """Return who gets the confirmation, and at which address; "" before it is known who comes."""
    if wish.is_new:
        return _("The confirmation goes to the email address above. Without one, please tell them yourself.")
    if wish.client is None:
        return ""
    contact = wish.client.contact
    if not contact.email:
        return _("We have no email address, so please tell %(name)s yourself.") % {
            "name": wish.client.first_name
        }
    return _("%(name)s gets the confirmation at %(address)s.") % {
        "name": contact.first_name or contact,
        "address": contact.email,
    }


def first_answers(wish: BookingChoices) -> dict[str, str]:
    """Return what the search says already of a new client: a name, an address or a number."""
    called = plain_line(wish.called)
    if "@" in called:
        return {"email": called}
    field = "phone" if any(sign.isdigit() for sign in called) else "name"
    return {field: called} if called else {}


def person_in(wish: BookingChoices, said: Any = None, *, initial: Any = None) -> NewPerson:
    """Return the form: everything for a new person, for a client what the session's place needs."""
    place = wish.kind.place if wish.kind else ""
    told = {name: value for name, value in (initial or {}).items() if value}
    return NewPerson(said, place=place, client=wish.client, initial={**first_answers(wish), **told})


def booking_zone() -> str:
    """Return the zone in which staff book: the practice's.

    Where somebody once booked from does not say where they are now: a caller is told our hours.
    """
    return the_practice().zone
