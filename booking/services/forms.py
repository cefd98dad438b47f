"""The forms of a session type and of the practice's reminders."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.models import Place, SessionType
from booking.services.actions import fingerprint
from practice.core import formatting
from practice.models import Practitioner
from practice.queries import the_practice
from practice.web.forms import MoneyField

HOURS, DAYS = "hours", "days"
MOST_NOTICE_DAYS, MOST_HORIZON_DAYS, LONGEST_BUFFER, MOST_A_DAY = 365, 1095, 720, 100
REMINDER_HOURS = (168, 72, 48, 24, 4, 2, 1)
MOST_REMINDERS = 5
PARTS = {
    "terms": ("who", "needs_approval", "notice", "notice_unit", "horizon_days", "daily_limit"),
    "starts": ("step", "gaps", "buffer_before", "buffer_after", "buffer_rule", "buffers_inside_hours"),
    "place": ("travel_before", "travel_after", "video_link"),
    "preparation": ("preparation",),
    "address": ("slug",),
}


class PeopleField(forms.ModelMultipleChoiceField):
    """The practitioners, each with their room."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.name} ({obj.room.name})" if obj.room else obj.user.name


class ServiceForm(forms.ModelForm):
    """The form of a session type. Its price is typed as money, its notice in hours or days."""

    use_required_attribute = False
    price = MoneyField(label=gettext_lazy("Price"), help_text=gettext_lazy("0 if it is free."))
    practitioners = PeopleField(
        label=gettext_lazy("Who gives it, and in which room"),
        queryset=Practitioner.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one person.")},
    )
    notice = forms.IntegerField(
        label=gettext_lazy("Minimum notice"), min_value=0, widget=forms.NumberInput({"inputmode": "numeric"})
    )
    notice_unit = forms.ChoiceField(
        label=gettext_lazy("Hours or days"),
        choices=[(HOURS, gettext_lazy("hours")), (DAYS, gettext_lazy("days"))],
        error_messages={"required": gettext_lazy("Please choose one of these.")},
    )
    slug = forms.SlugField(
        label=gettext_lazy("Web address"),
        required=False,
        max_length=50,
        help_text=gettext_lazy(
            "The last part of the link to this service. It stays when you change the name. "
            "If you change it here, links to the old address stop working."
        ),
        error_messages={"invalid": gettext_lazy("Use only a–z, 0–9 and hyphens.")},
    )
    video_link = forms.URLField(
        label=gettext_lazy("Link to the video call"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("For practitioners who don’t have their own link."),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = SessionType
        fields = (
            *("name", "description", "minutes", "place", "who", "needs_approval", "horizon_days"),
            *("daily_limit", "step", "gaps", "buffer_before", "buffer_after", "buffer_rule"),
            *("buffers_inside_hours", "travel_before", "travel_after", "video_link", "preparation"),
            "is_active",
        )
        labels = {
            "name": gettext_lazy("Name"),
            "description": gettext_lazy("Description"),
            "minutes": gettext_lazy("Length, in minutes"),
            "is_active": gettext_lazy("Can be booked"),
        }
        widgets = {
            "description": forms.Textarea({"rows": 3}),
            "preparation": forms.Textarea({"rows": 4}),
            "place": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        kind: SessionType = self.instance
        self.fields["practitioners"].queryset = Practitioner.objects.select_related("user", "room")  # type: ignore[attr-defined]
        for name, most in (
            ("horizon_days", MOST_HORIZON_DAYS),
            ("buffer_before", LONGEST_BUFFER),
            ("buffer_after", LONGEST_BUFFER),
            ("step", LONGEST_BUFFER),
            ("daily_limit", MOST_A_DAY),
        ):
            self.fields[name].validators.append(MaxValueValidator(most))
        for name in ("place", "who", "gaps", "buffer_rule"):
            field: Any = self.fields[name]
            field.choices = [(value, capfirst(words)) for value, words in field.choices]
        self.fields["daily_limit"].validators.append(MinValueValidator(1))
        in_days = kind.notice_hours >= 48 and kind.notice_hours % 24 == 0
        self.initial = {
            **self.initial,
            "notice": kind.notice_hours // 24 if in_days else kind.notice_hours,
            "notice_unit": DAYS if in_days else HOURS,
            "slug": kind.slug,
        }
        if kind.pk:
            self.initial = {
                **self.initial,
                "price": kind.price_cents,
                "practitioners": [one.pk for one in kind.practitioners.all()],
                "seen": fingerprint(kind),
            }
        else:
            self.initial["practitioners"] = [one.pk for one in Practitioner.objects.all()[:2]][:1]

    def replace_their_changes(self) -> None:
        """Let the next save of this form replace what someone else changed: its reader was told."""
        current = SessionType.objects.filter(pk=self.instance.pk).first()
        if current:
            typed: Any = self.data
            typed = typed.copy()
            typed["seen"] = fingerprint(current)
            self.data = typed

    def parts(self) -> dict[str, bool]:
        """Return the folded parts of the form, with whether each is open because of an error."""
        return {part: any(name in self.errors for name in names) for part, names in PARTS.items()}

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; a service by video needs a link for everyone who gives it."""
        said = dict(super().clean() or self.cleaned_data)
        notice, unit = said.get("notice"), said.get("notice_unit")
        if notice is not None and unit:
            said["notice_hours"] = notice * 24 if unit == DAYS else notice
            if said["notice_hours"] > MOST_NOTICE_DAYS * 24:
                self.add_error("notice", _("At most %(days)s days.") % {"days": MOST_NOTICE_DAYS})
        without = [one.user.name for one in said.get("practitioners", ()) if not one.video_link]
        if said.get("place") == Place.VIDEO and without and not said.get("video_link"):
            words = _("Enter a link: %(people)s has none of their own.") % {"people": without[0]}
            self.add_error("video_link", words)
        return said

    def values(self) -> dict[str, Any]:
        """Return the columns of the session type as they were typed."""
        said = self.cleaned_data
        typed = {name: said[name] for name in self.Meta.fields}
        address = said["slug"] or self.initial["slug"]
        return {**typed, "price_cents": said["price"], "notice_hours": said["notice_hours"], "slug": address}


class RemindersForm(forms.Form):
    """The form for when the reminders before a session are sent."""

    hours = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Reminder emails"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        practice = the_practice()
        known = sorted({*REMINDER_HOURS, *practice.reminder_hours}, reverse=True)
        self.fields["hours"].choices = [  # type: ignore[attr-defined]
            (hours, _before(hours, practice.locale)) for hours in known
        ]
        self.initial.setdefault("hours", practice.reminder_hours)

    def clean_hours(self) -> list[int]:
        """Return the hours chosen. Raises ValidationError for too many."""
        hours: list[int] = self.cleaned_data["hours"]
        if len(hours) > MOST_REMINDERS:
            raise ValidationError(_("Choose up to %(most)s.") % {"most": MOST_REMINDERS})
        return hours


def _before(hours: int, locale: str) -> str:
    lead = formatting.lead_time(dt.timedelta(hours=hours), locale=locale)
    return _("%(lead)s before") % {"lead": lead}
