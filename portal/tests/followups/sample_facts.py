"""Ann, of Denver: a session on Monday, January 11, 2027, over at 2 PM, and the default plan, at 9 AM."""

import datetime as dt
from zoneinfo import ZoneInfo

from portal.followups.engine.facts import DeliveryWindow, Facts, Plan, PracticeEntryFact, Prompt
from portal.followups.engine.guards import decide

DENVER = ZoneInfo("America/Denver")
NEW_YORK = ZoneInfo("America/New_York")
BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = ZoneInfo("Asia/Tokyo")


def denver(day, hour=9, minute=0):
    """An instant, read off Ann's clock: days counted from the beginning of January 2027, 32 is 1 February."""
    wall = dt.datetime(2027, 1, 1, hour, minute) + dt.timedelta(days=day - 1)
    return wall.replace(tzinfo=DENVER).astimezone(dt.UTC)


SESSION = denver(11, 14)
PLAN = Plan(key="ann-1", session_ended_at=SESSION, made_at=SESSION)
FIRST, SECOND, THIRD, FOURTH = range(4)


def ann(**changes):
    """What is known of Ann; the options of her manner may be named too."""
    manner = {name: changes.pop(name) for name in [*changes] if name in DeliveryWindow.__dataclass_fields__}
    return Facts(manner=DeliveryWindow(**{"zone": DENVER, **manner}), **changes)


def letter(day, hour=9, *, step=None, **changes):
    return Prompt(at=denver(day, hour), **{"plan": PLAN.key, "step": step, **changes})


def practice(day, hour=9, minute=0, **changes):
    return PracticeEntryFact(at=denver(day, hour, minute), **{"assignment": "first", **changes})


def on(day, hour=9, minute=0, *, step=SECOND, facts=None, **options):
    """The judgement over a letter of hers at that time."""
    return decide(PLAN, step, facts or ann(), now=denver(day, hour, minute), **options)


def answer(verdict):
    """What became of it, why, and when it is due: short enough for a table."""
    if not hasattr(verdict, "outcome"):
        return "sent"
    return (str(verdict.outcome), verdict.reason.code, verdict.due_at)
