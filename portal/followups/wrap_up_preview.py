"""A preview of the emails that would follow a session, before its wrap-up is signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace
from enum import Enum

from booking.models import Appointment
from portal.followups.engine.facts import Prompt, Step
from portal.followups.engine.guards import MAX_UNANSWERED
from portal.followups.engine.plan import planned
from portal.followups.engine.stages import TEXTS, Stage, named, stage_for, stage_of, variant_for
from portal.followups.letters import words_when_sent
from portal.followups.loading import PlanFacts
from portal.followups.wording import why_this
from portal.models import Assignment, SessionNote
from practice.mail.composing.headers import usable_address
from practice.mail.composing.render import Rendered
from practice.queries import has_declined_letters, wants_letters


class EmailQuestion(Enum):
    """A question of the wrap-up about emails between sessions.

    NOTHING: there can be none, without a client or an address, or since they declined them themselves.
    """

    NOTHING = "nothing"
    FIRST = "for the first time"
    AGAIN_YES = "again, after a yes"
    AGAIN_NO = "again, after a no"


def email_question(appointment: Appointment) -> EmailQuestion:
    """Return whether the practitioner must ask if emails are welcome, or what the client answered before.

    No session is signed without an answer: after one that took place, no consent means no.
    """
    client = appointment.client
    if client is None or not usable_address(client.email) or has_declined_letters(client):
        return EmailQuestion.NOTHING
    if wants_letters(client):
        return EmailQuestion.AGAIN_YES
    signed = SessionNote.objects.filter(appointment__client=client, signed_at__isnull=False)
    before = signed.filter(appointment__state=Appointment.State.COMPLETED).exclude(appointment=appointment)
    return EmailQuestion.AGAIN_NO if before.exists() else EmailQuestion.FIRST


@dataclass(frozen=True)
class ExpectedEmail:
    """A follow-up to expect if nothing is practiced until then; `zone` is the client's.

    `after_sign`: it only goes if there was a sign of them by then, since emails stop after three without one,
    or asked in vain. `words`: the text it would have about what goes home now; None where nothing does, or it
    is too far ahead to say.
    """

    due_at: dt.datetime
    zone: str
    why_then: str
    why_this: str
    after_sign: bool
    words: Rendered | None = None


def as_written(known: PlanFacts, given: Sequence[Assignment], *, plan: str, obstacle: str) -> PlanFacts:
    """Return the facts as if a page with these assignments, in order, and this plan were signed.

    Of `given`, what the client has not had yet are rows that no database knows.
    """
    had = {(one.lesson_id, one.exercise_id): key for key, one in known.assignments.items()}
    there = {
        had.get((one.lesson_id, one.exercise_id), f"new-{number}"): one for number, one in enumerate(given)
    }
    page = copy(known.page)
    page.plan, page.obstacle = plan, obstacle
    facts = replace(known.facts, assignments=tuple(there))
    return replace(known, page=page, assignments=there, facts=facts)


def expected_emails(known: PlanFacts, steps: Sequence[Step], *, now: dt.datetime) -> list[ExpectedEmail]:
    """Return the emails these steps would make, by date, if the session of `known` were signed now."""
    plan, facts = replace(known.plan, steps=tuple(steps)), known.facts
    if facts.superseded:
        return []
    found: list[ExpectedEmail] = []
    for one in planned(plan, facts, now=now):
        if one.due_at is None:
            continue
        theirs = stage_of(plan, facts, one.due_at)
        stage = stage_for(plan, one.step, facts, one.due_at)
        after_sign = len(found) >= MAX_UNANSWERED or stage is Stage.SILENCE
        about = None if after_sign else named(plan, facts)
        allowed = plan.steps[one.step].variants
        variant = variant_for(TEXTS[stage], facts.prompts, allowed=allowed) if about else ""
        then = replace(known, plan=plan, facts=facts)
        found.append(
            ExpectedEmail(
                due_at=one.due_at,
                zone=known.zone.key,
                why_then=known.say(one.reason),
                why_this=why_this(stage, by_plan=stage is not theirs),
                after_sign=after_sign,
                words=words_when_sent(then, known.assignments[about], stage, variant, now=one.due_at)
                if about
                else None,
            )
        )
        facts = facts.with_prompt(
            Prompt(at=one.due_at, plan=plan.key, step=one.step, stage=stage, variant=variant)
        )
    return found
