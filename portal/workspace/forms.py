"""Forms of a client's page: their plan; how they are reached; how they might practice in a rehearsal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.followups.engine.behavior import Behavior
from portal.models import ClientProfile
from portal.models.client import PLAN_LONGEST
from portal.session_notes.actions.wrap_up import plan_mark
from portal.session_notes.forms.home import LinesField
from practice.access import rows
from practice.core import formatting
from practice.models import User


class PlanForm(forms.Form):
    """The client's own plan; `plan_seen` is the mark of the one the page began from."""

    use_required_attribute = False
    data: MultiValueDict[str, str]  # as a page sends it

    plan = LinesField(
        _("When and where"), longest=PLAN_LONGEST, help_text=_("In their own words. Emails quote it.")
    )
    obstacle = LinesField(_("And if something gets in the way"), longest=PLAN_LONGEST, rows=1)
    plan_seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(self, data: Any = None, *, page: ClientProfile) -> None:
        mark = plan_mark(page.plan, page.obstacle)
        initial = {"plan": page.plan, "obstacle": page.obstacle, "plan_seen": mark}
        super().__init__(data, initial=initial)


class ContactForm(forms.ModelForm):
    """Name, phone, time zone, and for the owner the address for signing in: who has it, has the account."""

    use_required_attribute = False
    TAKEN = _("Another person has this address. If they are the same person, merge the two records.")

    class Meta:
        model = User
        fields = ("name", "phone", "email", "zone")

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not rows.may_all(reader, "sign_in", "change"):
            del self.fields["email"]
        else:
            self.fields["email"].help_text = _(
                "They sign in with it. If you change it, they are signed out, and we email the old address."
            )
            self.fields["email"].error_messages["unique"] = self.TAKEN
        self.fields["name"].error_messages["required"] = _("Please enter a name.")
        self.fields["zone"].help_text = _("Such as America/Denver. Leave empty for the practice’s own.")
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"


class RehearsalForm(forms.Form):
    """What a client is imagined to do; what an address leaves out has its usual value."""

    use_required_attribute = False
    data: MultiValueDict[str, str]

    start = forms.ChoiceField(label=_("Starting with"))
    weekdays = forms.TypedMultipleChoiceField(
        label=_("They practice on"),
        required=False,
        coerce=int,
        help_text=_("Leave all unchecked if they don’t practice."),
        widget=forms.CheckboxSelectMultiple,
    )
    at = forms.TypedChoiceField(label=_("At about"), coerce=dt.time.fromisoformat)
    weeks = forms.TypedChoiceField(label=_("How far ahead"), coerce=int)
    pause = forms.TypedChoiceField(label=_("They pause the emails"), coerce=int)
    replies = forms.BooleanField(label=_("They write back a day after each email."), required=False)

    def __init__(
        self, asked: MultiValueDict[str, str], *, starts: Sequence[tuple[str, str]], locale: str
    ) -> None:
        usual = {"start": starts[0][0], "at": "18:00", "weeks": "6", "pause": "0"}
        given = {name: asked.getlist(name) for name in self.base_fields}
        super().__init__(
            MultiValueDict(
                {name: values or ([usual[name]] if name in usual else []) for name, values in given.items()}
            )
        )
        days = formatting.in_week_order(range(7), locale=locale)
        weeks = [
            (count, ngettext("%(count)s week", "%(count)s weeks", count) % {"count": count})
            for count in range(1, 9)
        ]
        for name, choices in {
            "start": starts,
            "weekdays": [(day, formatting.weekday_name(day, locale=locale)) for day in days],
            "at": [
                (f"{hour:02}:00", formatting.wall_time(dt.time(hour), locale=locale)) for hour in range(24)
            ],
            "weeks": weeks,
            "pause": [(0, _("not at all")), *(weeks[count - 1] for count in (1, 2, 4))],
        }.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def query(self) -> str:
        """Return what was asked as the query of an address."""
        return urlencode(dict(self.data.lists()), doseq=True)

    def behavior(self) -> Behavior:
        """Return the behavior that a valid form describes."""
        said = self.cleaned_data
        return Behavior(
            weekdays=frozenset(said["weekdays"]),
            at=said["at"],
            replies=said["replies"],
            pause=dt.timedelta(weeks=said["pause"]),
        )
