"""Book an appointment, from a hold or at a free time, and plan its emails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from booking import queries
from booking.appointments.actions.notify import Emails, notify_made
from booking.attendees.actions.who_comes import Parties, who_comes
from booking.attendees.attendee import Attendee
from booking.attendees.checks import checked
from booking.errors import ConsentMissing
from booking.holds.actions.hold import terms_snapshot
from booking.locking.changes import Code, State, What, is_staff, record_change, release_expired_of, reload
from booking.locking.choosing import (
    choose_practitioner,
    practitioners_offering,
    raising_slot_taken,
    refuse_if_taken,
    still_offering,
)
from booking.locking.locks import lock, moment, whole_seconds
from booking.models import Appointment, SessionType
from booking.packages import actions as packages_actions
from booking.places.wording import reached_at
from booking.policy.terms import answer_by
from booking.policy.wording import agreed_words
from booking.time_zones.wall_times import walls
from practice.access import rows
from practice.models import Consent, Practitioner, User
from practice.models.language import language_of_this_page
from practice.queries import one_practice, the_practice


@one_practice()
def book(
    session_type: SessionType,
    *,
    practitioners: Iterable[Practitioner],
    start: datetime,
    attendee: Attendee,
    consent: bool,
    held: Appointment | None = None,
    by: User | None = None,
    visitor: str = "",
    now: datetime | None = None,
    client: User | None = None,
    override_note: str = "",
    confirmed: bool = False,
    emails: Emails = Emails.ALL,
) -> Appointment:
    """Book `start` with one of the practitioners who is free then, or turn a hold into an appointment.

    A type that needs approval becomes a request (*pending*), which takes up its time, unless staff book it.
    The same hold twice gives the appointment made the first time. Staff (`by`) may book without an address,
    for a known `client`, and with an `override_note` past every rule but an overlap. Who may book the type is
    judged by the signed-in person, never by the address typed: else the answer would tell who is a client
    here. `confirmed`: the client booked through a link in their own email. `emails`: which are planned.
    Raises SlotTaken, NotBookable, NotOffered, ConsentMissing or AttendeeIncomplete.
    """
    start, seen_at = whole_seconds(start), moment(now)
    place_now = place_of(session_type, held, now=seen_at)
    attendee = checked(attendee, by_staff=is_staff(by), place=place_now)
    if not (consent or is_staff(by)):
        raise ConsentMissing
    if held and not held.is_hold:
        return reload(held)
    practitioners, override = list(practitioners), bool(override_note) and is_staff(by)
    asker = queries.asker_for(session_type, by if is_staff(by) else client or by, now=seen_at)
    if not held:  # else who offers it now is read with the lock
        practitioners = practitioners_offering(session_type, practitioners, by=by)
    if not (held or override):
        refuse_if_taken(session_type, practitioners, start=start, now=seen_at, asker=asker)
    with raising_slot_taken(
        session_type, practitioners, start=start, now=seen_at, ignoring=held, asker=asker
    ):
        everybody = [*practitioners, held.practitioner] if held else practitioners
        locked = lock(everybody, rows=queries.with_offers(session_type))
        now = moment(now)
        held = reload(held) if held else None
        if held and not held.is_hold:
            return held  # by an earlier submit of the same form
        candidates = still_offering(locked, practitioners, session_type, by=by)
        if held and keeps(held, session_type, candidates, start=start, now=now):
            # It has its time already: nobody else's expired hold can be in its way.
            row: Appointment | None = held
            fields: dict[str, Any] = {"practitioner": held.practitioner, "place": held.place}
        else:
            release_expired_of(locked, now=now)
            row = reload(held) if held else None
            chosen = choose_practitioner(
                session_type, candidates, start=start, now=now, ignoring=row, asker=asker, override=override
            )
            fields = terms_snapshot(session_type, chosen, start)
        who = who_comes(client, attendee)
        fields |= confirmation_fields(who, by=by, now=now, confirmed=confirmed)
        fields |= attendee_fields(attendee, who, start, fields)
        fields |= state_fields(session_type, start, by=by, now=now)
        appointment = write(row, fields)
        record_booking(appointment, by=by, consent=consent, override_note=override_note, now=now)
        packages_actions.use_if_proved(appointment, by=by, now=now)
        notify_made(appointment, by=by, now=now, emails=emails)
    return appointment


def keeps(
    held: Appointment,
    session_type: SessionType,
    candidates: list[Practitioner],
    *,
    start: datetime,
    now: datetime,
) -> bool:
    """Return whether a live hold keeps this start, with what it was promised.

    A hold that ran out, or is for another time, promises nothing: the start is judged like any other.
    """
    is_live = held.state == State.HELD and not held.is_expired_hold(now)
    fits = held.session_type_id == session_type.pk and held.starts_at == start
    return is_live and fits and held.practitioner_id in {person.pk for person in candidates}


def write(row: Appointment | None, fields: dict[str, Any]) -> Appointment:
    """Create the row, or turn the hold's row, read under the lock, into the appointment: the uid stays."""
    if row is None:
        return reload(Appointment.objects.create(**fields))
    if not Appointment.objects.filter(pk=row.pk).holds().update(**fields):
        return reload(row)
    for name, value in fields.items():
        setattr(row, name, value)
    return row


def attendee_fields(
    attendee: Attendee, who: Parties, start: datetime, fields: dict[str, Any]
) -> dict[str, Any]:
    """Return the fields for who comes, and the wall time as the booker read it (in case zone rules change).

    Raises AttendeeIncomplete.
    """
    # Checked again: a hold may have just expired, and its type may have become a visit since.
    address = reached_at(fields["place"], phone=attendee.phone, address=attendee.address)
    zone = attendee.zone or fields["practitioner"].zone
    return {
        "client": who.client,
        "correspondent": who.booker,
        **attendee.with_answers(address=address).columns(Appointment),
        "zone": zone,
        **walls(start, here=fields["practitioner"].zone, booker=zone),
        "hold_expires_at": None,
        "visitor": "",
    }


def confirmation_fields(
    who: Parties, *, by: User | None, now: datetime, confirmed: bool = False
) -> dict[str, Any]:
    """Return whether the booking is confirmed by its client, or is only somebody else's claim.

    The owner and the front desk, who book for everybody, make no claim, nor does anybody who books for a new
    person. A practitioner's booking for somebody whose record is closed to them is a claim, like one by a
    visitor who typed a known address: else they could book, wait until its hour has passed, and read.
    """
    if confirmed or (by is not None and by.pk == who.contact.pk):
        return {"confirmed_at": now, "is_claim": False}
    trusted = by is not None and (rows.may_all(by, "appointments") or rows.opens_record(by, who.client))
    return {"confirmed_at": None, "is_claim": not (who.is_new or trusted)}


def state_fields(
    session_type: SessionType, start: datetime, *, by: User | None, now: datetime
) -> dict[str, Any]:
    """Return the state fields: booked, or pending until somebody answers. Both take up its time."""
    if session_type.needs_approval and not is_staff(by):
        return {
            "state": State.PENDING,
            "occupies": True,
            "answer_by": answer_by(the_practice(), start, now=now),
        }
    return {"state": State.BOOKED, "occupies": True, "booked_at": now}


def record_booking(
    appointment: Appointment,
    *,
    by: User | None,
    consent: bool,
    override_note: str,
    now: datetime,
) -> None:
    """Record the change, the consent with its text, and the reason for passing a rule.

    Whether somebody has been here before is asked about the client; the person who books agrees to the rules.
    """
    client, contact = appointment.client, appointment.contact
    assert client is not None
    assert contact is not None
    if override_note and is_staff(by):
        appointment.override_note = override_note
        appointment.save(update_fields=["override_note"])
    what = What.REQUESTED if appointment.state == State.PENDING else What.BOOKED
    note, code = (override_note if is_staff(by) else ""), ""
    if appointment.session_type.who == SessionType.Who.NEW and queries.has_been_here(client, now=now):
        # The public answer did not tell them apart; people at work should know.
        code = Code.BEEN_HERE
    record_change(appointment, what, now=now, by=by, note=note, code=code)
    if consent:
        practice = the_practice()
        Consent.objects.create(
            user=contact,
            kind=Consent.Kind.BOOKING,
            version=practice.consent_version,
            language=language_of_this_page(),
            text=agreed_words(practice),
            given_at=now,
        )


def place_of(session_type: SessionType, held: Appointment | None, *, now: datetime) -> str:
    """Return where the session will be: as a live hold was offered, else as the type is offered now."""
    if held is None or held.session_type_id != session_type.pk or held.state == State.RELEASED:
        return session_type.place
    return session_type.place if held.is_expired_hold(now) else held.place
