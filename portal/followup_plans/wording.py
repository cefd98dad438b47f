"""Words of the plans as they are edited: choices, faults, and the hours of steps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.followups.engine.facts import LAST_DAY
from portal.followups.engine.plan_change import MOST_STEPS, PlanStep, StepsError
from portal.followups.engine.stages import CHOSEN, TEXTS, Stage
from portal.followups.texts import WORDS
from practice.core import formatting
from practice.queries import the_practice

Words = str | Promise

#: The hour of each part of the day, by the client's clock.
HOURS = {"morning": time(9), "midday": time(12), "afternoon": time(15), "evening": time(18)}
PARTS_OF_DAY: dict[str, Words] = {
    "morning": gettext_lazy("Morning, %(hour)s"),
    "midday": gettext_lazy("Midday, %(hour)s"),
    "afternoon": gettext_lazy("Afternoon, %(hour)s"),
    "evening": gettext_lazy("Evening, %(hour)s"),
}
STAGES: dict[Stage, Words] = {
    Stage.ASSIGNED: gettext_lazy("Getting started"),
    Stage.OPENED: gettext_lazy("Begun, not finished"),
    Stage.FINISHED: gettext_lazy("Once more"),
    Stage.OFTEN: gettext_lazy("Done often"),
    Stage.QUIET: gettext_lazy("Quiet for two weeks"),
}
STAGE_CHOICES = (
    ("", gettext_lazy("By what the client did")),
    *((str(stage), STAGES[stage]) for stage in CHOSEN),
)


def part_choices() -> list[tuple[str, str]]:
    """Return the parts of the day with their hours, the client's own hour first, an exact time last."""
    parts = [
        (part, str(words) % {"hour": hour_in_words(HOURS[part])}) for part, words in PARTS_OF_DAY.items()
    ]
    return [("", _("The client’s own hour")), *parts, ("exact", _("An exact time"))]


def text_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the texts by stage, each named by its subject."""
    about = {"it": _("the lesson")}
    return [
        (str(STAGES[stage]), [(name, str(WORDS[name].subject) % about) for name in names])
        for stage, names in TEXTS.items()
    ]


def stage_of_text(name: str) -> str:
    """Return the words for the stage that a text belongs to."""
    return next((str(STAGES[stage]) for stage, names in TEXTS.items() if name in names), "")


def fault_in_words(fault: StepsError, number: int) -> str:
    """Return what is wrong with the steps of a plan, and what to do."""
    words: dict[StepsError, Any] = {
        StepsError.NONE: _("A plan needs at least one email. To send a client none, say so at the wrap-up."),
        StepsError.TOO_MANY: _("A plan has at most %(most)s emails; this one has %(number)s. Remove some."),
        StepsError.SAME_DAY: _("Two emails are on day %(number)s. A plan sends at most one a day."),
        StepsError.OUTSIDE: _("Choose a day from 1 to %(last)s: emails end six weeks after the session."),
    }
    return str(words[fault] % {"most": MOST_STEPS, "last": LAST_DAY, "number": number})


def days_in_words(steps: Iterable[PlanStep]) -> str:
    """Return the days of a plan, such as "Day 1, 4, and 11"."""
    days = [str(one.days) for one in steps]
    return _("Day %(days)s") % {"days": formatting.listed(days, locale=the_practice().locale)}


def hour_in_words(at: time) -> str:
    """Return a time as the practice writes it."""
    return formatting.wall_time(at, locale=the_practice().locale)
