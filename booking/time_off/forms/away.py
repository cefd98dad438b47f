"""The form for the days a practitioner is away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practice.core import clock
from practice.models import Practitioner

LONGEST = 92  # days


class AwayForm(forms.Form):
    """The form for who is away, from when, until when. Without a last day it is one day."""

    use_required_attribute = False

    practitioner = forms.ChoiceField(
        label=gettext_lazy("Who is away"),
        error_messages={"invalid_choice": gettext_lazy("Please choose one of these.")},
    )
    first = forms.DateField(
        label=gettext_lazy("First day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": gettext_lazy("Please enter a date like 2027-03-16."),
            "invalid": gettext_lazy("Please enter a date like 2027-03-16."),
        },
    )
    last = forms.DateField(
        label=gettext_lazy("Last day"),
        required=False,
        help_text=gettext_lazy("Leave empty for one day."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": gettext_lazy("Please enter a date like 2027-03-16.")},
    )

    def __init__(self, *args: Any, people: Sequence[Practitioner], now: dt.datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people, self.now = {one.slug: one for one in people}, now
        choice = self.fields["practitioner"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one.slug, str(one)) for one in people]
        if len(people) == 1:
            choice.widget, choice.initial = forms.HiddenInput(), people[0].slug

    def clean(self) -> dict[str, Any]:
        """Check that the days are ahead, in the practitioner's zone, and at most three months."""
        said = dict(super().clean() or self.cleaned_data)
        person, first = self.people.get(said.get("practitioner", "")), said.get("first")
        if person is None or first is None or "last" not in said:
            return said
        last = said["last"] or first
        today = self.now.astimezone(clock.zone_named(person.zone)).date()
        if last < first:
            raise ValidationError({"last": _("The last day is before the first.")})
        if last < today:
            raise ValidationError({"last" if said["last"] else "first": _("That day has already passed.")})
        if (last - first).days >= LONGEST:
            words = _("Please choose at most %(days)s days at once.") % {"days": LONGEST}
            raise ValidationError({"last": words})
        return {**said, "person": person, "last": last}
