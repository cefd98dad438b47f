"""Erasing a client: no word of them stays; when the practice worked and for how much stays as numbers.

Booked appointments are canceled first, so that their time is free, or offered, in the same moment. All of it
is one transaction under the lock of the client's row: whatever is written about them at the same time waits,
and then finds nobody to write about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from booking.appointments.actions.end import end
from booking.letters import to_practitioner
from booking.locking.changes import What, record_change, release, reload
from booking.locking.locks import lock
from booking.models import Appointment, Offer, WaitlistEntry
from booking.offers.actions import close, offer_freed
from portal.erasure import traces
from portal.erasure.person import Person, person_of, times_of
from portal.erasure.table import TABLE, batched
from portal.erasure.table import erase as erase_rows
from portal.models import ErasureRequest, NoteAmendment, RecordNote, SessionNote
from practice.append_only.door import Why, open_door
from practice.models import Erasure, Letter, Practitioner, User

log = structlog.get_logger(__name__)
TRIES = 3
Result = TypeVar("Result")


class NotErased(Exception):
    """The base of what is raised when an erasure is refused: nothing changed, and `str(error)` says why."""


class WorksHere(NotErased):
    """Raised for staff, who are no clients: their name is on what they wrote about others."""

    def __init__(self) -> None:
        super().__init__(_("This person works or worked here. Only clients can be erased."))


class BeingSent(NotErased):
    """Raised when an email to the client is being sent at this moment."""

    def __init__(self) -> None:
        super().__init__(_("An email to them is being sent right now. Try again in a few minutes."))


class AlreadyErased(NotErased):
    """Raised when there is no such client any more."""

    def __init__(self) -> None:
        super().__init__(_("This client no longer exists."))


class RequestWithdrawn(NotErased):
    """Raised when the client has withdrawn their own request."""

    def __init__(self) -> None:
        super().__init__(_("They withdrew the request."))


@dataclass
class Report:
    """The counts of an erasure by name: rows that go, rows that stay as numbers, traces elsewhere."""

    gone: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    elsewhere: dict[str, int] = field(default_factory=dict)

    @property
    def total_gone(self) -> int:
        """Return how many rows are removed, or emptied in other places."""
        return sum(self.gone.values()) + sum(self.elsewhere.values())

    @property
    def total_kept(self) -> int:
        """Return how many rows stay as numbers."""
        return sum(self.kept.values())

    def note(self, model: type[models.Model], count: int, *, kept: bool) -> None:
        """Add the count of a model, unless it is 0."""
        if count:
            counts, name = self.kept if kept else self.gone, str(model._meta.label)
            counts[name] = counts.get(name, 0) + count

    def note_elsewhere(self, counts: Mapping[str, int]) -> None:
        """Add counts of traces, by their place."""
        for name, count in counts.items():
            self.elsewhere[name] = self.elsewhere.get(name, 0) + count


def foresee(client: User) -> Report:
    """Return what erasing the client would do, without changing anything. Raises WorksHere."""
    must_be_a_client(client)
    report = Report()
    for one in User.objects.filter(pk__in=User.objects.family(client.pk)):
        person, found = person_of(one), dict[type[models.Model], list[int]]()
        for line in TABLE:
            found[line.model] = list(line.rows(person).values_list("pk", flat=True))
            report.note(line.model, len(found[line.model]), kept=bool(line.keeps))
        report.note_elsewhere({name: look(person, dry=True) for name, look in traces.PLACES.items()})
        report.note_elsewhere({"the back office's log": traces.office_log(person, found, dry=True)})
    return report


def erase(client: User, *, now: dt.datetime, if_asked: bool = False) -> Report:
    """Erase this client. Raises WorksHere, BeingSent, AlreadyErased or TakenBack: nothing was changed then.

    Tried again when somebody wrote about them at the same moment. `if_asked`: only if their own request still
    stands and its day has come.
    """
    report = _insisting(lambda: _erase(client.pk, now=now, if_asked=if_asked))
    _off_the_disk()
    # The number alone: after restoring an older backup, it says whom to erase again.
    log.info("a client was erased", client=client.pk)
    return report


def _off_the_disk() -> None:
    """Empty SQLite's write-ahead log, in which pages of before wait; what it frees is overwritten (settings).

    When somebody reads at this moment it is emptied later: after so many pages SQLite does it by itself.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _insisting(do: Callable[[], Result]) -> Result:
    for last in (False,) * (TRIES - 1) + (True,):
        try:
            return do()
        except (IntegrityError, OperationalError):
            if last or connection.in_atomic_block:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def _erase(pk: int, *, now: dt.datetime, if_asked: bool = False) -> Report:
    """Erase the client with every record that was merged with theirs: it is one person."""
    records = User.objects.family(pk)
    _lock_the_way(records)
    locked = User.objects.select_for_update(of=("self",)).filter(pk__in=records).order_by("pk")
    clients = {one.pk: one for one in locked}
    if pk not in clients:
        raise AlreadyErased
    if User.objects.family(pk) != records:
        raise IntegrityError("merged at the same moment")  # tried again, with both
    if if_asked and not ErasureRequest.objects.filter(client=pk, due_at__lte=now).exists():
        raise RequestWithdrawn
    freed, report = [], Report()
    for client in (clients[record] for record in records):
        must_be_a_client(client)
        freed += _let_go(person_of(client), now=now)
        # For backups that still have them: practice/backup/erased.py.
        Erasure.objects.create(number=client.pk, proof=Erasure.proof_of(client), at=now)
        _erased(person_of(client), report)  # with the emails' subjects of what was let go
    for appointment in freed:
        after = reload(appointment)
        to_practitioner.notice_cancelled(after, fee=0, by=None, now=now)
    return report


def _lock_the_way(records: Sequence[int]) -> None:
    """Lock the practitioners and rooms of their sessions ahead, which everybody locks before the client."""
    people: list[Practitioner] = []
    rooms: list[int | None] = []
    for client in User.objects.filter(pk__in=records):
        theirs, places = _in_the_way(person_of(client))
        people += theirs
        rooms += places
    lock(people, rooms=rooms)


def must_be_a_client(client: User) -> None:
    """Raise WorksHere for staff, and for authors of notes in the past."""
    wrote = SessionNote.objects.filter(signed_by=client).exists()
    wrote = wrote or NoteAmendment.objects.filter(by=client).exists()
    wrote = wrote or RecordNote.objects.filter(by=client).exists()
    if not client.is_client or Practitioner.objects.filter(user=client).exists() or wrote:
        raise WorksHere


def _in_the_way(person: Person) -> tuple[list[Practitioner], list[int | None]]:
    """Return the practitioners and rooms to lock, which everybody locks before the client."""
    theirs = times_of(person.pk, person.wishes)
    times = Appointment.objects.filter(theirs, occupies=True).select_related("practitioner")
    return [one.practitioner for one in times], [one.room_id for one in times]


def _let_go(person: Person, *, now: dt.datetime) -> list[Appointment]:
    """End the client's future appointments, holds, offers and waitlist entries; return those canceled.

    Fees and packages are no matter any more.
    """
    wishes = WaitlistEntry.objects.filter(pk__in=person.wishes)
    for offer in Offer.objects.filter(entry__in=person.wishes, state=Offer.State.OPEN):
        held = reload(offer.appointment)
        if close(offer, Offer.State.WITHDRAWN, now=now):
            wishes.update(state="left")
            offer_freed(held.practitioner, held.starts_at, held.ends_at, freed=offer.freed, now=now)
    wishes.filter(state="waiting").update(state="left")
    for held in Appointment.objects.filter(client=person.pk, state=Appointment.State.HELD):
        release(held, now=now)
    freed = []
    for one in Appointment.objects.filter(client=person.pk).upcoming(now):
        freed.append(end(reload(one), now=now))
        record_change(freed[-1], What.CANCELLED, now=now)
    return freed


def _erased(person: Person, report: Report) -> None:
    """Erase every trace elsewhere, then every row; each model is locked as a whole before its rows go."""
    held = Letter.objects.filter(TABLE[_at(Letter)].mine(person))
    list(held.select_for_update(of=("self",)).values_list("pk", flat=True))
    if held.filter(state=Letter.State.CLAIMED, leased_until__gt=Now()).exists():
        raise BeingSent
    _booked_by_nobody(person)
    rows: dict[type[models.Model], list[int]] = {}
    for line in TABLE:
        pks = line.rows(person).order_by("pk").values_list("pk", flat=True)
        rows[line.model] = _locked(line.model, list(pks))
    report.note_elsewhere({name: look(person, dry=False) for name, look in traces.PLACES.items()})
    report.note_elsewhere({"the back office's log": traces.office_log(person, rows, dry=False)})
    with open_door(Why.ERASURE):
        for line in TABLE:
            erase_rows(line, rows[line.model])
            report.note(line.model, len(rows[line.model]), kept=bool(line.keeps))


def _booked_by_nobody(person: Person) -> None:
    """Remove the client from appointments they booked for others, whose sessions stay."""
    Appointment.objects.filter(correspondent=person.pk).update(correspondent=None, phone="")


def _at(model: type[models.Model]) -> int:
    return next(place for place, line in enumerate(TABLE) if line.model is model)


def _locked(model: type[models.Model], pks: Sequence[int]) -> list[int]:
    """Lock these rows: a row that refers to one of them is written before or never."""
    taken: list[int] = []
    for some in batched(pks):
        rows = model._base_manager.filter(pk__in=some).order_by("pk").select_for_update(of=("self",))
        taken += rows.values_list("pk", flat=True)
    return taken
