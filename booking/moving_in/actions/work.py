"""The worker's part: claim an import, do some portions of it, let it go.

Each portion is one transaction that holds its rows and its position: after a kill the next worker goes on
behind the last one. A claim is a token with a lease by the database's clock; who finds another one stops.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone

from booking.models import Import
from booking.moving_in.actions import check, run, undo

State = Import.State
LEASE = timedelta(minutes=5)
#: After so many tries that did not end, an import that breaks its worker each time is stopped.
MOST_TRIES = 5
PORTIONS = 200
#: Does one portion of a claimed import; False: nothing is left.
Portion = Callable[[], bool]
log = structlog.get_logger(__name__)


class Lost(Exception):
    """Raised when an import is no longer ours: it was stopped, or our lease ran out and another took it."""


def work_on_next(*, portions: int = PORTIONS, pause: float = 0.0) -> bool:
    """Do up to so many portions of the import that waits longest; False: none waits, or somebody has it.

    `pause`: seconds between two portions, in which others can write where there is one writer at a time.
    """
    job = claim_next()
    if job is None:
        return False
    try:
        portion = portion_of(job)
        for _number in range(portions):
            if not portion():
                break
            time.sleep(pause)
    except Lost:
        log.info("an import went on without us", job=job.pk)
    finally:
        Import.objects.filter(pk=job.pk, claim=job.claim).update(claim="", leased_until=None)
    return True


def claim_next() -> Import | None:
    """Claim the import that waits longest: committed on return. One that broke too often is stopped."""
    free = Q(state__in=Import.AT_WORK) & (Q(leased_until=None) | Q(leased_until__lt=Now()))
    job = Import.objects.filter(free).order_by("created_at", "pk").first()
    if job is None:
        return None
    if job.tries >= MOST_TRIES:
        _give_up(job)
        return None
    token = secrets.token_hex(16)
    mine = Import.objects.filter(free, pk=job.pk, tries=job.tries)
    if not mine.update(claim=token, leased_until=Now() + LEASE, tries=F("tries") + 1):
        return None
    return Import.objects.filter(pk=job.pk, claim=token).first()


def _give_up(job: Import) -> None:
    """Stop an import that never gets further: its owner sees how far it came."""
    ends = {State.CHECKING: State.MATCHING, State.RUNNING: State.STOPPED, State.UNDOING: State.STOPPED}
    log.error("an import was given up", job=job.pk, state=job.state)
    Import.objects.filter(pk=job.pk, state=job.state, tries=job.tries).update(
        state=ends[State(job.state)], claim="", leased_until=None, ended_at=timezone.now()
    )


def portion_of(job: Import) -> Portion:
    """Return what does the next portion of a claimed import."""
    if job.state == State.CHECKING:
        checked = check.prepare(job)
        return lambda: _portion(job, lambda row: check.store_next(row, checked))
    if job.state == State.RUNNING:
        return lambda: _portion(job, run.import_next)
    return lambda: _portion(job, undo.undo_next)


def _portion(job: Import, do: Callable[[Import], bool]) -> bool:
    with _held(job) as row:
        return do(row)


@contextmanager
def _held(job: Import) -> Iterator[Import]:
    """Lock the import for one portion, if it is still ours, and prolong its lease. Raises Lost."""
    with transaction.atomic():
        row = (
            Import.objects.select_for_update(no_key=True)
            .filter(pk=job.pk, claim=job.claim, state=job.state)
            .first()
        )
        if row is None:
            raise Lost
        yield row
        # A portion that was done is no failed try: only those without any progress count.
        Import.objects.filter(pk=job.pk).update(leased_until=Now() + LEASE, tries=0)
