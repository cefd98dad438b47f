"""The form of a client's preferences."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models.client import PLAN_LONGEST
from portal.preferences.actions import EmailPreferences
from practice.core import formatting
from practice.core.clock import in_quiet_hours
from practice.core.locales.zone_words import zone_choices, zone_in_words
from practice.models import Practice

AS_HERE = "practice"
TOO_LONG = gettext_lazy("That’s too long to quote in an email. Please use up to 1,000 characters.")


class PreferencesForm(forms.Form):
    """A form for when emails come, and the client's plan. `now_at`: the present hour, kept as a choice."""

    use_required_attribute = False

    plan = forms.CharField(
        label=gettext_lazy("When and where you practice"),
        required=False,
        max_length=PLAN_LONGEST,
        help_text=gettext_lazy(
            "In your own words, such as “after breakfast, on the rug”. Our emails quote it."
        ),
        widget=forms.Textarea({"class": "one", "rows": 1}),
        error_messages={"max_length": TOO_LONG},
    )
    obstacle = forms.CharField(
        label=gettext_lazy("If something gets in the way"),
        required=False,
        max_length=PLAN_LONGEST,
        help_text=gettext_lazy("Such as “if the floor is cold, two blankets”."),
        widget=forms.Textarea({"class": "one", "rows": 1}),
        error_messages={"max_length": TOO_LONG},
    )
    letter_at = forms.TypedChoiceField(
        label=gettext_lazy("Time for emails"),
        coerce=dt.time.fromisoformat,
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"), gettext_lazy("Please choose one of these hours.")
        ),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days for emails"),
        required=False,
        coerce=int,
        help_text=gettext_lazy("Leave all unchecked for any day."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("Please choose from these days.")},
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Your time zone"),
        error_messages=dict.fromkeys(
            ("required", "invalid_choice"),
            gettext_lazy("We don’t know this time zone. Please choose another."),
        ),
    )
    reminders = forms.BooleanField(label=gettext_lazy("Remind me before a session."), required=False)

    def __init__(self, *args: Any, practice: Practice, now_at: dt.time, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("plan", "obstacle"):  # a browser would cut what is pasted, and say nothing
            del self.fields[name].widget.attrs["maxlength"]
        letter_at, weekdays, zone = (self.fields[name] for name in ("letter_at", "weekdays", "zone"))
        assert isinstance(letter_at, forms.ChoiceField)
        assert isinstance(weekdays, forms.ChoiceField)
        assert isinstance(zone, forms.ChoiceField)
        letter_at.choices = hours(practice, now_at)
        weekdays.choices = [
            (day, formatting.weekday_name(day, locale=practice.locale))
            for day in formatting.in_week_order(range(7), locale=practice.locale)
        ]
        zone.choices = [
            (
                AS_HERE,
                _("Same as the practice: %(zone)s")
                % {"zone": zone_in_words(practice.zone, locale=practice.locale)},
            ),
            *zone_choices(practice.locale),
        ]
        if leads := formatting.lead_times(practice.reminder_hours, locale=practice.locale):
            self.fields["reminders"].label = _("Remind me %(leads)s before a session.") % {"leads": leads}

    def clean_plan(self) -> str:
        """Return the plan as one line, word for word."""
        return one_line(self.cleaned_data["plan"])

    def clean_obstacle(self) -> str:
        """Return the obstacle as one line, word for word."""
        return one_line(self.cleaned_data["obstacle"])

    def wishes(self) -> EmailPreferences:
        """Return a valid form as a value."""
        said = self.cleaned_data
        return EmailPreferences(
            letter_at=said["letter_at"],
            weekdays=tuple(said["weekdays"]),
            zone="" if said["zone"] == AS_HERE else said["zone"],
            reminders=said["reminders"],
            plan=said["plan"],
            obstacle=said["obstacle"],
        )


def one_line(said: str) -> str:
    """Return the words without line ends and other controls; characters unknown to Python stay."""
    return "".join(sign for sign in " ".join(said.split()) if sign.isprintable() or ord(sign) > 0x9F)


def hours(practice: Practice, now_at: dt.time) -> list[tuple[str, str]]:
    """Return the full hours outside the practice's quiet hours, and the present choice, in order."""
    day, utc = dt.date(2001, 1, 1), ZoneInfo("UTC")
    full = {dt.time(hour) for hour in range(24)}
    loud = {
        at
        for at in full
        if not in_quiet_hours(
            dt.datetime.combine(day, at, utc), utc, _time(practice.quiet_from), _time(practice.quiet_until)
        )
    }
    return [
        (at.isoformat("minutes"), formatting.wall_time(dt.datetime.combine(day, at), locale=practice.locale))
        for at in sorted(loud | {now_at.replace(second=0, microsecond=0)})
    ]


def _time(value: dt.time | str) -> dt.time:
    """Return a time of day, read from text for a practice that was not saved yet."""
    return dt.time.fromisoformat(value) if isinstance(value, str) else value
