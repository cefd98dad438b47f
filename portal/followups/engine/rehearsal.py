"""PURE. A rehearsal: the emails a client would get, event by event, by the rules that send the real ones.

Times are planned by `planned` and emails decided by `decide_in_turn`, as in the queue; the worker is on time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from portal.followups.engine.behavior import REPLY_AFTER, Act, Happening, reply
from portal.followups.engine.facts import Facts, Plan, Prompt
from portal.followups.engine.guards import HeldBack, SendNow
from portal.followups.engine.plan import Waiting, planned
from portal.followups.engine.reasons import Reason
from portal.followups.engine.stages import TEXTS, Stage
from portal.followups.engine.turn import decide_in_turn, following


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An email that fell due: its place in the plan, the verdict, and the facts behind it.

    `why_then`: the reason for this moment, or None where only the email's own row says it. `following`: when
    the plan's next email is due.
    """

    at: datetime
    step: int
    verdict: SendNow | HeldBack
    facts: Facts
    why_then: Reason | None = None
    following: datetime | None = None


@dataclass(frozen=True)
class Acted:
    """An act of the client, at its moment."""

    at: datetime
    act: Act


@dataclass(frozen=True)
class NeverPlanned:
    """A step that gets no email from the start, and why."""

    at: datetime
    step: int
    why: Reason


Event = Judged | Acted | NeverPlanned


@dataclass
class Rehearsal:
    """A rehearsal under way: `facts` and `waiting` (place in the plan → due time) as they are so far."""

    plan: Plan
    facts: Facts
    waiting: dict[int, datetime]
    why_then: dict[int, Reason] = field(default_factory=dict)
    texts: Mapping[Stage, tuple[str, ...]] = field(default_factory=lambda: TEXTS)
    events: list[Event] = field(default_factory=list)

    def run(
        self, acts: Iterable[Happening], *, start: datetime, until: datetime, replies: bool = False
    ) -> None:
        """Let everything happen from `start` on and before `until`; an act comes before an email due then."""
        coming = sorted(acts, key=lambda one: one.at, reverse=True)  # the next one is last
        while True:
            due = max(start, min(self.waiting.values(), default=until))
            if coming and coming[-1].at <= due and coming[-1].at < until:
                self._act(coming.pop())
            elif due < until:
                sent = any(isinstance(verdict, SendNow) for verdict in self._judge_due(due))
                if replies and sent:
                    coming = sorted([*coming, reply(due + REPLY_AFTER)], key=lambda one: one.at, reverse=True)
            else:
                return

    def _act(self, happening: Happening) -> None:
        self.facts = happening.change(self.facts)
        self.events.append(Acted(happening.at, happening.act))

    def _judge_due(self, now: datetime) -> list[SendNow | HeldBack]:
        """Judge each email that is due at `now`, in the order of the queue, and return the verdicts."""
        due = sorted((at, step) for step, at in self.waiting.items() if at <= now)
        return [self._judge(step, now) for _, step in due]

    def _judge(self, step: int, now: datetime) -> SendNow | HeldBack:
        key = self.plan.key
        queue = [
            Waiting(client="", letter=place, due_at=at, plan=key)
            for at, place in sorted((at, place) for place, at in self.waiting.items())
        ]
        verdict = decide_in_turn(
            self.plan, step, self.facts, letter=step, waiting=queue, now=now, texts=self.texts
        )
        self.events.append(
            Judged(
                at=now,
                step=step,
                verdict=verdict,
                facts=self.facts,
                why_then=self.why_then.get(step),
                following=following(self.plan, step, queue) if isinstance(verdict, SendNow) else None,
            )
        )
        self._apply(step, verdict, now)
        return verdict

    def _apply(self, step: int, verdict: SendNow | HeldBack, now: datetime) -> None:
        """Let the email go, wait for its new time, or be called off."""
        del self.waiting[step]
        if isinstance(verdict, SendNow):
            self.facts = self.facts.with_prompt(
                Prompt(at=now, plan=self.plan.key, step=step, stage=verdict.stage, variant=verdict.variant)
            )
        elif verdict.due_at:
            self.waiting[step] = verdict.due_at
            self.why_then[step] = verdict.reason


def rehearse(
    plan: Plan,
    facts: Facts,
    *,
    waiting: Mapping[int, datetime],
    start: datetime,
    until: datetime,
    acts: Iterable[Happening] = (),
    replies: bool = False,
    why_then: Mapping[int, Reason] | None = None,
    texts: Mapping[Stage, tuple[str, ...]] = TEXTS,
) -> list[Event]:
    """Return what happens from `start` on and before `until`, in order, if nothing but `acts` happens.

    `waiting`: place in the plan → due time of the emails that wait. `replies`: the client writes back a day
    after each email.
    """
    run = Rehearsal(plan, facts, dict(waiting), dict(why_then or {}), texts)
    run.run(acts, start=start, until=until, replies=replies)
    return run.events


def rehearse_new(
    plan: Plan,
    facts: Facts,
    *,
    now: datetime,
    until: datetime,
    acts: Iterable[Happening] = (),
    replies: bool = False,
    texts: Mapping[Stage, tuple[str, ...]] = TEXTS,
) -> list[Event]:
    """Return what happens before `until` if the plan is made now; first, the steps that get no email."""
    first = planned(plan, facts, now=now)
    never: list[Event] = [NeverPlanned(now, one.step, one.reason) for one in first if one.due_at is None]
    return never + rehearse(
        plan,
        facts,
        waiting={one.step: one.due_at for one in first if one.due_at},
        why_then={one.step: one.reason for one in first},
        start=now,
        until=until,
        acts=acts,
        replies=replies,
        texts=texts,
    )
