"""The forms of a plan: its name and whom it is for, and a row for each step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.followup_plans.actions.save import PainTaken, must_be_free
from portal.followup_plans.effect import NewSteps
from portal.followup_plans.wording import HOURS, STAGE_CHOICES, fault_in_words, part_choices, text_choices
from portal.followups.engine.facts import LAST_DAY
from portal.followups.engine.plan_change import MOST_STEPS, PlanStep, StepsError, fault_of
from portal.models import FollowUpPlan

EXACT, OWN = "exact", ""
#: Rows that a page is read with at most; a plan of more than twelve steps is refused in words.
MOST_ROWS = 500


class PlanForm(forms.Form):
    """The form of what a plan is called, and for which pain it is chosen by itself."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        help_text=gettext_lazy("Clients don’t see it."),
        error_messages={"required": gettext_lazy("Give the plan a name.")},
    )
    pain = forms.ChoiceField(
        label=gettext_lazy("Chosen by itself for"),
        required=False,
        choices=[("", gettext_lazy("No one: only where you choose it")), *FollowUpPlan.Pain.choices],
        help_text=gettext_lazy("By what clients told you before their first session."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, plan: FollowUpPlan) -> None:
        self.plan = plan
        given = {"name": plan.name, "pain": plan.pain, "version": plan.version}
        super().__init__(data, initial=given, auto_id="plan_%s")
        if plan.is_default:
            pain = self.fields["pain"]
            assert isinstance(pain, forms.ChoiceField)
            pain.choices = [("", _("Everyone without another plan")), *FollowUpPlan.Pain.choices]

    def clean_pain(self) -> str:
        """Return the choice; refuse, in words, one that another plan has."""
        pain = str(self.cleaned_data["pain"])
        try:
            must_be_free(pain, self.plan)
        except PainTaken as taken:
            raise forms.ValidationError(str(taken)) from taken
        return pain


class NewPlanForm(forms.Form):
    """The form that begins a plan."""

    use_required_attribute = False

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=80,
        error_messages={"required": gettext_lazy("Give the plan a name.")},
    )


class VersionForm(forms.Form):
    """The form of a client's own plan, beside its steps. 0: they had none."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class StepForm(forms.Form):
    """The form of one step; a row without a day that was empty before is none."""

    use_required_attribute = False

    was = forms.IntegerField(required=False, widget=forms.HiddenInput)
    days = forms.IntegerField(
        label=gettext_lazy("Days after the session"),
        required=False,
        widget=forms.NumberInput({"min": 1, "max": LAST_DAY, "inputmode": "numeric"}),
        error_messages={"invalid": gettext_lazy("Enter a whole number of days, such as 4.")},
    )
    hour = forms.ChoiceField(label=gettext_lazy("Part of the day"), required=False, choices=part_choices)
    at = forms.TimeField(
        label=gettext_lazy("Exact time"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": gettext_lazy("Enter a time, such as 2:30 PM or 14:30.")},
        input_formats=["%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p"],
    )
    stage = forms.ChoiceField(label=gettext_lazy("Text"), required=False, choices=STAGE_CHOICES)
    variants = forms.MultipleChoiceField(
        label=gettext_lazy("Texts that may be used"),
        required=False,
        choices=text_choices,
        widget=forms.CheckboxSelectMultiple,
    )
    remove = forms.BooleanField(label=gettext_lazy("Remove this email"), required=False)

    def clean(self) -> dict[str, Any]:
        """Return what was entered; refuse a day outside of a plan and a missing time."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        days = said.get("days")
        if said.get("remove") or "days" in self.errors:
            return said
        if days is None and (said.get("was") or said.get("at")):
            self.add_error("days", _("Enter a day, or check “Remove this email”."))
        elif days is not None and (fault := fault_of([days])):
            self.add_error("days", fault_in_words(*fault))
        if said.get("hour") == EXACT and not said.get("at") and "at" not in self.errors:
            self.add_error("at", _("Enter the time, or choose a part of the day."))
        return said

    def day(self) -> int | None:
        """Return the day of this row, or None for one that is empty, wrong or removed."""
        said = self.cleaned_data
        return None if said.get("remove") else said.get("days")

    def step(self) -> PlanStep | None:
        """Return the step of this row, or None for one that is empty or removed."""
        said = self.cleaned_data
        if self.day() is None:
            return None
        hour, chosen = said["hour"], said["variants"]
        at = said["at"] if hour == EXACT else HOURS.get(hour)
        every = [name for _group, names in text_choices() for name, _subject in names]
        variants = () if len(chosen) == len(every) else tuple(chosen)
        return PlanStep(said["days"], at, said["stage"], variants)


class BaseStepsFormSet(forms.BaseFormSet):
    """The steps of one plan: at least one, at most twelve, each on its own day."""

    def clean(self) -> None:
        """Refuse none, too many, and two on one day; what was typed stays in its row."""
        rows = [(form, days) for form in self.forms if (days := form.day()) is not None]
        fault = fault_of([days for _form, days in rows])
        if fault and fault[0] is StepsError.SAME_DAY:
            second = [form for form, days in rows if days == fault[1]][1]
            second.add_error("days", fault_in_words(*fault))
        elif fault and not any(form.errors for form in self.forms):
            raise forms.ValidationError(fault_in_words(*fault))

    def new_steps(self) -> NewSteps:
        """Return the steps by day, and which of them moved to another day."""
        rows = [(form.cleaned_data.get("was"), step) for form in self.forms if (step := form.step())]
        moves = {was: step.days for was, step in rows if was and was != step.days}
        return NewSteps(
            steps=tuple(sorted((one for _was, one in rows), key=lambda one: one.days)), moves=moves
        )


StepsFormSet = cast(
    type[BaseStepsFormSet],
    forms.formset_factory(
        StepForm, formset=BaseStepsFormSet, extra=0, max_num=MOST_STEPS, absolute_max=MOST_ROWS
    ),
)
PREFIX = "steps"


def steps_formset(steps: Iterable[PlanStep]) -> BaseStepsFormSet:
    """Return the rows of these steps, with an empty one below where there is room."""
    rows = [as_row(step) for step in steps]
    return StepsFormSet(prefix=PREFIX, initial=[*rows, empty_row()][:MOST_STEPS])


def typed_formset(sent: Mapping[str, Any], *, more: bool) -> BaseStepsFormSet:
    """Return the rows as they were typed, not judged yet; `more`: with an empty one below."""
    typed = StepsFormSet(sent, prefix=PREFIX)
    rows = [{name: form[name].value() for name in form.fields} for form in typed.forms]
    return StepsFormSet(prefix=PREFIX, initial=[*rows, empty_row()] if more else rows)


def as_row(step: PlanStep) -> dict[str, Any]:
    """Return a step as its row begins."""
    part = next((name for name, at in HOURS.items() if at == step.at), EXACT if step.at else OWN)
    return {
        "was": step.days,
        "days": step.days,
        "hour": part,
        "at": step.at if part == EXACT else None,
        "stage": step.stage,
        "variants": list(step.variants) or empty_row()["variants"],
    }


def empty_row() -> dict[str, Any]:
    """Return an empty row: all texts may be used."""
    return {"variants": [name for _group, names in text_choices() for name, _subject in names]}
