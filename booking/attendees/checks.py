"""What every booking checks about the attendee, whichever form or program it came from."""

from __future__ import annotations

from booking.attendees.attendee import Attendee
from booking.attendees.questions import QUESTIONS, Question
from booking.errors import AttendeeIncomplete
from booking.places.wording import reached_at
from practice.core.clock import UnknownZone, zone_named


def checked(attendee: Attendee, *, by_staff: bool, place: str) -> Attendee:
    """Return the attendee with tidy answers. Raises AttendeeIncomplete, naming the field.

    `by_staff`: people at work may book without an email address. Only what a booking cannot do without is
    judged here: a number on file that no longer fits our rules does not stop it.
    """
    asked = [one for one in QUESTIONS if not one.only_for_place]
    said = {one.name: one.tidy(getattr(attendee, one.name)) for one in asked}
    for one in asked:
        _must_fit(one, said[one.name], by_staff=by_staff)
    address = reached_at(place, phone=said["phone"], address=attendee.address)
    return attendee.with_answers(**said, address=address, zone=_known_zone(attendee.zone))


def _must_fit(question: Question, answer: str, *, by_staff: bool) -> None:
    """Check one answer. Raises AttendeeIncomplete."""
    if not answer:
        if not question.required or (by_staff and question.name == "email"):
            return
        raise AttendeeIncomplete(question.name, str(question.missing))
    if question.required and (words := question.wrong(answer)):
        raise AttendeeIncomplete(question.name, words)
    if len(answer) > question.longest:
        raise AttendeeIncomplete(question.name, str(question.too_long))


def _known_zone(name: str) -> str:
    """Return the name of a time zone; "" for one that there is not."""
    try:
        return zone_named(name).key if name else ""
    except UnknownZone:
        return ""
