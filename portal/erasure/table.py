"""The one table of what becomes of each kind of row when a client is erased.

Every model of the project and of the packages it uses has a line: here, in `ELSEWHERE` (found by what is in
the row), or in `NOBODYS`. A test fails for a model without one. Of a row that stays, every field not named in
`keeps` is emptied: a field that is added later goes, unless somebody decides otherwise.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import models
from django.db.models import Q

from booking.models import (
    Appointment,
    AppointmentChange,
    CalendarFeed,
    ImportRow,
    Intake,
    LedgerEntry,
    Offer,
    Package,
    PackageUse,
    Receipt,
    WaitlistEntry,
)
from portal.erasure.person import Person, times_of
from portal.models import (
    ActivityRating,
    Assignment,
    ClientProfile,
    ErasureRequest,
    FollowUp,
    FollowUpPlan,
    FollowUpStep,
    GuidelinesRead,
    NoteAmendment,
    PracticeEntry,
    Question,
    RecordMerge,
    RecordNote,
    RecordPermission,
    Segment,
    SessionNote,
    VisitorQuestion,
)
from practice.mail.kinds import AT_WORK
from practice.models import (
    AccessLog,
    AddressChange,
    Consent,
    EmailEvent,
    Letter,
    SearchWord,
    TextMessage,
    TextNumber,
    User,
)

AT_ONCE = 500


@dataclass(frozen=True)
class ErasureRule:
    """One model's rule. `keeps`: the fields that stay, as numbers; without any the row goes.

    `but_where`: in which rows a field that stays is set to NULL all the same.
    """

    model: type[models.Model]
    mine: Callable[[Person], Q]
    keeps: tuple[str, ...] = ()
    but_where: tuple[tuple[str, Q], ...] = ()

    def rows(self, person: Person) -> models.QuerySet[Any]:
        """Return the rows of this person."""
        return self.model._base_manager.filter(self.mine(person)).distinct()

    def empties(self) -> list[str]:
        """Return the fields of a row that stays which are emptied."""
        names = [field.name for field in self.model._meta.concrete_fields]
        return [name for name in names if self.keeps and name not in self.keeps]


def _by(path: str) -> Callable[[Person], Q]:
    return lambda person: Q(**{path: person.pk})


def _theirs(path: str) -> Callable[[Person], Q]:
    """Return a filter for appointments booked by a person, and times held for them from the waitlist."""
    return lambda person: times_of(person.pk, person.wishes, path=path)


def _wished(path: str) -> Callable[[Person], Q]:
    return lambda person: Q(**{f"{path}__in": sorted(person.wishes)})


def _merged(person: Person) -> Q:
    return Q(kept=person.pk) | Q(merged=person.pk)


def _of_address(person: Person) -> Q:
    """Return the filter for what was sent without an account from the person's address."""
    return Q(email__iexact=person.email) if person.email else Q(pk__in=())


def _letters(person: Person) -> Q:
    """Return the filter for emails to the person, to their address, or about something of theirs.

    Of what they booked for somebody else, what staff read names them; what went to the attendee is the
    attendee's.
    """
    found = Q(user=person.pk) | Q(about__in=person.subjects)
    found |= Q(about__in=person.for_others) & (Q(user=None) | Q(category__in=AT_WORK))
    return found | Q(to_address__iexact=person.email) if person.email else found


def _texts(person: Person) -> Q:
    """Return the filter for what the gateway said of text messages to the person."""
    return Q(letter__in=Letter.objects.filter(_letters(person)))


def _reports_on_letters(person: Person) -> Q:
    return Q(letter__in=Letter._base_manager.filter(_letters(person)).values("pk"))


#: In the order in which they go: what points at a row goes before it.
TABLE: tuple[ErasureRule, ...] = (
    ErasureRule(NoteAmendment, _by("note__appointment__client")),
    ErasureRule(RecordNote, _by("client")),
    ErasureRule(SessionNote, _by("appointment__client")),
    ErasureRule(FollowUp, _by("client")),
    ErasureRule(FollowUpStep, _by("plan__client")),
    ErasureRule(FollowUpPlan, _by("client")),
    ErasureRule(Segment, _by("entry__client")),
    ErasureRule(PracticeEntry, _by("client")),
    ErasureRule(Question, _by("client")),
    ErasureRule(ActivityRating, _by("client")),
    ErasureRule(VisitorQuestion, _of_address),
    ErasureRule(Assignment, _by("client")),
    ErasureRule(GuidelinesRead, _by("client")),
    ErasureRule(ClientProfile, _by("user")),
    ErasureRule(RecordMerge, _merged),
    ErasureRule(ErasureRequest, _by("client")),
    ErasureRule(RecordPermission, _by("client")),
    ErasureRule(Intake, _by("client")),
    ErasureRule(ImportRow, _by("client")),
    ErasureRule(Offer, _wished("entry")),
    ErasureRule(WaitlistEntry, _wished("pk")),
    ErasureRule(CalendarFeed, _by("owner")),
    # What text messages cost stays, without the message or its reader.
    ErasureRule(
        TextMessage,
        _texts,
        keeps=("id", "status", "segments", "price", "currency", "sent_at"),
    ),
    ErasureRule(TextNumber, _by("user")),
    ErasureRule(EmailEvent, _reports_on_letters),
    ErasureRule(Letter, _letters),
    ErasureRule(Consent, _by("user")),
    ErasureRule(AccessLog, _by("whose")),
    # What the law asks a business to keep: when it worked, for how much. Nobody's, from here on.
    ErasureRule(
        AppointmentChange,
        _theirs("appointment__"),
        keeps=("id", "appointment", "at", "what", "by", "by_staff", "starts_at", "was_starts_at"),
        but_where=(("by", Q(by_staff=False)),),  # a client: who booked for them
    ),
    # Numbers of receipts have no gap, and what was received stays received.
    ErasureRule(
        Receipt,
        lambda person: _theirs("appointment__")(person) | Q(payer=person.pk),
        keeps=(
            *("id", "number", "appointment", "replaces", "cents", "tax_cents", "currency"),
            *("issued_at", "issued_by", "is_demo"),
        ),
    ),
    ErasureRule(
        LedgerEntry,
        lambda person: _theirs("appointment__")(person) | Q(package__client=person.pk),
        keeps=(
            *("id", "appointment", "package", "what", "how", "cents", "currency", "at", "by"),
            *("corrects", "is_demo"),
        ),
    ),
    ErasureRule(
        Appointment,
        _theirs(""),
        keeps=(
            *("id", "session_type", "practitioner", "place", "room", "starts_at", "ends_at"),
            *("occupies", "state"),
            *("sequence", "minutes", "buffer_before", "buffer_after", "price_cents", "currency", "policy"),
            *("moves", "free_until", "hold_expires_at", "answer_by", "booked_at", "declined"),
            *("cancelled_at", "is_demo", "created_at"),
        ),
    ),
    ErasureRule(
        PackageUse,
        _by("package__client"),
        keeps=("id", "package", "appointment", "number", "used_at", "given_back_at"),
    ),
    ErasureRule(
        Package,
        _by("client"),
        keeps=(
            *("id", "session_type", "sessions", "price_cents", "currency", "sold_at", "sold_by"),
            *("valid_until", "is_demo"),
        ),
    ),
    ErasureRule(EmailConfirmation, _by("email_address__user")),
    ErasureRule(EmailAddress, _by("user")),
    ErasureRule(Authenticator, _by("user")),
    ErasureRule(UserSession, _by("user")),
    ErasureRule(AddressChange, _by("user")),
    ErasureRule(SearchWord, _by("user")),
    ErasureRule(User, _by("pk")),
)

#: Found by what stands in them, in `portal.erasure.traces`.
ELSEWHERE = frozenset(
    {"sessions.Session", "admin.LogEntry", "booking.IdempotencyKey", "practice.Suppression"}
)

#: Rows that speak of no client: the practice's own, texts for everybody, and what only counts.
NOBODYS = frozenset(
    {
        *("practice.Practice", "practice.Room", "practice.Practitioner", "practice.Article"),
        *("practice.ConsentText", "practice.Heartbeat", "practice.UsageCount", "practice.EmailText"),
        *(
            "practice.TranslatedText",
            "practice.DoorOpening",
            "practice.Erasure",
            "practice.Lease",
            "booking.AvailabilityVersion",
        ),
        *("booking.SessionType", "booking.OpeningHours", "booking.Closure", "booking.BlockedTime"),
        *("booking.IntakeQuestion", "booking.ImportedCalendar", "booking.BusyTime", "booking.Import"),
        *("portal.Lesson", "portal.LessonAudio", "portal.Chapter", "portal.Cue", "portal.Exercise"),
        *("portal.Collection", "portal.CollectionLesson", "portal.LessonChange"),
        "portal.ExerciseMedia",
        "portal.RecordingUpload",
        *("auth.Permission", "auth.Group", "contenttypes.ContentType"),
    }
)


def erase(line: ErasureRule, pks: Sequence[int]) -> None:
    """Remove the rows of these ids, or empty the fields that do not stay."""
    for some in batched(pks):
        rows = line.model._base_manager.filter(pk__in=some)
        if line.keeps:
            _empty(line, rows, some)
        else:
            rows.delete()


def _empty(line: ErasureRule, rows: models.QuerySet[Any], pks: Sequence[int]) -> None:
    """Empty the fields that do not stay, and replace each unique one, so that old links find nothing."""
    fields = [field for field in line.model._meta.concrete_fields if field.name in line.empties()]
    own = [field for field in fields if field.unique]
    if changes := {field.name: emptied(field) for field in fields if not field.unique}:
        rows.update(**changes)
    for name, where in line.but_where:
        rows.filter(where).update(**{name: None})
    for pk in pks if own else ():
        rows.filter(pk=pk).update(**{field.name: uuid.uuid4() for field in own})


def emptied(field: Any) -> Any:
    """Return the empty value of a field: NULL, or its default."""
    return None if field.null else field.get_default()


def batched(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the ids in portions that every database takes in one statement."""
    for start in range(0, len(pks), AT_ONCE):
        yield pks[start : start + AT_ONCE]
