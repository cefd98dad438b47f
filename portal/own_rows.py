"""The rows of the portal that are somebody's own, and other rows that hang on a record."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from booking.access import clients_seen_by
from booking.models import Intake
from portal.models import (
    ActivityRating,
    Assignment,
    ClientProfile,
    ErasureRequest,
    FollowUp,
    GuidelinesRead,
    NoteAmendment,
    PracticeEntry,
    Question,
    RecordMerge,
    RecordNote,
    RecordPermission,
    Segment,
    SessionNote,
)
from portal.records.access import records_of
from practice.access import rows
from practice.access.roles import Verb
from practice.mail.kinds import AT_WORK
from practice.models import AccessLog, Consent, EmailEvent, Letter, Suppression, TextNumber, User

#: Kinds of email whose mere being there says something of a record.
OF_A_RECORD = (
    *("notice_pain", "notice_question", "notice_intake", "answered", "erasure_asked"),
    *("notice_visitor_question", "visitor_answer"),
)


def register() -> None:
    """Register the rules for each model; called once, when the app is ready."""
    rows.register_records(records_of)
    of_a_client = (Intake, PracticeEntry, Question, GuidelinesRead, Assignment, FollowUp, RecordPermission)
    for model in (*of_a_client, ErasureRequest, ActivityRating):
        rows.register(model, _of("client"))
    rows.register(RecordMerge, _of("kept"))
    rows.register(ClientProfile, _of("user"))
    rows.register(Consent, _of("user"))
    rows.register(TextNumber, _of("user"))
    rows.register(AccessLog, _of("whose"))
    rows.register(Segment, _of("entry__client"))
    rows.register(SessionNote, rows.owned_by("author__user"))
    rows.register(RecordNote, rows.owned_by("author__user"))
    rows.register(NoteAmendment, rows.owned_by("note__author__user"))
    rows.register(Letter, _letters)
    rows.register(EmailEvent, _reports)
    rows.register(Suppression, _addresses)


def _of(path: str) -> Callable[[User, Verb], Q]:
    """Return a rule for rows of clients whose record somebody may open."""
    return lambda user, _verb: Q(**{f"{path}__in": records_of(user).values("pk")})


def _letters(user: User, _verb: Verb) -> Q:
    """Return the filter for emails that somebody may know of.

    The front desk: all that say nothing of a record. A practitioner: those to themselves, and about
    appointments to the clients they know; all others only where the record is open to them. What a colleague
    gets about their own clients is no part of the record that they have as a client.
    """
    if not rows.may(user, "records"):
        return ~Q(kind__in=OF_A_RECORD)
    plain = Q(category=Letter.Category.APPOINTMENT)
    return (
        Q(user=user)
        | (~Q(category__in=AT_WORK) & Q(user__in=records_of(user).values("pk")))
        | (plain & Q(user__in=clients_seen_by(user).values("pk")))
    )


def _reports(user: User, verb: Verb) -> Q:
    return Q(letter__in=Letter.objects.filter(_letters(user, verb)).values("pk"))


def _addresses(user: User, _verb: Verb) -> Q:
    return Q(address__in=clients_seen_by(user).exclude(email=None).values("email"))
