"""Queries for what a person must decide, limited to clients whose record the reader may open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from booking.access import keeps_calendars_of
from booking.calendars.queries import not_read
from booking.intake import queries as intake_queries
from booking.models import Appointment, ImportedCalendar, Intake
from booking.queries import with_practitioners
from portal.models import (
    FollowUp,
    PracticeEntry,
    Question,
    RecordingUpload,
    SessionNote,
    VisitorQuestion,
)
from portal.queries import uploads_in_trouble
from portal.records.access import records_of
from portal.visitor_questions import queries as visitor_questions
from portal.workspace.brief import open_questions
from practice.access import rows
from practice.backup import heartbeats
from practice.backup.heartbeats import BackupState
from practice.health.findings import Finding
from practice.mail.queries import NEEDS_DECISION
from practice.mail_events.queries import unread_mailbox
from practice.models import Heartbeat, Letter, Practitioner, User
from practice.models.written_queries import WhichExist

LISTED = 20
WRAP_UP_WITHIN = dt.timedelta(days=14)


@dataclass(frozen=True)
class MayNeed:
    """Which of Today's lists may have a line. What is false here has none, and is not asked for."""

    rose: bool
    signs: bool
    quiet: bool
    questions: bool
    visitors: bool
    letters: bool
    calendars: bool
    requests: bool
    holds: bool
    recordings: bool


_MAY_NEED = WhichExist(
    rose=PracticeEntry.objects.filter(cleared_at__isnull=True).exclude(needs_human=""),
    signs=Intake.objects.filter(cleared_at__isnull=True).exclude(needs_human=""),
    quiet=FollowUp.objects.filter(asks_human=True, cleared_at__isnull=True),
    questions=Question.objects.filter(answered_at__isnull=True),
    visitors=visitor_questions.waiting().order_by(),
    letters=Letter.objects.filter(state__in=NEEDS_DECISION),
    calendars=ImportedCalendar.objects.filter(is_active=True),
    requests=Appointment.objects.filter(state=Appointment.State.PENDING),
    holds=Appointment.objects.filter(state=Appointment.State.HELD),
    recordings=uploads_in_trouble(),
)


def may_need() -> MayNeed:
    """Return which lists may have a line, in one query that looks at the whole practice through indexes.

    Whose they are is judged by the lists themselves. Most are empty on most days, and one small question
    costs less than eight large ones.
    """
    return MayNeed(**_MAY_NEED())


def pain_rose(user: User) -> list[PracticeEntry]:
    """Return entries after which pain rose and nobody has looked yet, the latest first."""
    return list(rises(records_of(user))[:LISTED])


def rises(clients: QuerySet[User] | Collection[int]) -> QuerySet[PracticeEntry]:
    """Return these clients' rises of pain at which nobody has looked, with the lesson or exercise."""
    found = PracticeEntry.objects.filter(client__in=clients, cleared_at__isnull=True)
    return found.exclude(needs_human="").select_related("client", "first", "lesson", "exercise")


def warning_signs(user: User) -> list[Intake]:
    """Return intakes, handed in or not, with a warning sign at which nobody has looked yet."""
    return list(intake_queries.warning_signs(records_of(user))[:LISTED])


def gone_quiet(user: User) -> list[FollowUp]:
    """Return a follow-up, the first that stopped, of each client whose emails stopped without an answer."""
    rows = (
        FollowUp.objects.filter(
            client__in=records_of(user), client__is_active=True, asks_human=True, cleared_at__isnull=True
        )
        .select_related("client__correspondent", "letter")
        .order_by("made_at", "pk")
    )
    first: dict[int, FollowUp] = {}
    for one in rows[: LISTED * 5]:
        first.setdefault(one.client_id, one)
    return list(first.values())[:LISTED]


def unanswered(user: User, *, but: Collection[int] = ()) -> list[Question]:
    """Return open questions, the oldest first, without those of the clients in `but`."""
    return list(open_questions().filter(client__in=records_of(user)).exclude(client__in=but)[:LISTED])


def visitors_waiting(user: User) -> list[VisitorQuestion]:
    """Return visitors' questions that wait, for those who may answer them, the oldest first."""
    return list(visitor_questions.waiting()[:LISTED]) if rows.may(user, "visitor_questions") else []


def recordings_in_trouble(user: User) -> list[RecordingUpload]:
    """Return recordings that could not be published, the latest first, for those who may send another."""
    if not rows.may(user, "teaching", "change"):
        return []
    return list(uploads_in_trouble().select_related("lesson").order_by("-created_at", "-pk")[:LISTED])


def unread_calendars(
    user: User, people: Collection[Practitioner], *, now: dt.datetime
) -> list[ImportedCalendar]:
    """Return imported calendars not read for a day that `user` looks after, the longest first."""
    theirs = [person for person in people if keeps_calendars_of(user, person)]
    return list(not_read(now=now).filter(practitioner__in=theirs)[:LISTED]) if theirs else []


def unread_mailboxes(user: User, *, now: dt.datetime) -> list[Heartbeat]:
    """Return the mailbox for bounces if nobody could read it for a day, for the owner; else nothing."""
    unread = unread_mailbox(now) if user.is_superuser else None
    return [unread] if unread else []


def lost_emails(findings: Iterable[Finding]) -> list[Finding]:
    """Return the finding that emails may be getting lost, of those about the site; else nothing."""
    return [one for one in findings if one.name == "arrival"]


def backups(user: User) -> BackupState | None:
    """Return how backups are doing, for the owner; None for others, and where none are set up."""
    return heartbeats.state() if user.is_superuser and settings.BACKUP_TO else None


def not_wrapped_up(
    people: Sequence[Practitioner], *, now: dt.datetime, but: Collection[Appointment] = ()
) -> list[Appointment]:
    """Return sessions of the last two weeks without a signed note, oldest first, except `but`.

    A no-show needs no note.
    """
    signed = SessionNote.objects.signed().filter(appointment=OuterRef("pk"))
    found = (
        Appointment.objects.attended(now)
        .filter(
            ~Exists(signed),
            practitioner__in=people,
            client__isnull=False,
            starts_at__gt=now - WRAP_UP_WITHIN,
            ends_at__lte=now,
        )
        .exclude(pk__in=[one.pk for one in but])
    )
    shown = ("uid", "attendee_name", "starts_at", "client_id", "practitioner_id")
    return with_practitioners(found.only(*shown).order_by("starts_at")[:LISTED], people)
