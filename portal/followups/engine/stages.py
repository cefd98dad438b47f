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
#: Which stage's texts a step may ask for, and of whom each is true. After two weeks without a word from the
#: client the question whether the emails are still useful comes first.
CHOSEN: Mapping[Stage, frozenset[Stage]] = MappingProxyType(
    {
        Stage.ASSIGNED: frozenset({Stage.ASSIGNED, Stage.OPENED, Stage.FINISHED, Stage.OFTEN}),
        Stage.FINISHED: frozenset({Stage.FINISHED, Stage.OFTEN}),
    }
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


def stage_for(plan: Plan, place: int, facts: Facts, now: datetime) -> Stage:
    """Return the stage whose text the step at `place` has at `now`: its own choice where that is true."""
    theirs, wished = stage_of(plan, facts, now), plan.steps[place].stage
    return next((stage for stage, of in CHOSEN.items() if stage == wished and theirs in of), theirs)


def asked_if_useful(plan: Plan, facts: Facts) -> Prompt | None:
    """Return the email that asked "still useful?" and has no answer yet, or None."""
    return next((prompt for prompt in unanswered(plan, facts) if prompt.stage == Stage.QUIET), None)


def variant_for(variants: Sequence[str], prompts: Iterable[Prompt], *, allowed: Sequence[str] = ()) -> str:
    """Return the next variant in turn, never the text of the email before.

    `allowed`: those that may be used; without one of these variants in it, all. Where the only allowed one
    would follow itself, the next of the others goes. Raises ValueError for fewer than two different variants:
    one would have to follow itself.
    """
    variants = list(dict.fromkeys(variants))
    if len(variants) < 2:
        raise ValueError("a text needs at least two variants")
    sent = [prompt.variant for prompt in sorted(prompts, key=lambda one: one.at) if prompt.variant]
    here = [variant for variant in sent if variant in variants]
    after = variants.index(here[-1]) + 1 if here else 0
    in_turn = (*variants[after:], *variants[:after])
    fresh = [one for one in in_turn if [one] != sent[-1:]]
    return next((one for one in fresh if one in allowed), fresh[0])


def _since(plan: Plan, facts: Facts) -> list[PracticeEntryFact]:
    return [practice for practice in facts.practices if practice.at > plan.session_ended_at]
