"""Claims on emails: a claim is a token and a lease, and its holder may write how the sending ended.

*Due* is judged by the application's clock (an argument); *leases* by the database's, which all workers share.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from functools import cache, reduce
from itertools import chain
from typing import Any
from uuid import UUID

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import QuerySet
from django.db.models.functions import Now

from practice.core.reasons import because
from practice.mail.kinds import KINDS, kind_of
from practice.models import Letter, User
from practice.models.written_queries import WrittenOnce, update_row

log = structlog.get_logger(__name__)
State, ENCOURAGEMENT = Letter.State, Letter.Category.ENCOURAGEMENT

#: Longer than any one sending: the mail server is given 30 seconds per answer (`EMAIL_TIMEOUT`).
LEASE = timedelta(minutes=5)
TRIES = 8
#: How long the end of a sending is tried to be written down while the database is away: inside the lease.
FINISH_FOR = 240.0


#: The end of a lease by the database's clock, as `Now()` and Django's columns write it.
LEASE_ENDS = {
    "postgresql": f"STATEMENT_TIMESTAMP() + INTERVAL '{LEASE.seconds} seconds'",
    "sqlite": f"STRFTIME('%%Y-%%m-%%d %%H:%%M:%%f', 'now', '+{LEASE.seconds} seconds')",
}
#: Of two senders at once, the second takes the next row; SQLite has one writer at a time.
NEXT_ROW = {"postgresql": "FOR UPDATE SKIP LOCKED", "sqlite": ""}
#: What a claim reads: every column, the words last.
COLUMNS: list[Any] = [one for one in Letter._meta.concrete_fields if one.name not in Letter.WORDS]
READ_AT_ONCE = ", ".join([*(one.column for one in COLUMNS), *Letter.WORDS])
_USER = WrittenOnce(lambda pk: User.objects.filter(pk=pk), pk=-11)


def due(now: datetime, category: str = "", silent: Collection[str] = ()) -> QuerySet[Letter]:
    """Return the emails that should go now, the longest waiting first; none of channels that are silent."""
    letters = Letter.objects.filter(state=State.PLANNED, due_at__lte=now).order_by("due_at", "id")
    if silent:
        letters = letters.exclude(channel__in=silent)
    # The second condition follows from the first: SQLite needs it to see that `letter_due_first` holds them.
    return letters.filter(category=category).exclude(category=ENCOURAGEMENT) if category else letters


def claim_one(
    now: datetime,
    category: str = "",
    silent: Collection[str] = (),
    *,
    in_hand: Collection[Letter] = (),
    look_first: bool = True,
) -> Letter | None:
    """Claim one due email, so that nobody else works on it: committed on return. None when nothing is due.

    `look_first`: read before writing, so that an idle tick takes no write lock on SQLite; for a caller who
    expects an email to be there, that is one query too many. The rest: `claim_next`.
    """
    if look_first and not due(now, category, silent).exists():
        return None
    # Durable: inside somebody's transaction, a claim would be undone after the letter went. A transaction,
    # although it is one statement: PostgreSQL carries out what waits there even for a sender that was killed.
    with transaction.atomic(durable=True):
        return claim_next(now, category, silent, in_hand=in_hand)


def claim_next(
    now: datetime, category: str = "", silent: Collection[str] = (), *, in_hand: Collection[Letter] = ()
) -> Letter | None:
    """Claim one due email in the caller's transaction. None when nothing is due.

    Encouragement comes last, for hundreds may be due at nine. `silent`: the channels whose server does not
    answer; what goes there waits. `in_hand`: what is being sent already; nothing is claimed that goes to the
    same person or is about the same appointment, so that those arrive in their order, and nothing that is not
    sent again when its sender was killed: a kill leaves one of those in doubt at most.
    """
    left_out: dict[str, list[Any]] = {
        "channel": list(silent),
        "COALESCE(user_id, 0)": [one.user_id for one in in_hand if one.user_id],
        "about": [one.about for one in in_hand if one.about],
        "kind": [name for name, kind in KINDS.items() if in_hand and not kind.resend_when_unsure],
    }
    sql, params = claiming(now, Letter.new_claim(), category, left_out, urgent_only=bool(in_hand))
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = cursor.fetchall()
    return as_letter(rows[0]) if rows else None


def read_reader(letter: Letter) -> None:
    """Read the account of an email's reader, unless it is there."""
    if letter.user_id and not Letter._meta.get_field("user").is_cached(letter):
        letter.user = _USER.first_object(pk=letter.user_id)


def claiming(
    now: datetime,
    claim: UUID,
    category: str,
    left_out: Mapping[str, list[Any]],
    *,
    urgent_only: bool = False,
) -> tuple[str, list[Any]]:
    """Return the one statement that finds a due email, claims it and reads it, with its parameters.

    `left_out`: column → values that it must not have. `urgent_only`: no encouragement. Written by hand, since
    Django has no RETURNING for an update: by its own means this takes five queries, and half of the time that
    an email costs us.
    """
    engine, only = connection.vendor, "AND category = %s" if category else ""
    others = " ".join(
        f"AND {column} NOT IN ({', '.join(['%s'] * len(values))})"
        for column, values in left_out.items()
        if values
    )

    def first(which: str) -> str:
        return f"""(
            SELECT id FROM practice_letter
            WHERE state = 'planned' AND due_at <= %s {which} {only} {others}
            ORDER BY due_at, id LIMIT 1 {NEXT_ROW[engine]}
        )"""  # noqa: S608  (words of ours; what varies is a parameter)

    # The same words as in the index `letter_due_first`, or SQLite does not see that it holds these rows.
    urgent = first("AND NOT (category = 'encouragement')")
    one_place = category or urgent_only
    chosen_id = urgent if one_place else f"COALESCE({urgent}, {first('')})"
    sql = f"""
        UPDATE practice_letter
        SET state = 'claimed', claim = %s, attempts = attempts + 1, leased_until = {LEASE_ENDS[engine]}
        WHERE id = {chosen_id} AND state = 'planned'
        RETURNING {READ_AT_ONCE}
    """  # noqa: S608
    chosen = [_prepared("due_at", now), *([category] if category else []), *chain(*left_out.values())]
    return sql, [_prepared("claim", claim), *chosen * (1 if one_place else 2)]


def as_letter(row: tuple[Any, ...]) -> Letter:
    """Return a row that was read by its claim as an email.

    Its words stay as they rest until they are wanted, since to open them needs their key (`open_words`).
    """
    values = [
        reduce(lambda value, convert: convert(value, None, connection), converters, value)
        for value, converters in zip(row, _converters(connection.vendor))
    ]
    letter = Letter.from_db(connection.alias, [one.attname for one in COLUMNS], values)
    for name, sealed in zip(Letter.WORDS, row[len(COLUMNS) :], strict=True):
        setattr(letter, f"sealed_{name}", sealed)
    return letter


@cache
def _converters(vendor: str) -> list[list[Callable[..., Any]]]:
    """Return for each column what makes of its value the one that a model has."""
    columns = [one.get_col(Letter._meta.db_table) for one in COLUMNS]
    return [[*connection.ops.get_db_converters(one), *one.get_db_converters(connection)] for one in columns]


def _prepared(name: str, value: Any) -> Any:
    """Return a value of this field as the database takes it."""
    field: Any = Letter._meta.get_field(name)
    return field.get_db_prep_value(value, connection)


def settle_one_expired(now: datetime) -> bool:
    """Settle one email whose sender is gone: planned, *unknown* or *failed*, by its kind. False: none."""
    letter = Letter.objects.filter(state=State.CLAIMED, leased_until__lt=Now()).first()
    if letter is None:
        return False
    # Still as I saw it: the sender may come back to life, or somebody else may settle it first.
    expired = Letter.objects.filter(
        pk=letter.pk, state=State.CLAIMED, claim=letter.claim, leased_until__lt=Now()
    )
    if not kind_of(letter).resend_when_unsure:
        # The claim stays: a sender that was only slow may still say how it ended.
        expired.update(state=State.UNKNOWN, why=because("sender_stopped") + because("may_have_gone"))
    elif letter.attempts >= TRIES:
        end = State.CANCELLED if kind_of(letter).needs_no_person else State.FAILED
        expired.update(state=end, claim=None, why=because("always_stopped"))
    else:
        expired.update(
            state=State.PLANNED,
            claim=None,
            leased_until=None,
            due_at=now,
            why=because("sender_stopped") + because("sent_once_more"),
        )
    log.warning("letter: lease expired", letter=letter.pk, kind=letter.kind, attempts=letter.attempts)
    return True


def finish(letter: Letter, **how: Any) -> bool:
    """Write down how a claimed email ended, if the claim is still ours; return whether it was.

    Tried again while the database is away: an email that went and is not noted would go twice.
    """
    return _ended(letter, write_with_retries(lambda: _write_end(letter, how)), how)


def finish_and_claim(
    letter: Letter, how: Mapping[str, Any], claim: Callable[[], Letter | None]
) -> Letter | None:
    """Write down how a claimed email ended and claim the next one, in one transaction; return the latter.

    So both wait for the disk once. If it raises, neither is done: the end is then written alone (`finish`),
    for it must never be lost because nothing could be claimed.
    """
    with transaction.atomic(durable=True):
        changed = _write_end(letter, how)
        following = claim()
    _ended(letter, changed, how)
    return following


def _write_end(letter: Letter, how: Mapping[str, Any]) -> int:
    states = f"state IN ('{State.CLAIMED}', '{State.UNKNOWN}')"
    return _write_mine(letter, states, {"leased_until": None, **how})


def _ended(letter: Letter, changed: int, how: Mapping[str, Any]) -> bool:
    """Have an email in memory say what was written; return whether its claim was still ours."""
    if not changed:
        log.error("letter: the claim was lost before its end was noted", letter=letter.pk, kind=letter.kind)
    for name, value in how.items():
        setattr(letter, name, value)
    return bool(changed)


def rewrite(letter: Letter, **how: Any) -> bool:
    """Write other words on an email that is being sent, if the claim is still ours; return whether it was."""
    if not write_with_retries(lambda: _write_mine(letter, f"state = '{State.CLAIMED}'", how)):
        log.error("letter: the claim was lost before it was sent", letter=letter.pk, kind=letter.kind)
        return False
    for name, value in how.items():
        setattr(letter, name, value)
    return True


def _write_mine(letter: Letter, states: str, how: Mapping[str, Any]) -> int:
    claim = _prepared("claim", letter.claim)
    return update_row(letter, how, only_if=f"claim = %s AND {states}", params=[claim])


def write_with_retries(write: Callable[[], int], *, patience: float = FINISH_FOR) -> int:
    """Write, again and again while the database is away; raise its last error after `patience` seconds."""
    give_up = time.monotonic() + patience
    pause = 0.1
    while True:
        try:
            return write()
        except (OperationalError, InterfaceError):
            if time.monotonic() + pause > give_up or connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(pause)
            pause = min(pause * 2, 5.0)
