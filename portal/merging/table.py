"""The one table of what becomes of each reference to a person when their two records become one.

Every foreign key to `User`, of the project and of the packages it uses, has a line. A test fails for a key
without one: a table that is added later cannot be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from booking.models import (
    Appointment,
    AppointmentChange,
    BlockedTime,
    CalendarFeed,
    Import,
    ImportRow,
    Intake,
    LedgerEntry,
    Package,
    Receipt,
    WaitlistEntry,
)
from portal.models import (
    ActivityRating,
    Assignment,
    ClientProfile,
    ErasureRequest,
    ExerciseMedia,
    FollowUp,
    FollowUpPlan,
    GuidelinesRead,
    LessonChange,
    NoteAmendment,
    PracticeEntry,
    Question,
    RecordingUpload,
    RecordMerge,
    RecordNote,
    RecordPermission,
    SessionNote,
    VisitorQuestion,
)
from practice.models import (
    AccessLog,
    AddressChange,
    Consent,
    EmailText,
    Letter,
    Practitioner,
    SearchWord,
    TextNumber,
    User,
)


class Fate(StrEnum):
    """What becomes of a reference: it moves, it stays with the closed account, or no client has it."""

    MOVES = "moves"
    STAYS = "stays"
    AT_WORK = "at_work"  # only people who work here stand there, and they are never merged


@dataclass(frozen=True)
class Pair:
    """The ids of two records of one person: the one that is kept, and the one that is merged into it."""

    kept: int
    merged: int

    @property
    def both(self) -> tuple[int, int]:
        """Return both ids, in the order in which they are locked."""
        return (min(self.kept, self.merged), max(self.kept, self.merged))


@dataclass(frozen=True)
class MergeRule:
    """The line of one foreign key. `name`: what the dry run calls its rows.

    `stay`: which rows stay with the merged record all the same, because there may be only one of each.
    """

    model: type[models.Model]
    field: str
    fate: Fate = Fate.MOVES
    name: str | Promise = ""
    stay: Callable[[Pair], Q] | None = None

    @property
    def label(self) -> str:
        """Return how the ledger names it, such as "booking.Appointment.client"."""
        return f"{self.model._meta.label}.{self.field}"

    def of(self, pk: int) -> models.QuerySet[Any]:
        """Return all rows of a person."""
        return self.model._base_manager.filter(**{self.field: pk}).order_by("pk")

    def moving(self, pair: Pair) -> models.QuerySet[Any]:
        """Return the merged record's rows that move."""
        found = self.of(pair.merged)
        return found.exclude(self.stay(pair)) if self.stay else found

    def staying(self, pair: Pair) -> models.QuerySet[Any]:
        """Return the merged record's rows that stay with it."""
        return self.of(pair.merged).filter(self.stay(pair)) if self.stay else self.of(pair.merged).none()


def _open_twice(pair: Pair) -> Q:
    """Return the filter for an unfinished intake where the kept record has one of its own."""
    twice = Intake.objects.filter(client=pair.kept, handed_in_at=None).exists()
    return Q(handed_in_at=None) if twice else Q(pk__in=[])


def _read_twice(pair: Pair) -> Q:
    read = GuidelinesRead.objects.filter(client=pair.kept).values_list("lesson", flat=True)
    return Q(lesson__in=list(read))


def _has_page(pair: Pair) -> Q:
    return Q(user=pair.merged) if ClientProfile.objects.filter(user=pair.kept).exists() else Q(pk__in=[])


def _has_own_plan(pair: Pair) -> Q:
    """Return the filter for a plan of emails where the kept record has one of its own."""
    has_one = FollowUpPlan.objects.filter(client=pair.kept).exists()
    return Q(client=pair.merged) if has_one else Q(pk__in=[])


def _texted_twice(pair: Pair) -> Q:
    """Return the filter for the merged record's number where the kept record has one of its own."""
    twice = TextNumber.objects.filter(user=pair.kept, withdrawn_at=None).exists()
    return Q(withdrawn_at=None) if twice else Q(pk__in=[])


def _themselves(pair: Pair) -> Q:
    return Q(pk__in=pair.both)


TABLE: tuple[MergeRule, ...] = (
    MergeRule(Appointment, "client", name=_("Appointments")),
    MergeRule(Appointment, "correspondent", name=_("Appointments booked for others")),
    MergeRule(AppointmentChange, "by", name=_("Changes of appointments by the client")),
    MergeRule(Intake, "client", name=_("Intakes"), stay=_open_twice),
    MergeRule(Package, "client", name=_("Packages")),
    MergeRule(Receipt, "payer", name=_("Receipts")),
    MergeRule(WaitlistEntry, "client", name=_("Waitlist entries")),
    MergeRule(RecordNote, "client", name=_("Notes between sessions")),
    MergeRule(Assignment, "client", name=_("Assignments")),
    MergeRule(PracticeEntry, "client", name=_("Entries of practice at home")),
    MergeRule(Question, "client", name=_("Questions")),
    MergeRule(ActivityRating, "client", name=_("Activities rated again")),
    MergeRule(ClientProfile, "user", name=_("Plan and times for emails"), stay=_has_page),
    MergeRule(GuidelinesRead, "client", name=_("Guidelines read"), stay=_read_twice),
    MergeRule(FollowUp, "client", name=_("Steps of follow-up plans")),
    MergeRule(FollowUpPlan, "client", name=_("Email plans of their own"), stay=_has_own_plan),
    MergeRule(Letter, "user", name=_("Emails")),
    MergeRule(Consent, "user", name=_("Consents")),
    MergeRule(TextNumber, "user", name=_("Numbers for text messages"), stay=_texted_twice),
    MergeRule(RecordPermission, "client", name=_("Permissions to open the record")),
    MergeRule(AccessLog, "whose", name=_("Lines of the access log")),
    MergeRule(User, "correspondent", name=_("People they book for"), stay=_themselves),
    MergeRule(User, "merged_into", name=_("Records merged earlier")),
    # How somebody signs in stays with the account that is closed: it opens nothing of the other.
    MergeRule(EmailAddress, "user", Fate.STAYS),
    MergeRule(Authenticator, "user", Fate.STAYS),
    MergeRule(UserSession, "user", Fate.STAYS),
    MergeRule(AddressChange, "user", Fate.STAYS),
    MergeRule(SearchWord, "user", Fate.STAYS),  # of its own name; a merged record is not found
    # Undoing an import removes the clients it made: never the one that was kept.
    MergeRule(ImportRow, "client", Fate.STAYS),
    MergeRule(CalendarFeed, "owner", Fate.STAYS),  # its secret address was not given out for the other
    MergeRule(ErasureRequest, "client", Fate.STAYS),  # with one, nothing is merged
    # The ledger itself: each merge keeps its own two ends.
    MergeRule(RecordMerge, "kept", Fate.STAYS),
    MergeRule(RecordMerge, "merged", Fate.STAYS),
    *(
        MergeRule(model, field, Fate.AT_WORK)
        for model, field in (
            (Practitioner, "user"),
            (AccessLog, "reader"),
            (BlockedTime, "made_by"),
            (Intake, "cleared_by"),
            (Package, "sold_by"),
            (Import, "by"),
            (LedgerEntry, "by"),
            (Receipt, "issued_by"),
            (PracticeEntry, "cleared_by"),
            (Question, "answered_by"),
            (VisitorQuestion, "answered_by"),
            (SessionNote, "signed_by"),
            (NoteAmendment, "by"),
            (RecordNote, "by"),
            (RecordPermission, "given_by"),
            (RecordPermission, "revoked_by"),
            (RecordingUpload, "by"),
            (LessonChange, "by"),
            (ExerciseMedia, "by"),
            (EmailText, "by"),
            (RecordMerge, "by"),
            (RecordMerge, "undone_by"),
            (LogEntry, "user"),
        )
    ),
)
MOVES = tuple(rule for rule in TABLE if rule.fate is Fate.MOVES)
RULES = {rule.label: rule for rule in TABLE}


def counts(rules: Iterable[MergeRule], pair: Pair) -> list[tuple[MergeRule, int]]:
    """Return how many rows would move by each rule that has any."""
    found = [(rule, rule.moving(pair).count()) for rule in rules]
    return [(rule, count) for rule, count in found if count]
