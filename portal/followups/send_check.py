"""The check of a follow-up about to be sent: whether it is still wanted, and its text as of now.

The client's row is the lock of every decision: of two emails due at once, the second knows of the first.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from portal.followups import client_rows
from portal.followups.engine.guards import HeldBack, Outcome
from portal.followups.engine.plan import Waiting
from portal.followups.engine.turn import decide_in_turn, following
from portal.followups.letters import words_when_sent
from portal.followups.loading import PlanFacts, load_facts, plan_key
from portal.models import FollowUp
from practice.core.reasons import because
from practice.mail.send_check import Cancel, Fresh, Miss, Postpone, Send, Verdict
from practice.mail.unsubscribe import unsubscribe_headers
from practice.models import Letter, User
from practice.models.written_queries import update_row
from practice.queries import practitioner_once

State = Letter.State


def lock(client: int | None) -> User | None:
    """Lock and return the client's row: until the transaction ends nobody else decides about their emails."""
    locked: User | None = client_rows.LOCKED.first_object(client=client or 0)
    return locked


@transaction.atomic(savepoint=False)  # around it all that a check notes is undone together anyway
def check_follow_up(letter: Letter, now: datetime) -> Verdict:
    """Judge a follow-up that is about to be sent: send it with its text, move it, or cancel it."""
    follow_up: FollowUp | None = next(iter(client_rows.FOLLOW_UP.objects(letter=letter.pk)), None)
    if follow_up is None or letter.user is None:
        return Cancel(because("follow_up:orphaned"), purge=True)
    client, session = follow_up.client, follow_up.appointment
    session.practitioner = practitioner_once(session.practitioner_id)
    # Of the address as the queue knows it, the queue has asked already.
    known = load_facts(
        session,
        client,
        steps=None,
        made_at=follow_up.made_at,
        now=now,
        apart_from=letter,
        address_is_marked=False if client.email == letter.user.email else None,
    )
    waiting = _unjudged(follow_up, letter, known)
    verdict = decide_in_turn(
        known.plan, follow_up.place, known.facts, letter=letter.pk, waiting=waiting, now=now
    )
    if isinstance(verdict, HeldBack):
        return _held_back(follow_up, verdict, known)
    _note(follow_up, assignment_id=int(verdict.assignment), stage=verdict.stage, variant=verdict.variant)
    assignment = known.assignments[verdict.assignment]
    return Send(
        Fresh(
            words=words_when_sent(
                known,
                assignment,
                verdict.stage,
                verdict.variant,
                now=now,
                following=following(known.plan, letter.pk, waiting),
            ),
            headers=unsubscribe_headers(client),
            from_name=session.practitioner.user.name,
        )
    )


def _unjudged(follow_up: FollowUp, letter: Letter, known: PlanFacts) -> list[Waiting]:
    """Return this email and the client's others that nobody has judged, in the order of the queue."""
    found = [(one.due_at, one.letter, one.appointment) for one in known.others if not one.judged]
    return [
        Waiting(client=follow_up.client_id, letter=pk, due_at=due, plan=plan_key(appointment))
        for due, pk, appointment in sorted([*found, (letter.due_at, letter.pk, follow_up.appointment_id)])
    ]


def _held_back(follow_up: FollowUp, held: HeldBack, known: PlanFacts) -> Verdict:
    """Return the guards' decision as a verdict of the queue; list a client who no longer answers."""
    noted: dict[str, Any] = {"assignment_id": None, "stage": "", "variant": ""}
    if held.list_client and not _is_settled(follow_up, known):
        noted |= {"asks_human": True, "cleared_at": None}
    why = known.kept(held.reason)
    if held.due_at is not None:  # the email's row forgets it once it is sent
        noted["why"] = [*follow_up.why, *why]
    _note(follow_up, **noted)
    if held.outcome is Outcome.MISSED:
        return Miss(why)
    if held.due_at is not None:
        return Postpone(held.due_at, why)
    return Cancel(why)


def _is_settled(follow_up: FollowUp, known: PlanFacts) -> bool:
    """Return whether somebody has looked at this plan's silence, with no follow-up sent since."""
    asked = FollowUp.objects.filter(appointment=follow_up.appointment_id, asks_human=True)
    looked = asked.aggregate(at=Max("cleared_at"))["at"]
    return looked is not None and all(prompt.at <= looked for prompt in known.facts.follow_ups())


def _note(follow_up: FollowUp, **fields: Any) -> None:
    """Save the fields that changed."""
    new = {name: value for name, value in fields.items() if getattr(follow_up, name) != value}
    for name, value in new.items():
        setattr(follow_up, name, value)
    if new:
        update_row(follow_up, new)
