"""Queries of a client's page in the workspace: sessions with notes, assignments, the diary."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Length

from booking.models import Appointment
from portal.models import Assignment, NoteAmendment, PracticeEntry, Question, RecordNote, SessionNote
from portal.workspace.activity_summary import EntrySummary
from portal.workspace.brief import done_since
from practice.models import User
from practice.security.crypto import Unreadable

WRITTEN = ("noticing", "lying_before", "lying_after", "pain_before", "pain_after", "felt")


def with_sessions(clients: QuerySet[User], *, now: dt.datetime) -> QuerySet[User]:
    """Return the clients with `next_at` and `last_at`, the starts of their next and last session."""
    theirs = Appointment.objects.filter(client=OuterRef("pk"))
    coming = theirs.upcoming(now).order_by("starts_at")
    past = theirs.attended(now).filter(ends_at__lte=now).order_by("-starts_at")
    return clients.select_related("correspondent").annotate(
        next_at=Subquery(coming.values("starts_at")[:1]), last_at=Subquery(past.values("starts_at")[:1])
    )


def sessions_of(client: User, *, now: dt.datetime) -> QuerySet[Appointment]:
    """Return past sessions, the latest first, with their notes (`standing`) and amendments."""
    return (
        Appointment.objects.filter(client=client, starts_at__lte=now)
        .on_calendar()
        .select_related("session_type", "practitioner__user")
        .prefetch_related(Prefetch("notes", _notes(), to_attr="standing"))
        .order_by("-starts_at")
    )


def _notes() -> QuerySet[SessionNote]:
    added = Prefetch("amendments", NoteAmendment.objects.select_related("by"), to_attr="added")
    return SessionNote.objects.standing().select_related("signed_by").prefetch_related(added)


def notes_between(client: User) -> QuerySet[RecordNote]:
    """Return the notes that belong to no session, the latest first."""
    return RecordNote.objects.filter(client=client).select_related("by")


def drafts_left(client: User, *, by: User) -> list[SessionNote]:
    """Return `by`'s own drafts of sessions that a colleague then took over, without their words."""
    found = SessionNote.objects.left_behind().filter(appointment__client=client, author__user=by)
    found = found.select_related("appointment__practitioner__user").order_by("-appointment__starts_at")
    return list(found.defer("foundation", "low_back", "whole_body", "next_time", "touched", "draft"))


def at_home(client: User) -> list[Assignment]:
    """Return the client's open assignments, in the practitioner's order."""
    found = Assignment.objects.filter(client=client, ended_at=None)
    return list(found.select_related("lesson", "exercise", "assigned_by__user"))


def diary_of(client: User) -> QuerySet[PracticeEntry]:
    """Return entries with words or pain, the latest first; an encrypted field has length 0 only if empty."""
    written = Q(pk__in=[])
    for name in WRITTEN:
        written |= Q(**{f"{name}_length__gt": 0})
    return (
        PracticeEntry.objects.filter(client=client)
        .annotate(**{f"{name}_length": Length(name) for name in WRITTEN})
        .filter(written)
        .select_related("lesson", "exercise")
    )


def done_lately(client: User, *, since: dt.datetime) -> list[EntrySummary]:
    """Return what the client practiced since then."""
    return done_since({client.pk: since})[client.pk]


def questions_of(client: User) -> QuerySet[Question]:
    """Return the client's questions, the latest first."""
    return Question.objects.filter(client=client).select_related(
        "client", "lesson", "exercise", "answered_by"
    )


def last_address(client: User) -> str:
    """Return the address of the client's newest visit at home; "" without one, or if its key is lost."""
    found = Appointment.objects.filter(client=client, place="client").without_holds().order_by("-starts_at")
    try:
        return found.values_list("address", flat=True).first() or ""
    except Unreadable:
        return ""
