"""What the owner starts and stops: checking, importing, undoing. The worker does the rest."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from booking.models import Import
from booking.moving_in.actions.upload import in_state

State = Import.State


def start_check(job: Import) -> None:
    """Have the rows checked: nothing is imported yet. Raises NotReady."""
    _move(job, State.CHECKING, State.MATCHING)


def match_again(job: Import) -> None:
    """Go back to the columns; what was found out about the rows is forgotten. Raises NotReady."""
    with transaction.atomic():
        row = in_state(job, State.CHECKED, State.CHECKING)
        row.rows.all().delete()
        _into(row, State.MATCHING)


def start_import(job: Import) -> None:
    """Have the rows imported. Their file is no longer needed: the rows hold its cells. Raises NotReady."""
    with transaction.atomic():
        row = in_state(job, State.CHECKED)
        row.content = ""
        row.save(update_fields=["content"])
        _into(row, State.RUNNING)


def stop(job: Import, *, now: datetime) -> None:
    """Stop an import that runs: what it made stays, and can be undone. Raises NotReady."""
    with transaction.atomic():
        row = in_state(job, State.RUNNING)
        row.state, row.ended_at, row.claim = State.STOPPED, now, ""
        row.save(update_fields=["state", "ended_at", "claim"])


def resume(job: Import) -> None:
    """Go on with an import that was stopped, after the last row that is done. Raises NotReady."""
    with transaction.atomic():
        row = in_state(job, State.STOPPED)
        row.state, row.ended_at, row.tries, row.leased_until = State.RUNNING, None, 0, None
        row.save(update_fields=["state", "ended_at", "tries", "leased_until"])


def start_undo(job: Import) -> None:
    """Have everything removed that it made and nobody has used since. Raises NotReady."""
    _move(job, State.UNDOING, State.DONE, State.STOPPED)


def discard(job: Import) -> None:
    """Remove an import that has made nothing. Raises NotReady."""
    with transaction.atomic():
        in_state(job, State.MATCHING, State.CHECKING, State.CHECKED).delete()


def _move(job: Import, to: str, *states: str) -> None:
    with transaction.atomic():
        _into(in_state(job, *states), to)


def _into(row: Import, state: str) -> None:
    """Let the worker begin at the first row; whoever worked on it before has lost its claim."""
    row.state, row.position, row.claim, row.leased_until, row.tries = state, 0, "", None, 0
    row.save(update_fields=["state", "position", "claim", "leased_until", "tries"])
