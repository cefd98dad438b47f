"""Clients made up by chance, each with a diary of what they do; their emails are rehearsed, not sent.

The diary is plain: what holds for the emails is computed from it, without the engine's own words.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random

from portal.followups.engine.behavior import Act, Happening
from portal.followups.engine.facts import Facts, Plan, PracticeEntryFact, Prompt
from portal.followups.engine.guards import SendNow
from portal.followups.engine.rehearsal import Event, Judged, rehearse_new
from portal.followups.engine.stages import TEXTS
from portal.tests.followups.random_histories import DAY, SHARED, manner, steps
from practice.tests.sampling import SEED, size

WEEKS = dt.timedelta(weeks=7)  # one more than a plan has
CLIENTS = size(sampled=3_000, full=30_000)


@dataclass
class Diary:
    """What a client did, and what came of it. `others`: encouraging emails of another kind."""

    plan: Plan
    facts: Facts
    practices: list[dt.datetime] = field(default_factory=list)
    answers: list[dt.datetime] = field(default_factory=list)
    pains: list[dt.datetime] = field(default_factory=list)
    cleared: list[dt.datetime] = field(default_factory=list)
    pauses: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)
    others: list[dt.datetime] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def judged(self) -> list[Judged]:
        """Each email that fell due."""
        return [one for one in self.events if isinstance(one, Judged)]

    @property
    def texts(self) -> list[tuple[dt.datetime, str]]:
        """Each email that went: when, and which text."""
        return [(one.at, one.verdict.variant) for one in self.judged if isinstance(one.verdict, SendNow)]

    @property
    def sent(self) -> list[dt.datetime]:
        """When each email went."""
        return [at for at, _ in self.texts]


def rehearsed(chance: Random) -> Diary:
    """A client with their plan, their diary and their emails."""
    ended = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + chance.random() * 800 * DAY
    plan = Plan(key="plan", session_ended_at=ended, made_at=ended, steps=steps(chance))
    facts = Facts(manner=manner(chance), assignments=("a", "b")[: chance.choice([1, 1, 2])])
    diary = Diary(plan, facts)
    acts = [
        act(chance, diary, ended + chance.random() * WEEKS) for _ in range(chance.choice([0, 1, 3, 8, 20]))
    ]
    diary.events = rehearse_new(
        plan,
        facts,
        now=ended,
        until=ended + WEEKS,
        acts=acts,
        texts=chance.choice([TEXTS, SHARED]),
    )
    return diary


def act(chance: Random, diary: Diary, at: dt.datetime) -> Happening:
    """One thing that they do, written into the diary."""
    kind = chance.choice(
        ["practice"] * 5 + ["question", "booking", "tick", "other", "pause", "pain", "clear"]
    )
    if kind in ("practice", "pain"):
        diary.practices.append(at)
        entry = PracticeEntryFact(
            at=at, assignment=chance.choice("ab"), finished=chance.random() < 0.6, worse=kind == "pain"
        )
        if kind == "pain":
            diary.pains.append(at)
        return more(at, "practices", entry)
    if kind == "other":
        diary.others.append(at)
        return more(at, "prompts", Prompt(at=at, kind="free_lesson"))
    if kind == "pause":
        until = at + chance.choice([7, 14, 28]) * DAY
        diary.pauses.append((at, until))
        return Happening(at, Act.PAUSED, lambda facts: replace(facts, paused_until=until))
    if kind == "clear":
        diary.cleared.append(at)
        return Happening(at, Act.REPLIED, lambda facts: replace(facts, pain_cleared_at=at))
    diary.answers.append(at)
    return more(at, f"{kind}s", at)


def more(at: dt.datetime, name: str, value: object) -> Happening:
    """One more of these in the facts."""
    return Happening(
        at, Act.PRACTICED, lambda facts: replace(facts, **{name: (*getattr(facts, name), value)})
    )


def clients(count: int) -> list[Diary]:
    """So many clients, always the same ones for a seed."""
    return [rehearsed(Random(f"{SEED}-{number}")) for number in range(count)]


@cache
def sample() -> list[Diary]:
    """The clients of this run, made once for all promises."""
    return clients(CLIENTS)
