"""PURE. The verdict on an email that fell due, beside all of the client's emails that still wait.

The queue (`send_check.py`) and the rehearsal (`engine/rehearsal.py`) both ask here.
"""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime

from portal.followups.engine.facts import Facts, Plan
from portal.followups.engine.guards import HeldBack, SendNow, decide
from portal.followups.engine.plan import Waiting, missed
from portal.followups.engine.stages import TEXTS, Stage


def following(plan: Plan, letter: Hashable, waiting: Sequence[Waiting]) -> datetime | None:
    """Return when the plan's next email beside this one is due, or None."""
    others = (one.due_at for one in waiting if one.plan == plan.key and one.letter != letter)
    return min(others, default=None)


def decide_in_turn(
    plan: Plan,
    step: int,
    facts: Facts,
    *,
    letter: Hashable,
    waiting: Sequence[Waiting],
    now: datetime,
    texts: Mapping[Stage, tuple[str, ...]] = TEXTS,
) -> SendNow | HeldBack:
    """Return whether this email goes now; after an outage only the last that fell due is judged.

    `waiting`: all emails of the client that nobody has judged, this one too, in the order of the queue.
    """
    if late := missed(waiting, now=now).get(letter):
        return late
    return decide(plan, step, facts, now=now, following=following(plan, letter, waiting), texts=texts)
