"""The letters that would follow a session, before it is signed: the pure planner, asked ahead."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum

from booking.models import Appointment
from portal.followups.facts import Prompt, Step
from portal.followups.gather import Known
from portal.followups.guards import MAX_UNANSWERED
from portal.followups.plan import planned
from portal.followups.stages import Stage, stage_of
from portal.followups.words import why_this
from portal.models import SessionNote
from practice.mail.headers import usable_address
from practice.queries import has_declined_letters, wants_letters


class Asks(Enum):
    """What the wrap-up asks about letters between sessions.

    NOTHING: there can be none, without a client or an address, or since they declined them themselves.
    """

    NOTHING = "nothing"
    FIRST = "for the first time"
    AGAIN_YES = "again, after a yes"
    AGAIN_NO = "again, after a no"


def asks(appointment: Appointment) -> Asks:
    """Whether the practitioner must ask if letters are welcome, or what was answered before.

    No session is signed without an answer: after one that took place, no consent means no.
    """
    client = appointment.client
    if client is None or not usable_address(client.email) or has_declined_letters(client):
        return Asks.NOTHING
    if wants_letters(client):
        return Asks.AGAIN_YES
    signed = SessionNote.objects.filter(appointment__client=client, signed_at__isnull=False)
    before = signed.filter(appointment__state=Appointment.State.COMPLETED).exclude(appointment=appointment)
    return Asks.AGAIN_NO if before.exists() else Asks.FIRST


@dataclass(frozen=True)
class ToFollow:
    """A letter, if nothing is practised until then. `zone` is the client's; `after_sign`: it only goes if
    there was a sign of them by then, since letters stop after three without one, or asked in vain."""

    due_at: dt.datetime
    zone: str
    why_then: str
    why_this: str
    after_sign: bool


def to_follow(known: Known, steps: Sequence[Step], *, now: dt.datetime) -> list[ToFollow]:
    """The letters that these steps would make, by date, were the session of `known` signed now."""
    plan, facts = replace(known.plan, steps=tuple(steps)), known.facts
    if facts.superseded:
        return []
    found: list[ToFollow] = []
    for one in planned(plan, facts, now=now):
        if one.due_at is None:
            continue
        stage = stage_of(plan, facts, one.due_at)
        found.append(
            ToFollow(
                due_at=one.due_at,
                zone=known.zone.key,
                why_then=known.say(one.reason),
                why_this=why_this(stage),
                after_sign=len(found) >= MAX_UNANSWERED or stage is Stage.SILENCE,
            )
        )
        facts = facts.with_prompt(Prompt(at=one.due_at, plan=plan.key, step=one.step, stage=stage))
    return found
