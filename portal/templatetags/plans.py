"""Template filters of the pages of email plans."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any, cast

from django import template
from django.forms import BaseForm, BoundField
from django.utils.translation import gettext as _

from portal.followup_plans.forms import BaseStepsFormSet
from portal.followup_plans.wording import days_in_words, stage_of_text
from portal.followups.engine.plan_change import PlanStep
from practice.templatetags.look import wrongs

register = template.Library()


@register.inclusion_tag("includes/wrongs.html")
def plan_wrongs(form: BaseForm, steps: BaseStepsFormSet) -> dict[str, object]:
    """Show the errors of a plan and its steps, with links to the fields; nothing without errors."""
    if not steps.is_bound:
        return {"found": [], "said": ""}
    shown = wrongs(form, *steps.forms, said=_("What you entered is still here."))
    said = [("", str(error)) for error in steps.non_form_errors()]
    return shown | {"found": [*said, *cast("list[tuple[str, str]]", shown["found"])]}


@register.filter
def by_group(bound: BoundField) -> list[tuple[str, list[Any]]]:
    """Return the choices of texts by their stage, each group with its name."""
    return [(name, list(some)) for name, some in groupby(bound.subwidgets, key=_group_of)]


def _group_of(option: Any) -> str:
    return stage_of_text(option.data["value"])


@register.filter
def of_day(waiting: Mapping[int, datetime], days: object) -> datetime | None:
    """Return when the email of this day waits until, or None."""
    return waiting.get(int(str(days))) if str(days).isdecimal() else None


@register.filter
def plan_days(steps: Iterable[PlanStep]) -> str:
    """Return the days of a plan's steps, such as "Day 1, 4, and 11"."""
    return days_in_words(steps)
