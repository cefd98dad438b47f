"""PURE. The guards judged as a follow-up leaves: whether it goes, and if not, why and what becomes of it.

The guards are asked at the moment of sending, in the order of `GUARDS`; the first that refuses decides.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.followups.engine import when
from portal.followups.engine.facts import (
    Facts,
    Plan,
    last_answer,
    last_date,
    last_practice,
    pain_open_since,
    unanswered,
)
from portal.followups.engine.reasons import Reason
from portal.followups.engine.stages import TEXTS, Stage, asked_if_useful, named, stage_for, variant_for

MAX_UNANSWERED = 3
STILL_PLAYING = timedelta(minutes=10)
NEAR_SESSION = timedelta(hours=24)
JUST_BOOKED = timedelta(hours=24)


class Outcome(StrEnum):
    """An outcome for an email that is held back."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    MISSED = "missed"


@dataclass(frozen=True)
class SendNow:
    """The verdict that an email goes now, with its assignment, stage and variant of the text."""

    assignment: str
    stage: Stage
    variant: str


@dataclass(frozen=True)
class HeldBack:
    """The verdict that an email does not go now; `due_at` is set when it was moved.

    `list_client`: the practitioner should look at this client.
    """

    outcome: Outcome
    reason: Reason
    due_at: datetime | None = None
    list_client: bool = False


@dataclass(frozen=True)
class Move:
    """A guard's "not before `until`"; the email then goes at its own hour. `params`: all but `due`."""

    code: str
    until: datetime
    params: Mapping[str, object]


HoldReason = HeldBack | Move | None


def decide(
    plan: Plan,
    step: int,
    facts: Facts,
    *,
    now: datetime,
    following: datetime | None = None,
    texts: Mapping[Stage, tuple[str, ...]] = TEXTS,
) -> SendNow | HeldBack:
    """Return whether the email of this step (its place in the plan) goes now, or why not.

    `following`: when the plan's next email is due; a move onto or past it cancels this one, else emails held
    back for weeks would crowd the time after. `texts`: variants of each stage, two or more.
    """
    for prompt in facts.follow_ups():
        if (prompt.plan, prompt.step) == (plan.key, step):
            return _cancelled("already_sent", at=prompt.at)
    for guard in GUARDS:
        refusal = guard(plan, facts, now)
        if isinstance(refusal, Move):
            return _moved(refusal, plan, step, facts, following)
        if refusal:
            return refusal
    stage, about = stage_for(plan, step, facts, now), named(plan, facts)
    assert about is not None  # `_assignment` has refused
    allowed = plan.steps[step].variants
    return SendNow(about, stage, variant_for(texts[stage], facts.prompts, allowed=allowed))


def _account(plan: Plan, facts: Facts, now: datetime) -> HoldReason:
    return None if facts.active else _cancelled("inactive")


def _address(plan: Plan, facts: Facts, now: datetime) -> HoldReason:
    return _cancelled("bounced") if facts.bounced else None


def _consent(plan: Plan, facts: Facts, now: datetime) -> HoldReason:
    return None if facts.consent else _cancelled("no_consent")


def _assignment(plan: Plan, facts: Facts, now: datetime) -> HoldReason:
    if not facts.assignments:
        return _cancelled("assignment_ended")
    if facts.superseded:
        return _cancelled("superseded")
    last = last_date(plan, facts.manner.zone)
    return _cancelled("plan_over", last=last) if now.astimezone(facts.manner.zone).date() > last else None


def _pain(plan: Plan, facts: Facts, now: datetime) -> HoldReason:
    rose = pain_open_since(facts)
    return _cancelled("pain_rose", at=rose) if rose else None


def _answer(plan: Plan, facts: Facts, now: datetime) -> HoldReason:
    count, asked = len(unanswered(plan, facts)), asked_if_useful(plan, facts)
    if count >= MAX_UNANSWERED:
        return _cancelled("no_answer", count=count, since=last_answer(plan, facts), list_client=True)
    return _cancelled("silence", at=asked.at, list_client=True) if asked else None


def _practice(plan: Plan, facts: Facts, now: datetime) -> HoldReason:
    last = last_practice(plan, facts)
    if last is None or now >= last + when.SPACING:
        return None
    over = any(practice.at == last and practice.finished for practice in facts.practices)
    code = "playing" if now - last < STILL_PLAYING and not over else "practised"
    return Move(code, last + when.SPACING, {"at": last})


def _session(plan: Plan, facts: Facts, now: datetime) -> HoldReason:
    starts = facts.next_session
    # Until 18 h after it began too: a session that nobody has wrapped up yet was still a session.
    near = starts is not None and starts - NEAR_SESSION <= now < starts + when.AFTER_SESSION
    return _cancelled("session_near", starts=starts) if near else None


def _booking(plan: Plan, facts: Facts, now: datetime) -> HoldReason:
    last = max(facts.bookings, default=None)
    if last is None or now >= last + JUST_BOOKED:
        return None
    return Move("just_booked", last + JUST_BOOKED, {"at": last})


def _hour(plan: Plan, facts: Facts, now: datetime) -> HoldReason:
    for code, params in when.refusals(plan, facts, now):
        return Move(code, now, params)
    return None


Guard = Callable[[Plan, Facts, datetime], HoldReason]
GUARDS: tuple[Guard, ...] = (
    *(_account, _address, _consent, _assignment),
    *(_pain, _answer, _practice, _session, _booking, _hour),
)


def _cancelled(code: str, *, list_client: bool = False, **params: object) -> HeldBack:
    return HeldBack(Outcome.CANCELLED, Reason(code, params), list_client=list_client)


def _moved(move: Move, plan: Plan, step: int, facts: Facts, following: datetime | None) -> HeldBack:
    """Return the email moved to its own hour, or canceled past the plan's end or the next email's time."""
    due = when.next_allowed(move.until, plan, facts, plan.steps[step].at)
    reason = Reason(move.code, {**move.params, "due": due})
    last = last_date(plan, facts.manner.zone)
    if due.astimezone(facts.manner.zone).date() > last:
        return _cancelled("moved_past_end", because=reason, last=last)
    if following and due >= following:
        return _cancelled("overtaken", because=reason, next=following)
    return HeldBack(Outcome.MOVED, reason, due_at=due)
