"""PURE. The content of a follow-up: its assignment, the client's stage with it, and the text variant."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from portal.followups.engine.facts import Facts, Plan, PracticeEntryFact, Prompt, last_answer, unanswered

QUIET_AFTER = timedelta(days=14)
MANY_TIMES = 3


class Stage(StrEnum):
    """A stage in the client's practice; each has a template with variants, except silence."""

    ASSIGNED = "assigned"  # not opened
    OPENED = "opened"  # not finished
    FINISHED = "finished"  # once or twice: again, what is different?
    OFTEN = "often"  # three times: praise, more space
    QUIET = "quiet"  # 14 days: still useful? pause, keep, ask
    SILENCE = "silence"


# The names of the texts: stage and variant. At least two each, so that none must follow itself.
TEXTS: Mapping[Stage, tuple[str, ...]] = MappingProxyType(
    {stage: tuple(f"{stage}-{name}" for name in "abc") for stage in Stage if stage is not Stage.SILENCE}
)


def named(plan: Plan, facts: Facts) -> str | None:
    """Return the assignment to name: the first not practiced, else not finished, else the first.

    None when all have ended.
    """
    practised = {practice.assignment for practice in _since(plan, facts)}
    finished = {practice.assignment for practice in _since(plan, facts) if practice.finished}
    for done in (practised, finished):
        for assignment in facts.assignments:
            if assignment not in done:
                return assignment
    return next(iter(facts.assignments), None)


def stage_of(plan: Plan, facts: Facts, now: datetime) -> Stage:
    """Return the stage of the assignment that an email would name at `now`."""
    if asked_if_useful(plan, facts):
        return Stage.SILENCE
    # Of a session wrapped up late, what is to be done at home is known since then only.
    if now - max(last_answer(plan, facts), plan.made_at) >= QUIET_AFTER:
        return Stage.QUIET
    about = named(plan, facts)
    entries = [practice for practice in _since(plan, facts) if practice.assignment == about]
    times = sum(practice.finished for practice in entries)
    if not entries:
        return Stage.ASSIGNED
    if not times:
        return Stage.OPENED
    return Stage.OFTEN if times >= MANY_TIMES else Stage.FINISHED


def asked_if_useful(plan: Plan, facts: Facts) -> Prompt | None:
    """Return the email that asked "still useful?" and has no answer yet, or None."""
    return next((prompt for prompt in unanswered(plan, facts) if prompt.stage == Stage.QUIET), None)


def variant_for(variants: Sequence[str], prompts: Iterable[Prompt]) -> str:
    """Return the next variant in turn, never the text of the email before.

    Raises ValueError for fewer than two different variants: one would have to follow itself.
    """
    variants = list(dict.fromkeys(variants))
    if len(variants) < 2:
        raise ValueError("a text needs at least two variants")
    sent = [prompt.variant for prompt in sorted(prompts, key=lambda one: one.at)]
    here = [variant for variant in sent if variant in variants]
    return variants[(variants.index(here[-1]) + 1) % len(variants)] if here else variants[0]


def _since(plan: Plan, facts: Facts) -> list[PracticeEntryFact]:
    return [practice for practice in facts.practices if practice.at > plan.session_ended_at]
