"""Previews of follow-ups that wait: the text each would have if sent when due. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from booking.models import sealed_at
from portal.followups.engine.facts import Facts, Prompt
from portal.followups.engine.guards import HeldBack, SendNow, decide
from portal.followups.engine.stages import TEXTS, Stage, named, stage_for, stage_of, variant_for
from portal.followups.letters import words_when_sent
from portal.followups.loading import Other, PlanFacts, load_facts
from portal.followups.wording import why_this
from portal.models import FollowUp
from practice.mail.composing.render import Rendered
from practice.mail.queries import WAITING
from practice.models import Letter, User

State = Letter.State


@dataclass(frozen=True)
class Preview:
    """A follow-up as a page shows it.

    `words`: what it would say if it left when due, or what it said; None: nothing is kept, or there is
    nothing to say. The rest are sentences, or empty; `held_back`: why, as things stand and if nothing happens
    until then, it would not go. `changes`: the id of a follow-up that may still be held back,
    sent sooner or canceled.
    """

    words: Rendered | None
    due_at: datetime | None
    why_then: str
    why_this: str
    held_back: str = ""
    changes: int | None = None


def waiting_follow_ups(client: User, *, now: datetime) -> list[FollowUp]:
    """Return the client's follow-ups that still wait, the soonest first."""
    return list(
        FollowUp.objects.filter(client=client, letter__state__in=WAITING)
        .select_related("letter", "appointment__practitioner__user")
        .defer("letter__text", "letter__html", "letter__word", *sealed_at("appointment"))
        .order_by("letter__due_at", "place")
    )


def preview(follow_up: FollowUp, *, now: datetime) -> Preview:
    """Return a follow-up's text if sent when due, why then, and why this one. Changes nothing."""
    letter = follow_up.letter
    if letter is None:
        return Preview(None, None, follow_up.reason, "")
    why_then = letter.reason or follow_up.reason
    if letter.state not in WAITING:
        said = Rendered(letter.subject, letter.text, letter.html)
        went = letter.state in (State.SENT, State.UNKNOWN) and bool(letter.text)
        by_plan = follow_up.stage == follow_up.step_stage
        this = why_this(Stage(follow_up.stage), by_plan=by_plan) if follow_up.stage else ""
        return Preview(said if went else None, letter.due_at, why_then, this)
    known = _facts_of(follow_up, follow_up.client, now=now, apart_from=letter)
    return _foreseen(follow_up, letter, known, known.others, now)


def _facts_of(
    follow_up: FollowUp, client: User, *, now: datetime, apart_from: Letter | None = None
) -> PlanFacts:
    """Return the facts for an existing follow-up, with its plan as it was planned."""
    made_at = follow_up.made_at
    return load_facts(
        follow_up.appointment, client, steps=None, made_at=made_at, now=now, apart_from=apart_from
    )


def previews(client: User, *, now: datetime) -> list[Preview]:
    """Return a preview of each waiting follow-up of this client, the soonest first.

    What they share is read once.
    """
    found: list[Preview] = []
    plans: dict[int, PlanFacts] = {}
    for one in waiting_follow_ups(client, now=now):
        letter = one.letter
        assert letter is not None  # it waits
        if letter.state != State.PLANNED:  # on its way: it must not count as one that went before itself
            found.append(preview(one, now=now))
            continue
        if one.appointment_id not in plans:
            plans[one.appointment_id] = _facts_of(one, client, now=now)
        known = plans[one.appointment_id]
        others = [other for other in known.others if other.letter != letter.pk]
        foreseen = _foreseen(one, letter, known, others, now)
        found.append(replace(foreseen, changes=one.pk))
    return found


def _foreseen(
    follow_up: FollowUp, letter: Letter, known: PlanFacts, others: Iterable[Other], now: datetime
) -> Preview:
    why_then = letter.reason or follow_up.reason
    others = [one for one in others if one.appointment == follow_up.appointment_id]
    due = max(letter.due_at, now)
    known = replace(known, facts=_had_the_earlier_gone(known, others, before=due))
    following = min((one.due_at for one in others if one.due_at > due), default=None)
    verdict = decide(known.plan, follow_up.place, known.facts, now=due, following=following)
    about, stage = named(known.plan, known.facts), stage_for(known.plan, follow_up.place, known.facts, due)
    held = known.say(verdict.reason) if isinstance(verdict, HeldBack) else ""
    why = why_this(stage, by_plan=stage is not stage_of(known.plan, known.facts, due))
    if about is None or stage is Stage.SILENCE:
        return Preview(None, letter.due_at, why_then, why, held)
    allowed = known.plan.steps[follow_up.place].variants
    variant = variant_for(TEXTS[stage], known.facts.prompts, allowed=allowed)
    words = words_when_sent(known, known.assignments[about], stage, variant, now=due, following=following)
    return Preview(words, letter.due_at, why_then, why, held)


def _had_the_earlier_gone(known: PlanFacts, others: Iterable[Other], *, before: datetime) -> Facts:
    """Return the facts as if the earlier waiting emails had been sent, each in its own text."""
    facts = known.facts
    for one in others:
        if one.due_at >= before or one.judged:
            continue
        verdict = decide(known.plan, one.place, facts, now=one.due_at)
        if isinstance(verdict, SendNow):
            facts = facts.with_prompt(
                Prompt(
                    at=one.due_at,
                    plan=known.plan.key,
                    step=one.place,
                    stage=verdict.stage,
                    variant=verdict.variant,
                )
            )
    return facts


def words_when_due(letter: Letter, now: datetime) -> Rendered | None:
    """Return the text a waiting follow-up would have, for the emails page; None when it is no follow-up."""
    follow_up = (
        FollowUp.objects.filter(letter=letter)
        .select_related("letter", "client", "appointment__practitioner__user")
        .defer("letter__text", "letter__html", "letter__word", *sealed_at("appointment"))
        .first()
    )
    return preview(follow_up, now=now).words if follow_up else None
