"""Queries for the wrap-up page beside its form: last wish, next session, emails to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from booking.models import Appointment
from portal import queries
from portal.followups.loading import load_facts
from portal.followups.queue import steps_of
from portal.followups.wrap_up_preview import ExpectedEmail, as_written, expected_emails
from portal.models import Assignment, FollowUpPlan, SessionNote
from practice.access import rows
from practice.models import User


def next_session(appointment: Appointment, client: User, *, now: dt.datetime) -> Appointment | None:
    """Return the client's earliest booked session beside this one, or None."""
    return next((one for one in queries.coming(client, now=now) if one.pk != appointment.pk), None)


def last_note_before(appointment: Appointment) -> SessionNote | None:
    """Return this client's last signed note by this practitioner before this session, for its "next time"."""
    return (
        SessionNote.objects.filter(
            appointment__client=appointment.client_id,
            appointment__practitioner=appointment.practitioner_id,
            appointment__starts_at__lt=appointment.starts_at,
            appointment__attendee_unclear=False,
            signed_at__isnull=False,
        )
        .select_related("appointment")
        .order_by("-appointment__starts_at")
        .first()
    )


def left_behind(appointment: Appointment, reader: User) -> list[tuple[SessionNote, bool]]:
    """Return colleagues' drafts of this session, without their words, and whether `reader` may read each."""
    found = SessionNote.objects.left_behind().filter(appointment=appointment)
    found = found.select_related("author__user").only("appointment_id", "author__user__name", "saved_at")
    return [(one, rows.may_access(reader, one)) for one in found]


def emails_ahead(
    appointment: Appointment,
    client: User,
    *,
    given: Sequence[Assignment],
    plan: str,
    obstacle: str,
    chosen: str,
    now: dt.datetime,
) -> list[tuple[str, bool, list[ExpectedEmail]]]:
    """Return each follow-up plan's form value, whether it is `chosen`, and the emails it would make.

    `given`, `plan`, `obstacle`: the assignments, and the client's own words, as written so far.
    """
    plans: dict[str, FollowUpPlan | None] = {"": None}
    plans |= {str(one.pk): one for one in FollowUpPlan.objects.shared()}
    known = as_written(
        load_facts(appointment, client, steps=(), made_at=now, now=now),
        given,
        plan=plan,
        obstacle=obstacle,
    )
    chosen = chosen if chosen in plans else ""
    return [
        (value, value == chosen, expected_emails(known, steps_of(each, client), now=now))
        for value, each in plans.items()
    ]
