"""Claims on emails: a claim is a token and a lease, and its holder may write how the sending ended.

*Due* is judged by the application's clock (an argument); *leases* by the database's, which all workers share.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Now

from practice.core.reasons import because
from practice.mail.kinds import kind_of
from practice.models import Letter

log = structlog.get_logger(__name__)
State = Letter.State

#: Longer than any one sending: the mail server is given 30 seconds per answer (`EMAIL_TIMEOUT`).
LEASE = timedelta(minutes=5)
TRIES = 8
#: How long the end of a sending is tried to be written down while the database is away: inside the lease.
FINISH_FOR = 240.0


def due(now: datetime, category: str = "", silent: Collection[str] = ()) -> QuerySet[Letter]:
    """Return the emails that should go now, the longest waiting first; none of channels that are silent."""
    letters = Letter.objects.filter(state=State.PLANNED, due_at__lte=now).order_by("due_at", "id")
    if silent:
        letters = letters.exclude(channel__in=silent)
    return letters.filter(category=category) if category else letters


def first_due(now: datetime, category: str = "", silent: Collection[str] = ()) -> int | None:
    """Return the id of the email that goes next; encouragement last, for hundreds may be due at nine."""
    # skip_locked where the engine has it; the others still have the conditional UPDATE.
    letters = due(now, category, silent).select_for_update(skip_locked=True).values_list("pk", flat=True)
    if category:
        return letters.first()
    return letters.exclude(category=Letter.Category.ENCOURAGEMENT).first() or letters.first()


def claim_one(now: datetime, category: str = "", silent: Collection[str] = ()) -> Letter | None:
    """Claim one due email, so that nobody else works on it: committed on return. None when nothing is due.

    `silent`: the channels whose server does not answer; what goes there waits.
    """
    if not due(now, category, silent).exists():  # an idle tick takes no write lock on SQLite
        return None
    token = Letter.new_claim()
    # Durable: inside somebody's transaction, a claim would be undone after the letter went.
    with transaction.atomic(durable=True):
        pk = first_due(now, category, silent)
        if pk is None:
            return None
        Letter.objects.filter(pk=pk, state=State.PLANNED).update(
            state=State.CLAIMED, claim=token, leased_until=Now() + LEASE, attempts=F("attempts") + 1
        )
    return Letter.objects.select_related("user").filter(claim=token).first()


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
        expired.update(state=State.FAILED, claim=None, why=because("always_stopped"))
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
    mine = Letter.objects.filter(pk=letter.pk, claim=letter.claim, state__in=(State.CLAIMED, State.UNKNOWN))
    changed = write_with_retries(lambda: mine.update(leased_until=None, **how))
    if not changed:
        log.error("letter: the claim was lost before its end was noted", letter=letter.pk, kind=letter.kind)
    for name, value in how.items():
        setattr(letter, name, value)
    return bool(changed)


def rewrite(letter: Letter, **how: Any) -> bool:
    """Write other words on an email that is being sent, if the claim is still ours; return whether it was."""
    mine = Letter.objects.filter(pk=letter.pk, claim=letter.claim, state=State.CLAIMED)
    if not write_with_retries(lambda: mine.update(**how)):
        log.error("letter: the claim was lost before it was sent", letter=letter.pk, kind=letter.kind)
        return False
    for name, value in how.items():
        setattr(letter, name, value)
    return True


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
