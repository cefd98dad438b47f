"""How the sending of an email ended, written on its row: sent, held back, tried again, refused."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from practice.core import wall_time
from practice.core.reasons import Reasons, because
from practice.mail import send_check
from practice.mail.channels.table import transport_of
from practice.mail.channels.transport import Refused
from practice.mail.delivery import refusals
from practice.mail.delivery.claims import TRIES, finish
from practice.mail.kinds import kind_of
from practice.mail.retention import NO_WORDS
from practice.models import Letter

State = Letter.State
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds between tries


def changed(letter: Letter, before: dict[str, Any]) -> dict[str, Any]:
    """Return what the row said before, where it says something else now."""
    return {name: value for name, value in before.items() if getattr(letter, name) != value}


def hold_back(letter: Letter, verdict: send_check.Verdict) -> None:
    """Hold back an email that must not go now, or not at all."""
    if isinstance(verdict, send_check.Postpone):
        waits: dict[str, Any] = {}
        if letter.not_after and verdict.lives_on:  # it lives as long after its new time as after the old one
            waits["not_after"] = letter.not_after + (verdict.due_at - letter.due_at)
        waits["due_wall"] = wall_time.converted(letter.due_wall, verdict.due_at)
        put_back(letter, due_at=verdict.due_at, why=verdict.why, **waits)
    elif isinstance(verdict, send_check.Miss):
        record_end(letter, State.MISSED, verdict.why)
    elif isinstance(verdict, send_check.NeedsPerson):
        record_end(letter, State.FAILED, verdict.why + because("tell_them"))
    elif isinstance(verdict, send_check.Cancel):
        record_end(letter, State.CANCELLED, verdict.why, **purged(letter, verdict))


def put_back(letter: Letter, **how: Any) -> None:
    """Have an email wait again, of which nobody heard: it does not count as a try."""
    finish(letter, state=State.PLANNED, claim=None, attempts=letter.attempts - 1, **how)


def purged(letter: Letter, verdict: send_check.Cancel) -> dict[str, Any]:
    """Return the fields of a canceled email that must be emptied."""
    if not verdict.purge:
        return {}
    gone = NO_WORDS | {"headers": {}, "blanked_at": timezone.now()}
    return gone if letter.user_id else gone | {"to_name": "", "to_address": ""}


def refused(letter: Letter, error: Refused, now: datetime, **back: Any) -> None:
    """Note a final refusal. A dead address is marked; a refusal that is about us marks nobody."""
    if kind_of(letter).is_to_ourselves:
        record_end(letter, State.FAILED, error.why, **back)
        return
    if error.dead_address:
        transport_of(letter).block(letter.to_address, detail=error.said)
        record_end(letter, State.FAILED, error.why, **back)
        return
    record_end(letter, State.FAILED, error.why, refused_at=now, refusal=error.wording, **back)
    refusals.tell_owner(letter, said=str(error), now=now)


def try_again(letter: Letter, why: Reasons, now: datetime, **back: Any) -> None:
    """Plan another try after a pause, or fail after eight. `back`: what the row shall say again."""
    if letter.attempts >= TRIES:
        record_end(letter, State.FAILED, why + because("eight_tries"), **back)
        return
    again = now + pause_after(letter.attempts)
    finish(letter, state=State.PLANNED, claim=None, due_at=again, why=why, **back)


def pause_after(tries: int) -> timedelta:
    """Return the pause: 30 s, 90 s, 4.5 min, 13.5 min, 40 min, 1 h, 1 h, with jitter (3 h in all)."""
    spread = random.uniform(0.75, 1.25)  # noqa: S311  (many letters must not come back in one instant)
    return timedelta(seconds=min(FIRST_PAUSE * 3 ** (tries - 1) * spread, LONGEST_PAUSE))


def record_end(letter: Letter, state: str, why: Reasons, **more: Any) -> None:
    """Write down the end of an email."""
    # An unknown one keeps its claim, see `settle_one_expired`.
    finish(letter, **end_of(letter, state, why, **more))


def end_of(letter: Letter, state: str, why: Reasons, **more: Any) -> dict[str, Any]:
    """Return what the row of an email says when it has ended. A text that holds a secret is not kept."""
    if state == State.FAILED and kind_of(letter).needs_no_person:
        state = State.CANCELLED
    if kind_of(letter).blank_after_sending:
        more |= NO_WORDS | {"blanked_at": timezone.now()}
    return {"state": state, "why": why, **more}
