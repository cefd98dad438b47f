"""The form of a blocked time: who, on which day, from when to when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.availability import wording as availability_wording
from practice.core import clock
from practice.core.locales.zone_words import zone_in_words
from practice.models import Practitioner
from practice.queries import the_practice

A_DAY, A_TIME = (
    gettext_lazy("Please enter a date like 2027-03-16."),
    gettext_lazy("Please enter a time like 12:30."),
)


def _time(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    wrong = {"required": A_TIME, "invalid": A_TIME}
    return forms.TimeField(label=label, widget=widget, error_messages=wrong, **options)


class BlockForm(forms.Form):
    """The form. Its times are read on the clocks of `zone`; `start` and `end` are the instants they name."""

    use_required_attribute = False

    practitioner = forms.ChoiceField(
        label=gettext_lazy("Whose time"),
        error_messages={"invalid_choice": gettext_lazy("Please choose one of these.")},
    )
    day = forms.DateField(
        label=gettext_lazy("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": A_DAY, "invalid": A_DAY},
    )
    begins = _time(gettext_lazy("From"))
    ends = _time(gettext_lazy("Until"), help_text=gettext_lazy("12:00 AM is midnight, the end of the day."))
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Clients never see it. You, the practitioner, and the owner can read it."),
    )

    def __init__(
        self, *args: Any, people: Sequence[Practitioner], zone: ZoneInfo, now: dt.datetime, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.people, self.zone, self.now = {one.slug: one for one in people}, zone, now
        self.comes_twice = False
        choice = self.fields["practitioner"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [(one.slug, str(one)) for one in people]
        if len(people) == 1:
            choice.widget, choice.initial = forms.HiddenInput(), people[0].slug
        if any(one.zone != zone.key for one in people):
            self.fields["begins"].help_text = f"{zone_in_words(zone.key, locale=the_practice().locale)}."

    def clean(self) -> dict[str, Any]:
        """Check that it is a stretch within one day that is not over; add `person`, `start` and `end`."""
        said = dict(super().clean() or self.cleaned_data)
        if {"practitioner", "day", "begins", "ends"} - said.keys():
            return said
        begins, ends = (said[name].replace(second=0, microsecond=0) for name in ("begins", "ends"))
        if ends != dt.time() and ends <= begins:
            words = _(
                "The end must be after the beginning, on the same day. To block a time across midnight, "
                "block each day on its own."
            )
            raise ValidationError({"ends": words})
        try:
            midnight = clock.day_bounds(said["day"], self.zone)[1]
        except clock.ClockError as error:
            raise ValidationError({"day": A_DAY}) from error
        start = self._instant("begins", dt.datetime.combine(said["day"], begins))
        end = midnight
        if ends != dt.time():
            end = self._instant("ends", dt.datetime.combine(said["day"], ends), last=True)
        if end <= self.now:
            raise ValidationError({"day": _("That time has already passed.")})
        return {**said, "person": self.people[said["practitioner"]], "start": start, "end": end}

    def _instant(self, field: str, wall: dt.datetime, *, last: bool = False) -> dt.datetime:
        """Return the instant of a wall time. One that comes twice: from the first, or until the last."""
        try:
            return clock.resolve(wall, self.zone)
        except clock.AmbiguousTime as error:
            self.comes_twice = True
            return error.candidates[-1 if last else 0]
        except clock.ClockError as error:
            said = availability_wording.of_clock(error, locale=the_practice().locale)
            raise ValidationError({field: said}) from error
