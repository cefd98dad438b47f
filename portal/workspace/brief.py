"""Queries of the brief: what each of the day's clients did since their last session, in few queries.

Whose record may be opened is decided before: these functions answer for any ids they are given.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from django.db.models import OuterRef, Q, QuerySet, Subquery

from booking.models import Appointment
from portal.models import FollowUp, PracticeEntry, Question, SessionNote
from portal.practice_log.progress import PracticedOnce
from portal.workspace.activity_summary import ActivitySummary, EntrySummary, pain, sum_up
from practice.mail.queries import WAITING
from practice.models import Consent, Practice, User
from practice.queries import zone_of

_ABOUT_A_NOTE = ("author__user__name", "appointment__starts_at")
Row = TypeVar("Row", bound="OfClient")
LOOK_BACK = dt.timedelta(weeks=26)  # "since the last session" reaches no further


class OfClient(Protocol):
    """A row that belongs to a client."""

    client_id: Any


@dataclass
class EmailState:
    """The state of a client's follow-up emails. `coming`: the next; `last`: the latest that waits no more."""

    coming: FollowUp | None = None
    last: FollowUp | None = None
    asks: bool = False
    paused_until: dt.datetime | None = None
    agreed: bool = False
    declined: bool = False

    @property
    def none_yet(self) -> bool:
        """Return whether there is nothing to say: none was planned, and no preference was stated."""
        return not (self.coming or self.last or self.asks or self.paused_until or self.declined)


@dataclass(frozen=True)
class Brief:
    """One client's brief before they come. `last`: their last session; `note`: their last signed one."""

    client: User
    last: Appointment | None
    since: ActivitySummary
    note: SessionNote | None
    questions: list[Question] = field(default_factory=list)


def briefs(clients: Collection[int], *, practice: Practice, now: dt.datetime) -> dict[int, Brief]:
    """Return a brief for each of these ids, in five queries for any number of people; none for nobody."""
    if not clients:
        return {}
    people = {one.pk: one for one in _with_latest(clients, now)}
    sessions = _by_pk(
        Appointment.objects.filter(pk__in=[one.last_session for one in people.values()])
        .select_related("practitioner__user")
        .only("ends_at", "practitioner__user__name")
    )
    notes = _by_pk(
        SessionNote.objects.filter(pk__in=[one.last_note for one in people.values()])
        .select_related("author__user", "appointment")
        .only("foundation", "low_back", "whole_body", "next_time", *_ABOUT_A_NOTE)
    )
    begun = {pk: sessions[one.last_session].ends_at for pk, one in people.items() if one.last_session}
    done = done_since({pk: max(begun.get(pk, now - LOOK_BACK), now - LOOK_BACK) for pk in people})
    asked = _by_client(open_questions().filter(client__in=people))
    return {
        pk: Brief(
            client=person,
            last=sessions.get(person.last_session),
            since=sum_up(
                done[pk], zone=zone_of(person.zone, practice=practice), since=begun.get(pk, now - LOOK_BACK)
            ),
            note=notes.get(person.last_note),
            questions=asked[pk],
        )
        for pk, person in people.items()
    }


def _with_latest(clients: Collection[int], now: dt.datetime) -> QuerySet[Any]:
    """Return the people, each with the ids of their last session and of their last signed note."""
    mine = Appointment.objects.attended(now).filter(client=OuterRef("pk"), ends_at__lte=now)
    mine = mine.filter(attendee_unclear=False)
    signed = SessionNote.objects.filter(appointment__client=OuterRef("pk"), signed_at__isnull=False)
    signed = signed.filter(appointment__attendee_unclear=False)
    return User.objects.filter(pk__in=clients).annotate(
        last_session=Subquery(mine.order_by("-starts_at").values("pk")[:1]),
        last_note=Subquery(signed.order_by("-appointment__starts_at").values("pk")[:1]),
    )


def _by_pk(rows: Iterable[Any]) -> dict[int | None, Any]:
    return {row.pk: row for row in rows}


def _by_client(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.client_id].append(row)
    return found


def done_since(since: dict[int, dt.datetime]) -> dict[int, list[EntrySummary]]:
    """Return what each client practiced since a moment of their own, in one query; {} asks nothing."""
    found: dict[int, list[EntrySummary]] = defaultdict(list)
    by_week: dict[int, list[int]] = defaultdict(list)  # one condition for a week: one for each client is slow
    for client, at in since.items():
        by_week[at.toordinal() // 7].append(client)
    wanted = Q(pk__in=[])
    for clients in by_week.values():
        # what began since then also ended since then; by its end it is found through the index
        wanted |= Q(client__in=clients, last_at__gte=min(since[one] for one in clients))
    rows = PracticeEntry.objects.filter(wanted).select_related("lesson", "exercise")
    for row in rows.only(*_READ) if since else ():
        if row.started_at >= since[row.client_id]:
            found[row.client_id].append(_done(row))
    return found


def done_between(client: User, first: dt.datetime, until: dt.datetime) -> list[EntrySummary]:
    """Return what a client practiced in [first, until)."""
    rows = PracticeEntry.objects.filter(client=client, started_at__gte=first, started_at__lt=until)
    return [_done(row) for row in rows.select_related("lesson", "exercise").only(*_READ)]


_READ = (
    *("client_id", "lesson__title", "exercise__title", "first_id", "started_at", "last_at", "finished_at"),
    *("heard_ms", "stopped_ms", "noticing", "pain_before", "pain_after", "felt"),
)


def _done(row: PracticeEntry) -> EntrySummary:
    what = row.lesson or row.exercise
    assert what is not None  # a constraint says so
    return EntrySummary(
        PracticedOnce(
            row.pk,
            f"lesson:{row.lesson_id}" if row.lesson_id else f"exercise:{row.exercise_id}",
            row.started_at,
            row.heard_ms,
            row.finished_at is not None,
            row.first_id,
        ),
        title=what.title,
        is_exercise=row.exercise_id is not None,
        last_at=row.last_at,
        stopped_ms=row.stopped_ms,
        noticing=row.noticing,
        before=pain(row.pain_before),
        after=pain(row.pain_after),
        felt=row.felt,
    )


def open_questions() -> QuerySet[Question]:
    """Return the questions nobody has answered yet, the oldest first."""
    waiting = Question.objects.filter(answered_at__isnull=True)
    return waiting.select_related("client", "lesson", "exercise").order_by("asked_at", "id")


def email_states(clients: QuerySet[User]) -> dict[int, EmailState]:
    """Return the state of these clients' follow-up emails by their ids, in three queries; one for nobody."""
    paused = clients.order_by().values_list("pk", "client__paused_until")
    found = {pk: EmailState(paused_until=until) for pk, until in paused}
    if not found:
        return {}
    consents = Consent.objects.filter(user__in=found, kind=Consent.Kind.LETTERS)
    for pk, withdrawn in consents.values_list("user_id", "withdrawn_at"):
        found[pk].agreed |= withdrawn is None
        found[pk].declined = True
    for one in _follow_ups(found):
        _place(found[one.client_id], one)
    for letters in found.values():
        letters.declined &= not letters.agreed
    return found


_OF_A_LETTER = ("letter__state", "letter__due_at", "letter__sent_at", "letter__why")


def _follow_ups(clients: Collection[int]) -> QuerySet[FollowUp]:
    """Return the newest plan's follow-ups of each client and any that wait, by due time."""
    newest = (
        FollowUp.objects.filter(client=OuterRef("client"))
        .order_by("-appointment__starts_at")
        .values("appointment")[:1]
    )
    return (
        FollowUp.objects.filter(client__in=clients)
        .filter(Q(appointment=Subquery(newest)) | Q(letter__state__in=WAITING))
        .select_related("letter")
        .only("client_id", "asks_human", "cleared_at", "stopped", "why", *_OF_A_LETTER)
        .order_by("letter__due_at", "pk")
    )


def _place(letters: EmailState, one: FollowUp) -> None:
    letters.asks |= one.asks_human and one.cleared_at is None
    if one.letter is None:
        return
    if one.letter.state in WAITING:
        letters.coming = letters.coming or one
    else:
        letters.last = one


def notes_of(appointments: Collection[Appointment]) -> dict[int, SessionNote]:
    """Return for each of these sessions its note, draft or signed, without its words."""
    found = SessionNote.objects.standing().filter(appointment__in=appointments)
    found = found.only("appointment_id", "signed_at", "saved_at").reverse()  # a signed one has the last word
    return {note.appointment_id: note for note in found}
