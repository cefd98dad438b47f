"""PURE. The due times of a plan's emails, and which of several overdue ones may still go."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time

from portal.followups.engine.facts import DeliveryWindow, Facts, Plan, Prompt, last_date
from portal.followups.engine.guards import HeldBack, Outcome
from portal.followups.engine.reasons import Reason
from portal.followups.engine.when import at_hour, due_of, first_at, next_allowed, refusals


@dataclass(frozen=True)
class Planned:
    """A step (its place in the plan) and its due time, or None for no email; `reason` says why."""

    step: int
    due_at: datetime | None
    reason: Reason


def planned(
    plan: Plan, facts: Facts, *, now: datetime, moved: Mapping[int, datetime] | None = None
) -> list[Planned]:
    """Return each step that was not sent yet with its due time in the client's zone, the earliest first.

    Also used when zone or preferences change: what was sent stays so, and a step in `moved` (place in the
    plan → the due time that it has) goes at its hour on that day, or at the next allowed one. No email for a
    date that has passed, none after week 6, and the minimum distances hold between planned emails too.
    """
    gone = {prompt.step for prompt in facts.follow_ups() if prompt.plan == plan.key}
    wished = {place: due_of(plan, step, facts.manner.zone) for place, step in enumerate(plan.steps)}
    for place, due in (moved or {}).items():
        wished[place] = _on_its_day(due, plan.steps[place].at, facts.manner, max(now, plan.made_at))
    found = []
    for place in sorted(wished.keys() - gone, key=lambda place: wished[place]):
        one = _planned(plan, place, wished[place], facts, max(now, plan.made_at))
        found.append(one)
        if one.due_at:
            facts = facts.with_prompt(Prompt(at=one.due_at))
    return found


def _on_its_day(due: datetime, at: time, manner: DeliveryWindow, now: datetime) -> datetime:
    """Return the hour `at` on the day of `due`; where that has passed, the next time of that hour."""
    found = at_hour(due.astimezone(manner.zone).date(), at, manner.zone)
    return found if found >= now else first_at(now, manner, at)


def _planned(plan: Plan, place: int, wished: datetime, facts: Facts, now: datetime) -> Planned:
    if wished < now:
        return Planned(place, None, Reason("past_date", {"due": wished}))
    against = next(refusals(plan, facts, wished), None)
    due = next_allowed(wished, plan, facts, plan.steps[place].at) if against else wished
    last = last_date(plan, facts.manner.zone)
    if due.astimezone(facts.manner.zone).date() > last:
        return Planned(place, None, Reason("plan_over", {"last": last}))
    if against:
        code, params = against
        return Planned(place, due, Reason(code, {**params, "due": due}))
    return Planned(place, due, Reason("as_planned", {"days": plan.steps[place].days}))


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A follow-up that has not been sent: its client, its email, its due time and the name of its plan."""

    client: Hashable
    letter: Hashable
    due_at: datetime
    plan: str = ""


def missed(waiting: Iterable[Waiting], *, now: datetime) -> dict[Hashable, HeldBack]:
    """Return the overdue emails that must not be judged any more.

    After an outage only the last that fell due for a client is judged: a burst of old ones helps nobody.
    """
    due = sorted((one for one in waiting if one.due_at <= now), key=lambda one: one.due_at)
    newest = {one.client: one for one in due}
    return {
        one.letter: HeldBack(
            Outcome.MISSED, Reason("worker_away", {"due": one.due_at, "next": newest[one.client].due_at})
        )
        for one in due
        if one is not newest[one.client]
    }
