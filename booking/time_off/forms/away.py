"""The form for the days a practitioner, or everyone, is away or has other hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.opening_hours.engine.typed_times import TimeProblem, read_window
from booking.opening_hours.engine.week import DAY
from booking.opening_hours.wording import of_time
from practice.core import clock
from practice.models import Practitioner
from practice.queries import the_practice

LONGEST = 92  # days
EVERYONE = "*"  # no web address of a practitioner


class AwayForm(forms.Form):
    """The form for who is away, from when, until when. Without a last day it is one day.

    With two times, the days are open between them only.
    """

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
    opens = forms.CharField(
        label=gettext_lazy("Open only from"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Leave empty if closed."),
    )
    closes = forms.CharField(label=gettext_lazy("Open only until"), required=False, max_length=20)

    def __init__(
        self,
        *args: Any,
        people: Sequence[Practitioner],
        now: dt.datetime,
        everyone: bool = False,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.people, self.now = {one.slug: one for one in people}, now
        choice = self.fields["practitioner"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one.slug, str(one)) for one in people]
        if everyone:
            choice.choices = [*choice.choices, (EVERYONE, gettext_lazy("Everyone"))]
        if len(choice.choices) == 1:
            choice.widget, choice.initial = forms.HiddenInput(), choice.choices[0][0]

    def clean(self) -> dict[str, Any]:
        """Check that the days are ahead, on the clocks of whom they are for, and at most three months."""
        said = dict(super().clean() or self.cleaned_data)
        said |= self._hours(said)
        whose, first = said.get("practitioner"), said.get("first")
        if whose is None or first is None or "last" not in said:
            return said
        person = self.people.get(whose)
        last = said["last"] or first
        today = self.now.astimezone(clock.zone_named((person or the_practice()).zone)).date()
        if last < first:
            raise ValidationError({"last": _("The last day is before the first.")})
        if last < today:
            raise ValidationError({"last" if said["last"] else "first": _("That day has already passed.")})
        if (last - first).days >= LONGEST:
            words = _("Please choose at most %(days)s days at once.") % {"days": LONGEST}
            raise ValidationError({"last": words})
        return {**said, "person": person, "last": last}

    def _hours(self, said: dict[str, Any]) -> dict[str, dt.time | None]:
        """Return the two times that were typed, or None for both; a message is added to a wrong one."""
        opens, closes = said.get("opens", ""), said.get("closes", "")
        if not (opens or closes):
            return {"opens": None, "closes": None}
        try:
            window = read_window(opens, closes, locale=the_practice().locale)
        except TimeProblem as error:
            self.add_error(error.field, of_time(error))
            return {}
        if window.is_late:
            self.add_error("closes", _("These hours end before they begin. Please correct the times."))
            return {}
        return dict(
            zip(("opens", "closes"), (dt.time(*divmod(one % DAY, 60)) for one in window), strict=True)
        )
