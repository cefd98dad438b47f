"""Weeks in a client's life, made up by chance: letters fall due, and practice, answers, pain, pauses, other
letters, moves to other zones and outages of the worker come between."""

import datetime as dt
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from portal.followups.engine.facts import (
    DEFAULT_STEPS,
    DeliveryWindow,
    Facts,
    Plan,
    PracticeEntryFact,
    Prompt,
    Step,
)
from portal.followups.engine.guards import HeldBack, SendNow, decide
from portal.followups.engine.plan import Waiting, missed, planned
from portal.followups.engine.stages import TEXTS, Stage

BATCH = 100
ZONES = [
    ZoneInfo(name)
    for name in (
        *("America/Denver", "America/New_York", "America/Sao_Paulo", "America/St_Johns", "Europe/Berlin"),
        *("Africa/Casablanca", "Asia/Tokyo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Kiritimati"),
    )
]
QUIET = [(dt.time(begins), dt.time(ends)) for begins, ends in ((20, 8), (21, 7), (8, 20), (0, 0), (1, 23))]
SHARED = dict.fromkeys(Stage, ("one", "two"))
DAY = dt.timedelta(days=1)


@dataclass
class Life:
    """What happened: every judgement with the facts it was made on."""

    plan: Plan
    judged: list[tuple[dt.datetime, int, Facts, SendNow | HeldBack]] = field(default_factory=list)
    held: list[HeldBack] = field(default_factory=list)
    planned: list = field(default_factory=list)
    moved: dict[int, dt.datetime] = field(default_factory=dict)

    @property
    def sent(self):
        """Each letter that went: when, the facts before, the verdict."""
        return [
            (now, facts, verdict) for now, _, facts, verdict in self.judged if isinstance(verdict, SendNow)
        ]


@cache
def batch(number):
    return [live(Random(f"{number}-{place}")) for place in range(BATCH)]


def live(chance):
    """One plan from its session to its end."""
    ended = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + chance.random() * 800 * DAY
    plan = Plan(key="plan", session_ended_at=ended, made_at=ended, steps=steps(chance))
    life, texts = Life(plan), chance.choice([TEXTS, SHARED])
    facts = Facts(manner=manner(chance), assignments=("a", "b")[: chance.choice([1, 1, 2])])
    events = sorted(happenings(chance, ended), key=lambda event: event[0])
    clock, waiting = ended, {}
    plan_anew(life, facts, waiting, clock, set(range(len(plan.steps))))
    while waiting:
        clock = max(clock, min(waiting.values())) + delay(chance)
        while events and events[0][0] <= clock:
            at, change = events.pop(0)
            before, facts = facts.manner.zone, change(facts)
            if facts.manner.zone != before:
                plan_anew(life, facts, waiting, at, set(waiting))
        facts = turn(life, facts, waiting, clock, texts)
    return life


def turn(life, facts, waiting, now, texts):
    """The worker's turn: what is due is missed or judged."""
    due = [Waiting(client="ann", letter=step, due_at=at) for step, at in waiting.items()]
    for step, held in missed(due, now=now).items():
        life.held.append(held)
        del waiting[step]
    for step in [step for step, at in waiting.items() if at <= now]:
        del waiting[step]
        following = min(waiting.values(), default=None)
        verdict = decide(life.plan, step, facts, now=now, following=following, texts=texts)
        life.judged.append((now, step, facts, verdict))
        if isinstance(verdict, SendNow):
            facts = facts.with_prompt(
                Prompt(at=now, plan="plan", step=step, stage=verdict.stage, variant=verdict.variant)
            )
        elif verdict.due_at:
            waiting[step] = life.moved[step] = verdict.due_at
    return facts


def plan_anew(life, facts, waiting, now, wanted):
    moved = {step: at for step, at in life.moved.items() if step in waiting}
    for one in planned(life.plan, facts, now=now, moved=moved):
        if one.step in wanted:
            life.planned.append(one)
            waiting.pop(one.step, None)
            if one.due_at:
                waiting[one.step] = one.due_at


def delay(chance):
    """Mostly seconds; sometimes the worker is away for hours or days."""
    if chance.random() < 0.06:
        return chance.random() * 5 * DAY
    return dt.timedelta(seconds=chance.choice([0, 1, 5, 300, 7200]))


def manner(chance):
    begins, ends = chance.choice(QUIET)
    days = frozenset(chance.sample(range(7), chance.choice([0, 0, 0, 1, 3])))
    return DeliveryWindow(zone=chance.choice(ZONES), quiet_from=begins, quiet_until=ends, weekdays=days)


def steps(chance):
    if chance.random() < 0.5:
        return DEFAULT_STEPS
    days = sorted(chance.choices(range(1, 43), k=chance.randint(1, 10)))
    return tuple(Step(day, dt.time(chance.randrange(24), chance.choice([0, 30, 59]))) for day in days)


def happenings(chance, ended):
    """Changes of the facts, each with its instant."""
    for _ in range(chance.choice([0, 0, 1, 4, 12])):
        at = ended + chance.random() * 45 * DAY - DAY
        yield at, change(chance, at)
    if chance.random() < 0.3:
        starts = ended + chance.random() * 40 * DAY
        yield ended, lambda facts: replace(facts, next_session=starts)


KINDS = ["practice"] * 6 + ["questions", "bookings", "ticks", "other", "pause", "cleared", "zone", "consent"]


def change(chance, at):
    """What the facts become when something happens."""
    kind = chance.choice(KINDS)
    if kind == "practice":
        return more("practices", entry(chance, at))
    if kind in {"questions", "bookings", "ticks"}:
        return more(kind, at)
    if kind == "other":
        return more("prompts", Prompt(at=at, kind="free_lesson"))
    if kind == "zone":
        zone = chance.choice(ZONES)
        return lambda facts: replace(facts, manner=replace(facts.manner, zone=zone))
    changed = {
        "pause": {"paused_until": at + chance.choice([7, 14, 28]) * DAY},
        "cleared": {"pain_cleared_at": at},
        "consent": {"consent": chance.random() < 0.7},
    }[kind]
    return lambda facts: replace(facts, **changed)


def more(name, value):
    """The facts with one more of these."""
    return lambda facts: replace(facts, **{name: (*getattr(facts, name), value)})


def entry(chance, at):
    return PracticeEntryFact(
        at=at,
        assignment=chance.choice("ab"),
        finished=chance.random() < 0.6,
        pain_before=chance.choice([None, 3, 4]),
        pain_after=chance.choice([None, 1, 3, 4, 4, 6]),
        worse=chance.random() < 0.03,
    )
