"""PURE. The effect of a changed plan on the emails of one session: what moves, is canceled, or is new."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum

from portal.followups.engine.facts import LAST_DAY, Facts, Plan, Step
from portal.followups.engine.plan import planned
from portal.followups.engine.reasons import Reason
from portal.followups.engine.when import due_of

MOST_STEPS = 12
NEAR_DAYS = 3  # a step so near to one that is gone is the same email, moved


@dataclass(frozen=True)
class PlanStep:
    """A step as a plan has it: without a time `at` it goes at the hour the client prefers."""

    days: int
    at: time | None = None
    stage: str = ""
    variants: tuple[str, ...] = ()

    def for_client(self, hour: time) -> Step:
        """Return the step of a client who prefers this hour."""
        return Step(self.days, self.at or hour, self.stage, self.variants)


class StepsError(StrEnum):
    """A fault of a list of steps."""

    NONE = "none"
    TOO_MANY = "too_many"
    SAME_DAY = "same_day"
    OUTSIDE = "outside"


def fault_of(days: Sequence[int]) -> tuple[StepsError, int] | None:
    """Return what is wrong with a plan of these days, with the day or the count, or None."""
    if not days:
        return StepsError.NONE, 0
    if len(days) > MOST_STEPS:
        return StepsError.TOO_MANY, len(days)
    for place, day in enumerate(days):
        if not 1 <= day <= LAST_DAY:
            return StepsError.OUTSIDE, day
        if day in days[:place]:
            return StepsError.SAME_DAY, day
    return None


@dataclass(frozen=True, kw_only=True)
class StepRow:
    """One step of a session as its row has it.

    `due_at`: of an email that may still be changed, else None. `was_moved`: a guard or a person gave it its
    day. `dropped`: an earlier change of the plan canceled it, so that it may come back.
    """

    step: Step
    due_at: datetime | None = None
    was_moved: bool = False
    dropped: bool = False


class Effect(StrEnum):
    """The effect on one email."""

    MOVED = "moved"
    CANCELED = "canceled"
    NEW = "new"
    TEXT = "text"  # it keeps its time; other texts may be used
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class EmailChange:
    """What becomes of one email. `row`: its place among the rows, None for a new one."""

    effect: Effect
    row: int | None
    step: Step
    before: datetime | None
    after: datetime | None
    reason: Reason


@dataclass(frozen=True)
class _Kept:
    """A step of the new plan, with the waiting row that it has; None for a new email."""

    step: Step
    row: int | None


def changes_of(
    plan: Plan,
    facts: Facts,
    rows: Sequence[StepRow],
    *,
    steps: Iterable[Step],
    moves: Mapping[int, int],
    now: datetime,
) -> list[EmailChange]:
    """Return what the new steps would make of a session's emails, by their time.

    `moves`: days of steps before → after the change. What was sent, is on its way or was called off stays so
    and does not come again. `plan` names the session; its own steps are not read.
    """
    wanted = {step.days: step for step in steps}
    kept, gone = _matched(rows, wanted, moves)
    among = sorted(kept, key=lambda one: one.step.days)
    them = replace(plan, key="the waiting ones", steps=tuple(one.step for one in among))
    days = {
        place: due
        for place, one in enumerate(among)
        if (due := _day_it_keeps(one, rows, them, facts, now)) is not None
    }
    changed = Reason("plan_changed")
    found = []
    for new in planned(them, facts, now=now, moved=days):
        one = among[new.step]
        before = rows[one.row].due_at if one.row is not None else None
        if before is None and new.due_at is None:
            continue  # a step that is added on a day which has passed
        effect = _effect(one, rows, before, new.due_at)
        reason = new.reason if new.due_at else changed
        found.append(
            EmailChange(
                effect=effect, row=one.row, step=one.step, before=before, after=new.due_at, reason=reason
            )
        )
    for place in gone:
        row = rows[place]
        found.append(
            EmailChange(
                effect=Effect.CANCELED,
                row=place,
                step=row.step,
                before=row.due_at,
                after=None,
                reason=changed,
            )
        )
    return sorted(found, key=lambda one: one.after or one.before or now)


def _matched(
    rows: Sequence[StepRow], wanted: Mapping[int, Step], moves: Mapping[int, int]
) -> tuple[list[_Kept], list[int]]:
    """Return the steps that wait or are new, and the places of waiting rows that the plan no longer has."""
    kept: list[_Kept] = []
    gone: list[int] = []
    taken: set[int] = set()
    for place in sorted(range(len(rows)), key=lambda place: rows[place].due_at is not None):
        row = rows[place]
        if row.dropped:
            continue
        days = moves.get(row.step.days, row.step.days)
        if days in wanted and days not in taken:
            taken.add(days)
            if row.due_at:
                kept.append(_Kept(wanted[days], place))
        elif row.due_at:
            gone.append(place)
    open_days = [days for days in wanted if days not in taken]
    near = _near(rows, gone, open_days)
    kept += [_Kept(wanted[days], place) for place, days in near.items()]
    kept += [_Kept(wanted[days], None) for days in open_days if days not in near.values()]
    return kept, [place for place in gone if place not in near]


def _near(rows: Sequence[StepRow], gone: Iterable[int], days: Iterable[int]) -> dict[int, int]:
    """Return which waiting emails become those of a new step a few days away: place → days."""
    found: dict[int, int] = {}
    for place in sorted(gone, key=lambda place: rows[place].step.days):
        free = [one for one in days if one not in found.values()]
        nearest = min(free, key=lambda one: abs(one - rows[place].step.days), default=None)
        if nearest is not None and abs(nearest - rows[place].step.days) <= NEAR_DAYS:
            found[place] = nearest
    return found


def _day_it_keeps(
    one: _Kept, rows: Sequence[StepRow], plan: Plan, facts: Facts, now: datetime
) -> datetime | None:
    """Return the due time of an email that keeps its day although its step says another, or None."""
    if one.row is None:
        return None
    row = rows[one.row]
    if row.step.days != one.step.days:
        return None
    late = due_of(plan, one.step, facts.manner.zone) < now
    return row.due_at if row.was_moved or late else None


def _effect(one: _Kept, rows: Sequence[StepRow], before: datetime | None, after: datetime | None) -> Effect:
    if one.row is None:
        return Effect.NEW
    if after is None:
        return Effect.CANCELED
    if before != after:
        return Effect.MOVED
    row, step = rows[one.row].step, one.step
    same = (row.stage, row.variants) == (step.stage, step.variants)
    return Effect.NONE if same else Effect.TEXT
