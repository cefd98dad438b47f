"""What would become of each row, from what is stored now. Nothing is written: check and import both ask."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from booking.availability.engine.service import LONGEST
from booking.availability.loading import room_for
from booking.models import Appointment, Import, ImportRow, Package, Place, SessionType
from booking.moving_in.engine.drafts import Draft
from booking.moving_in.people import Found, KnownPeople, known_people
from booking.moving_in.reading import Names
from booking.queries import overlapping
from practice.core.plain_text import is_same_name
from practice.core.reasons import Reasons, because
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice

Verdict = ImportRow.Verdict


@dataclass
class Judged:
    """A row, what becomes of it, and why. `client`: a known one; `fills`: their empty fields it fills."""

    draft: Draft
    verdict: str
    why: Reasons = field(default_factory=list)
    client: User | None = None
    practitioner: Practitioner | None = None
    session_type: SessionType | None = None
    fills: tuple[str, ...] = ()
    same_as: int | None = None


@dataclass
class TakenTimes:
    """Times that earlier rows of the same file take, for each practitioner. None of them overlap."""

    starts: dict[int, list[tuple[datetime, datetime]]] = field(default_factory=lambda: defaultdict(list))

    def overlaps(self, practitioner: Practitioner, start: datetime, end: datetime) -> bool:
        """Return whether a time overlaps one that is taken."""
        taken = self.starts[practitioner.pk]
        place = bisect_left(taken, (start, end))
        return any(one[0] < end and one[1] > start for one in taken[max(0, place - 1) : place + 1])

    def add(self, practitioner: Practitioner, start: datetime, end: datetime) -> None:
        """Take a time."""
        taken = self.starts[practitioner.pk]
        taken.insert(bisect_left(taken, (start, end)), (start, end))


@dataclass
class Judge:
    """The judgment of many rows of one import, in a bounded number of queries for each portion.

    `repeats`: rows whose person is in an earlier row already, with its number.
    """

    job: Import
    names: Names
    now: datetime
    repeats: Mapping[int, int]
    taken: TakenTimes = field(default_factory=TakenTimes)

    def judge_all(self, drafts: Sequence[Draft], known: KnownPeople | None = None) -> list[Judged]:
        """Return the judgment of each row, in order."""
        known = known or known_people(drafts)
        return [self._row(draft, known) for draft in drafts]

    def _row(self, draft: Draft, known: KnownPeople) -> Judged:
        if draft.problem:
            return failed(draft, draft.problem, **draft.params)
        kind = self.job.kind
        found = known.of(draft, names_alone=kind != Import.Kind.CLIENTS)
        if found.several:
            return failed(draft, "row_name_twice")
        if kind == Import.Kind.CLIENTS:
            return self._client(draft, found)
        if kind == Import.Kind.PACKAGES:
            return self._package(draft, found)
        return self._appointment(draft, found)

    def _client(self, draft: Draft, found: Found) -> Judged:
        if found.client is None and draft.number not in self.repeats:
            return Judged(draft, Verdict.NEW)
        if found.client is None:
            first = self.repeats[draft.number]
            return Judged(draft, Verdict.MATCHED, because("row_repeats", row=first), same_as=first)
        why = because(f"row_same_{found.by}")
        if not is_same_name(found.client.name, draft.name):
            why += because("row_other_name")
        fills = fillable(found.client, draft) if self.job.choices["fill"] else ()
        why += because("row_fills") if fills else []
        return Judged(draft, Verdict.MATCHED, why, found.client, fills=fills)

    def _package(self, draft: Draft, found: Found) -> Judged:
        kind = self.names.session_type(draft.session_type)
        if not draft.left:
            return skipped(draft, "row_none_left")
        today = self.now.astimezone(practice_zone(the_practice())).date()
        if draft.valid_until and draft.valid_until < today:
            return skipped(draft, "row_expired")
        if kind is None:
            return skipped(draft, "row_no_type")
        if not (found.client or draft.name):
            return failed(draft, "row_no_name")
        why = self._who(draft, found)
        if found.client and Package.objects.filter(client=found.client, session_type=kind).exists():
            why += because("row_has_package")
        return Judged(draft, Verdict.NEW, why, found.client, session_type=kind)

    def _appointment(self, draft: Draft, found: Found) -> Judged:
        kind, person = (
            self.names.session_type(draft.session_type),
            self.names.practitioner(draft.practitioner),
        )
        assert draft.start is not None
        if draft.is_canceled:
            return skipped(draft, "row_canceled")
        if draft.start <= self.now:
            return skipped(draft, "row_past")
        if draft.start - self.now > LONGEST:
            return failed(draft, "row_too_far")
        if person is None:
            return skipped(draft, "row_no_practitioner")
        if kind is None:
            return skipped(draft, "row_no_type")
        if against := self._against_booking(draft, found, kind, person):
            return against
        self.taken.add(person, draft.start, draft.start + timedelta(minutes=kind.minutes))
        return Judged(draft, Verdict.NEW, self._who(draft, found), found.client, person, kind)

    def _against_booking(
        self, draft: Draft, found: Found, kind: SessionType, person: Practitioner
    ) -> Judged | None:
        """Return why a future appointment can't be booked, or None: what it lacks, or a real overlap."""
        assert draft.start is not None
        if person.pk not in {one.pk for one in kind.practitioners.all()} or not person.is_bookable:
            return failed(draft, "row_not_given")
        if kind.place == Place.CLIENT:
            return failed(draft, "row_needs_address")
        if kind.place == Place.PHONE and not (draft.phone or (found.client and found.client.phone)):
            return failed(draft, "row_needs_phone")
        end = draft.start + timedelta(minutes=kind.minutes)
        room = room_for(kind, person, None)
        taken = overlapping(person, room=room, start=draft.start, end=end)
        other = taken.exclude(state=Appointment.State.HELD).first()  # a hold may be gone until then
        if other and is_the_same(other, draft, found, person):
            return skipped(draft, "row_booked_already")
        if other or self.taken.overlaps(person, draft.start, end):
            return failed(draft, "row_overlaps" if other else "row_overlaps_row")
        return None

    def _who(self, draft: Draft, found: Found) -> Reasons:
        if found.client is None:
            return because("row_new_client")
        other = draft.name and not is_same_name(found.client.name, draft.name)
        return because(
            "row_for_another" if other and self.job.kind == Import.Kind.APPOINTMENTS else "row_known_client"
        )


def is_the_same(other: Appointment, draft: Draft, found: Found, person: Practitioner) -> bool:
    """Return whether an appointment that is here is the row's: the same start, with the same people."""
    same_time = other.starts_at == draft.start and other.practitioner_id == person.pk
    named = is_same_name(other.attendee_name, draft.name)
    return same_time and (named or (found.client is not None and other.client_id == found.client.pk))


def fillable(client: User, draft: Draft) -> tuple[str, ...]:
    """Return the empty fields of a client that a row has a value for."""
    return tuple(one for one in ("email", "phone") if getattr(draft, one) and not getattr(client, one))


def failed(draft: Draft, code: str, /, **params: str) -> Judged:
    """Return the judgment of a row that can't be imported."""
    return Judged(draft, Verdict.FAILED, because(code, **params))


def skipped(draft: Draft, code: str) -> Judged:
    """Return the judgment of a row that is left out on purpose."""
    return Judged(draft, Verdict.SKIPPED, because(code))
