"""The sessions in a record: appointments, intakes, and the signed notes."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from booking.access import reads_reasons_of, reason_for
from booking.attendees.questions import copied_from
from booking.intake.answers import read
from booking.intake.queries import handed_in
from booking.models import Appointment, AppointmentChange, Intake, LedgerEntry, Receipt
from portal.models import RecordNote, SessionNote
from practice.models import User

Values = dict[str, Any]
NOTE = ("foundation", "low_back", "whole_body", "next_time", "touched")


def appointments(client: User, by: User) -> list[Values]:
    """Return appointments with their changes, oldest first; reasons only where `by` may read them."""
    found = Appointment.objects.filter(client=client).select_related("session_type", "practitioner__user")
    return [_appointment(one, by) for one in found.prefetch_related("changes").order_by("starts_at", "pk")]


def booked_for_others(client: User) -> list[Values]:
    """Return what the client booked for people with their own records, without those records."""
    found = Appointment.objects.filter(correspondent=client).select_related(
        "session_type", "practitioner__user"
    )
    return [
        {
            "session": one.session_type.name,
            "with": one.practitioner.user.name,
            "for": one.attendee_name,
            **copied_from(one),
            "starts_at": one.starts_at,
            "ends_at": one.ends_at,
            "as_booked": one.wall_time,
            "time_zone": one.zone,
            "state": one.state,
            "booked_at": one.booked_at,
            "cancelled_at": one.cancelled_at,
        }
        for one in found.order_by("starts_at", "pk")
    ]


def _appointment(one: Appointment, by: User) -> Values:
    return {
        "session": one.session_type.name,
        "with": one.practitioner.user.name,
        "for": one.attendee_name,
        **copied_from(one),
        "place": one.place,
        "address_of_the_visit": one.address,
        "starts_at": one.starts_at,
        "ends_at": one.ends_at,
        "as_booked": one.wall_time,
        "time_zone": one.zone,
        "state": one.state,
        "price_cents": one.price_cents,
        "currency": one.currency,
        "policy": one.policy,
        "booked_at": one.booked_at,
        "cancelled_at": one.cancelled_at,
        "why_a_rule_was_passed_over": one.override_note if reads_reasons_of(by, one) else "",
        "changes": [_change(change, by) for change in one.changes.all()],
    }


def _change(change: AppointmentChange, by: User) -> Values:
    return {
        "at": change.at,
        "what": change.what,
        "starts_at": change.starts_at,
        "was_starts_at": change.was_starts_at,
        "by_the_practice": change.by_staff,
        "note": reason_for(by, change),
    }


def payments(client: User) -> Values:
    """Return what was paid for the client's sessions and packages, and the receipts made out to them.

    Why something was waived is not part of any copy: it is for people at work.
    """
    theirs = Q(appointment__client=client) | Q(package__client=client)
    found = LedgerEntry.objects.filter(theirs).select_related("appointment").defer("note").order_by("pk")
    return {
        "recorded": [
            {
                "at": one.at,
                "what": one.what,
                "how_it_was_paid": one.how,
                "amount_cents": one.cents,
                "currency": one.currency,
                "session_at": one.appointment.starts_at if one.appointment else None,
            }
            for one in found
        ],
        "receipts": [
            {
                "number": one.number,
                "at": one.issued_at,
                "for": one.content.get("to", ""),
                "amount_cents": one.cents,
                "tax_cents": one.tax_cents,
                "currency": one.currency,
            }
            for one in Receipt.objects.filter(payer=client).order_by("number")
        ],
    }


def intakes(client: User) -> list[Values]:
    """Return the intakes handed in, and those still being written."""
    written = Intake.objects.filter(client=client, handed_in_at=None)
    return [
        {
            "begun_at": one.created_at,
            "saved_at": one.saved_at,
            "handed_in_at": one.handed_in_at,
            "warning_sign": bool(one.needs_human),
            "answers": read(one.answers).parts,
        }
        for one in [*written, *handed_in(client)]
    ]


def notes(client: User) -> list[Values]:
    """Return the signed notes, with their amendments."""
    found = SessionNote.objects.filter(appointment__client=client, signed_at__isnull=False)
    found = found.select_related("appointment", "author__user").prefetch_related("amendments__by")
    return [
        {
            "session_at": one.appointment.starts_at,
            "by": one.author.user.name,
            "signed_at": one.signed_at,
            **{name: getattr(one, name) for name in NOTE},
            "added": [
                {"at": more.at, "by": more.by.name, "text": more.text} for more in one.amendments.all()
            ],
        }
        for one in found.order_by("appointment__starts_at")
    ]


def notes_between(client: User) -> list[Values]:
    """Return the notes that belong to no session, oldest first."""
    found = RecordNote.objects.filter(client=client).select_related("by").order_by("at", "pk")
    return [{"at": one.at, "by": one.by.name, "text": one.text} for one in found]
