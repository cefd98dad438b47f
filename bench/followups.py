"""A measurement of the pure code of follow-ups: a week of 100,000 clients, event by event.

Each client has a zone, quiet hours, a session at some moment of the six weeks that end with this one, and
days on which they practice. What came before the week is rehearsed, but not measured: the measured part is
the planning after the week's sessions, and the deciding about each email that falls due in the week. No
database and no email is involved. Time of the processor, so that other programs disturb it little.

`python bench/followups.py 5000` takes fewer clients, on a machine that is busy.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from portal.followups.engine.behavior import Behavior, happenings
from portal.followups.engine.facts import DeliveryWindow, Facts, Plan
from portal.followups.engine.guards import SendNow
from portal.followups.engine.plan import planned
from portal.followups.engine.rehearsal import Judged, Rehearsal

CLIENTS, GOAL = 100_000, 600
# A week in which the clocks of Denver change.
BEGINS = datetime(2027, 3, 8, 7, tzinfo=UTC)
ENDS = BEGINS + timedelta(weeks=1)
ZONES = tuple(
    ZoneInfo(name)
    for name in (
        *("America/Denver", "America/New_York", "America/Santiago", "Europe/Berlin", "Africa/Cairo"),
        *("Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"),
    )
)


def client(chance: Random) -> tuple[Plan, Facts, Behavior]:
    """Return a client: their plan, what is known of them, and when they practice."""
    ended = BEGINS + timedelta(days=chance.uniform(-35, 7))
    days = frozenset(chance.sample(range(7), chance.choice((0, 0, 1, 2, 4))))
    weekdays = frozenset(range(5)) if chance.random() < 0.2 else frozenset()
    facts = Facts(manner=DeliveryWindow(zone=chance.choice(ZONES), weekdays=weekdays))
    plan = Plan(key="plan", session_ended_at=ended, made_at=ended)
    return plan, facts, Behavior(weekdays=days, at=hour(chance.randrange(6, 22)))


def week_of(chance: Random, counted: Counter[str]) -> float:
    """Rehearse one client's week, count what came of it, and return the seconds that the week took."""
    plan, facts, behavior = client(chance)
    zone, ended = facts.manner.zone, plan.session_ended_at
    acts = happenings(behavior, plan, zone, start=ended, until=ENDS)
    is_new = ended >= BEGINS
    run = Rehearsal(plan, facts, {})
    if not is_new:
        run.waiting = first_times(plan, facts)
        run.run([one for one in acts if one.at < BEGINS], start=ended, until=BEGINS)
        run.events.clear()
        acts = [one for one in acts if one.at >= BEGINS]
    began = time.process_time()
    if is_new:
        run.waiting = first_times(plan, facts)
    run.run(acts, start=max(ended, BEGINS), until=ENDS)
    took = time.process_time() - began
    counted["acts"] += sum(not isinstance(one, Judged) for one in run.events)
    verdicts = [one.verdict for one in run.events if isinstance(one, Judged)]
    counted.update("sent" if isinstance(one, SendNow) else str(one.outcome) for one in verdicts)
    return took


def first_times(plan: Plan, facts: Facts) -> dict[int, datetime]:
    """Return when each email of a new plan is due."""
    return {one.step: one.due_at for one in planned(plan, facts, now=plan.made_at) if one.due_at}


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS
    counted: Counter[str] = Counter()
    seconds = sum(week_of(Random(number), counted) for number in range(count))
    whole = seconds * CLIENTS / count
    print(f"A week of {count:,} clients, decided by the pure code: {seconds:.1f} s of the processor")
    print(f"{count / seconds:,.0f} clients per second; 100,000 of them: {whole:.0f} s (goal: {GOAL} s)")
    print(", ".join(f"{name} {number:,}" for name, number in sorted(counted.items())))


if __name__ == "__main__":
    main()
