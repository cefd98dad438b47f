"""The form of a wish: what would suit, and who waits."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking import queries
from booking.attendees.forms import AsksWhoComes
from booking.attendees.questions import NAMES, ON_RECORD
from booking.models import Appointment, WaitlistEntry
from booking.waitlist.actions.join import WaitlistChoices
from practice.core import formatting
from practice.models import Practitioner, User

ANY = "any"
#: Fields whose default suits most: any practitioner, at any hour, as long as we book ahead.
MORE = ("practitioner", "earliest", "latest", "last_day", "swaps")
UNREAD_DATE = gettext_lazy("Please enter a date like 2027-03-16.")
UNREAD_TIME = gettext_lazy("Please enter a time like 14:30.")


class WaitlistForm(AsksWhoComes, forms.Form):
    """The form of a wish; the action refuses what makes no sense. `mine`: sessions to give up for it.

    It has one name: of the person who waits.
    """

    use_required_attribute = False

    practitioner = forms.ChoiceField(
        label=gettext_lazy("With whom"),
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": gettext_lazy("Please choose one of these.")},
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Days that work"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Leave all unchecked for any day."),
        error_messages={"invalid_choice": gettext_lazy("Please choose from these days.")},
    )
    earliest = forms.TimeField(
        label=gettext_lazy("Earliest start"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": UNREAD_TIME},
    )
    latest = forms.TimeField(
        label=gettext_lazy("Latest start"),
        required=False,
        widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        error_messages={"invalid": UNREAD_TIME},
    )
    last_day = forms.DateField(
        label=gettext_lazy("Keep me on the list until"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("After that day, you’re taken off the list."),
        error_messages={
            "required": gettext_lazy("Please choose a day."),
            "invalid": UNREAD_DATE,
        },
    )
    swaps = forms.ModelChoiceField(
        label=gettext_lazy("Would you give up a later session for an earlier one?"),
        required=False,
        queryset=Appointment.objects.none(),
        widget=forms.RadioSelect,
        empty_label=gettext_lazy("No, I want an extra session"),
        error_messages={"invalid_choice": gettext_lazy("Please choose one of these.")},
    )
    agree = forms.BooleanField(
        label=gettext_lazy("I agree to the cancellation policy for any offered time I book."),
        error_messages={
            "required": gettext_lazy("Please check the box to agree to the cancellation policy.")
        },
    )

    field_order = ("practitioner", "weekdays", "earliest", "latest", "last_day", "swaps", *NAMES, "agree")

    def __init__(
        self,
        data: Any = None,
        *,
        practitioners: list[Practitioner],
        mine: list[Appointment],
        say: Any,
        locale: str,
        client: User | None = None,
        place: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.people = {person.slug: person for person in practitioners}
        self.known_client = client
        chosen, weekdays, theirs = (self.fields[name] for name in ("practitioner", "weekdays", "swaps"))
        assert isinstance(chosen, forms.ChoiceField)
        assert isinstance(weekdays, forms.ChoiceField)
        assert isinstance(theirs, forms.ModelChoiceField)
        chosen.choices = [
            (ANY, _("Anyone available")),
            *((slug, person.first_name) for slug, person in self.people.items()),
        ]
        weekdays.choices = [
            (day, formatting.weekday_name(day, locale=locale))
            for day in formatting.in_week_order(queries.weekdays_of(practitioners), locale=locale)
        ]
        if len(practitioners) == 1:
            del self.fields["practitioner"]
        if mine:
            theirs.queryset = Appointment.objects.filter(pk__in=[one.pk for one in mine])
            theirs.label_from_instance = say  # type: ignore[method-assign]  # as Django's own text says to do
        else:
            del self.fields["swaps"]
        self.ask(place=place, known=ON_RECORD if client else (), model=WaitlistEntry)
        if email := self.fields.get("email"):
            email.help_text = _("We’ll email you here when a time opens up.")

    def more(self) -> list[BoundField]:
        """Return the fields that most people leave as they are, shown in a part that begins folded."""
        return [*(self[name] for name in MORE if name in self.fields), *self.optional_fields]

    def is_open(self) -> bool:
        """Return whether that part is unfolded: once anything in it was chosen, or has an error."""
        return any(bound.errors or _said(bound.value()) != _said(bound.initial) for bound in self.more()) or (
            self.initial.get("practitioner", ANY) != ANY
        )

    def clean_last_day(self) -> dt.date:
        """Return the last day. Raises ValidationError outside the years 2001 to 8999."""
        day: dt.date = self.cleaned_data["last_day"]
        if not 2000 < day.year < 9000:
            raise ValidationError(UNREAD_DATE)
        return day

    def wanted(self) -> WaitlistChoices:
        """Return the wish as a value."""
        said = self.cleaned_data
        return WaitlistChoices(
            last_day=said["last_day"],
            practitioner=self.people.get(said.get("practitioner", "")),
            weekdays=tuple(said["weekdays"]),
            earliest=said["earliest"],
            latest=said["latest"],
        )


def _said(value: Any) -> str:
    """Return what a field would send."""
    return str(value or "")
