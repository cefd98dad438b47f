"""The forms of the people who work here: someone new, a role, a practitioner's details."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from booking.models import SessionType
from booking.staff.queries import practitioner_of
from practice.access.roles import AT_WORK
from practice.core.locales.zone_words import zone_choices
from practice.models import Practitioner, Room, User
from practice.queries import the_practice

MAY = {
    User.Role.FRONT_DESK: gettext_lazy(
        "Front desk: books, moves, and cancels for everyone; opens no records."
    ),
    User.Role.PRACTITIONER: gettext_lazy("Practitioner: their own sessions, clients, and notes."),
    User.Role.OWNER: gettext_lazy(
        "Owner: everything, also these pages. Can open every record, and it is logged."
    ),
}


def _roles() -> list[tuple[str, Any]]:
    return [(role, MAY[User.Role(role)]) for role in AT_WORK]


class RoleForm(forms.Form):
    """The form for a role."""

    use_required_attribute = False
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=_roles,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Please choose one of these.")},
    )


class NewPersonForm(RoleForm):
    """The form for someone new."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=150, widget=forms.TextInput({"autocomplete": "off"})
    )
    email = forms.EmailField(
        label=gettext_lazy("Email"),
        help_text=gettext_lazy("They sign in with codes sent here, so only they should be able to read it."),
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    field_order = ("name", "email", "role")


class PractitionerForm(forms.ModelForm):
    """The form for what is said of a practitioner, and what they give."""

    use_required_attribute = False
    zone = forms.ChoiceField(label=gettext_lazy("Time zone"))
    room = forms.ModelChoiceField(
        label=gettext_lazy("Room"),
        queryset=Room.objects.all(),
        required=False,
        empty_label=gettext_lazy("No room"),
    )
    new_room = forms.CharField(
        label=gettext_lazy("Or a new room"),
        required=False,
        max_length=80,
        help_text=gettext_lazy("Two people in one room are never booked at the same time."),
    )
    services = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Services"),
        queryset=SessionType.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    video_link = forms.URLField(
        label=gettext_lazy("Link to their video calls"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("Clients with video sessions find it on their page and in their emails."),
    )
    notices = forms.ChoiceField(
        label=gettext_lazy("Emails about bookings, changes and what clients write"),
        help_text=gettext_lazy("Today shows all of it in any case. A request for a time is always emailed."),
    )
    slug = forms.SlugField(
        label=gettext_lazy("Web address"),
        required=False,
        help_text=gettext_lazy("Leave it empty, and it is made from the first name."),
        error_messages={"invalid": gettext_lazy("Use only a–z, 0–9 and hyphens.")},
    )

    class Meta:
        model = Practitioner
        fields = ("bio", "room", "zone", "since", "video_link", "is_bookable", "notices")
        labels = {"bio": gettext_lazy("Introduction, in their own words")}
        widgets = {"bio": forms.Textarea({"rows": 5})}

    def __init__(self, *args: Any, user: User, **options: Any) -> None:
        known = practitioner_of(user)
        practice = the_practice()
        digest = Practitioner.Notices.DIGEST
        options["instance"] = known or Practitioner(zone=practice.zone, notices=digest)
        super().__init__(*args, **options)
        choices = list(zone_choices(practice.locale))
        if options["instance"].zone not in dict(choices):
            choices.insert(0, (options["instance"].zone, options["instance"].zone))
        self.fields["zone"].choices = choices  # type: ignore[attr-defined]
        notices = [(value, capfirst(label)) for value, label in Practitioner.Notices.choices]
        self.fields["notices"].choices = notices  # type: ignore[attr-defined]
        self.initial["slug"] = options["instance"].slug
        self.initial["services"] = list(known.session_types.values_list("pk", flat=True)) if known else []

    def values(self) -> dict[str, Any]:
        """Return the columns of the practitioner as they were typed."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "slug")}
