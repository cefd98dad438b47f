"""The import itself, portion by portion: each row is judged again, then made whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from booking.models import Import, ImportRow
from booking.moving_in.actions.make import Maker
from booking.moving_in.engine.duplicates import first_of_each
from booking.moving_in.judging import Judge, Judged
from booking.moving_in.people import known_people
from booking.moving_in.reading import drafts_of, names_of, reading_of
from practice.core.reasons import because
from practice.models import User
from practice.queries import one_practice

State, Kind, Verdict = Import.State, Import.Kind, ImportRow.Verdict
#: Rows in one transaction: what waits for its end should not wait long. A booking takes a lock and many rows.
AT_ONCE = {Kind.CLIENTS: 250, Kind.PACKAGES: 50, Kind.APPOINTMENTS: 10}


@one_practice()
def import_next(job: Import) -> bool:
    """Import the next portion of rows; False: all are done. Within the transaction that holds the import."""
    at_once = AT_ONCE[Kind(job.kind)]
    rows = list(job.rows.filter(number__gt=job.position).order_by("number")[:at_once])
    if job.kind == Kind.CLIENTS:
        _clients(job, rows)
    else:
        _one_by_one(job, rows)
    _store(rows)
    more = len(rows) == at_once
    job.position = rows[-1].number if rows else job.position
    job.state = job.state if more else State.DONE
    job.ended_at = None if more else timezone.now()
    job.save(update_fields=["position", "state", "ended_at"])
    return more


def _store(rows: Sequence[ImportRow]) -> None:
    """Write the rows as they are now. Written anew: `bulk_update` takes ten times as long."""
    ImportRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    ImportRow.objects.bulk_create(rows)


def _clients(job: Import, rows: Sequence[ImportRow]) -> None:
    """Make all new people of a portion in one statement; one by one if somebody took an address meanwhile."""
    drafts = drafts_of(rows, reading_of(job))
    judge = Judge(job, names_of(job), timezone.now(), first_of_each(drafts))
    judged = judge.judge_all(drafts, known_people(drafts))
    try:
        with transaction.atomic():
            made = User.objects.bulk_create([new_person(one) for one in judged if one.verdict == Verdict.NEW])
    except IntegrityError:
        _one_by_one(job, rows)
        return
    new = iter(made)
    _note_clients(
        job, rows, judged, {one.draft.number: next(new) for one in judged if one.verdict == Verdict.NEW}
    )


def _note_clients(
    job: Import, rows: Sequence[ImportRow], judged: Sequence[Judged], made: dict[int, User]
) -> None:
    """Note on each row what became of it, and fill what is to be filled."""
    first = {one.client_id: one.number for one in _earlier(job, judged)}
    for row, one in zip(rows, judged, strict=True):
        row.verdict, row.why, row.client = one.verdict, one.why, one.client
        if one.draft.number in made:
            row.client, row.made_client = made[one.draft.number], True
        elif one.same_as is not None:
            row.client = made.get(one.same_as)
        elif one.client and one.client.pk in first:
            row.why = because("row_repeats", row=first[one.client.pk])
        if one.client and one.fills:
            row.filled = fill(one.client, one)


def _earlier(job: Import, judged: Sequence[Judged]) -> Sequence[ImportRow]:
    """Return the rows of this import that made the people whom later rows repeat."""
    known = [one.client.pk for one in judged if one.client]
    return (
        list(job.rows.filter(client__in=known, made_client=True).only("number", "client_id")) if known else []
    )


def new_person(one: Judged) -> User:
    """Return a new client, not yet saved: without a password, as a guest who books."""
    draft = one.draft
    person = User(name=draft.name or draft.email, email=draft.email or None, phone=draft.phone)
    person.set_unusable_password()
    return person


def fill(client: User, one: Judged) -> list[str]:
    """Fill empty fields of a client; return those that were. An address that somebody has is not taken."""
    filled = []
    for name in one.fills:
        value = getattr(one.draft, name)
        if name == "email" and User.objects.filter(email=value).exists():
            continue
        if User.objects.filter(
            pk=client.pk, **{f"{name}__in": ["", None]} if name == "phone" else {"email": None}
        ).update(**{name: value}):
            filled.append(name)
    return filled


def _one_by_one(job: Import, rows: Sequence[ImportRow]) -> None:
    """Make each row in a savepoint of its own: one that fails leaves nothing behind, and stops no other."""
    maker = Maker(job, names_of(job), timezone.now())
    maker.lock()
    repeats: dict[int, int] = {}
    for row, draft in zip(rows, drafts_of(rows, reading_of(job)), strict=True):
        judge = Judge(job, maker.names, maker.now, repeats)
        (one,) = judge.judge_all([draft])
        row.verdict, row.why, row.client = one.verdict, one.why, one.client
        if one.verdict == Verdict.NEW:
            maker.make(row, one)
        elif one.client and one.fills:
            row.filled = fill(one.client, one)
