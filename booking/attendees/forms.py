"""The form fields about who comes, made from `QUESTIONS`: every form of a booking asks with these."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.attendees.attendee import FOR_WHOM, ME, OTHER, Attendee
from booking.attendees.questions import NAMES, ON_RECORD, QUESTIONS, Question, kept_by
from booking.models import Appointment, Place
from booking.places import wording
from practice.core.plain_text import plain_line
from practice.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

PHONE_HELP = {
    Place.CLIENT.value: gettext_lazy("So we can reach you when we’re on our way."),
    Place.PHONE.value: gettext_lazy("We’ll call this number for your session."),
}
#: What is asked for some places only comes last, after for whom it is.
IN_ORDER = (
    "whom",
    *(one.name for one in QUESTIONS if not one.only_for_place),
    "for_name",
    *(one.name for one in QUESTIONS if one.only_for_place),
    "agree",
)


class AttendeeField(forms.CharField):
    """A field for one answer. `needed`: what to say when the place needs it and it is empty."""

    def __init__(self, question: Question, *, needed: str = "", **options: Any) -> None:
        self.question = question
        super().__init__(
            label=question.label,
            required=bool(needed) or question.required,
            max_length=None if question.lines else question.longest,
            widget=_widget(question),
            help_text=question.help_text,
            error_messages={"required": needed or question.missing, "max_length": question.too_long},
            **options,
        )

    def clean(self, value: Any) -> str:
        """Return a tidy answer. Raises ValidationError, in words that say how to fix it."""
        answer = self.question.tidy(super().clean(value))
        if not answer and self.required:
            raise ValidationError(self.error_messages["required"])
        if len(answer) > self.question.longest:
            raise ValidationError(self.error_messages["max_length"])
        if answer and (words := self.question.wrong(answer)):
            raise ValidationError(self._in_words(words))
        return answer

    def prepare_value(self, value: Any) -> Any:
        """Return a kept answer as people write it, to be read or changed."""
        return self.question.shown(value) if isinstance(value, str) and value else value

    def _in_words(self, words: str) -> str | _StrPromise:
        """Return what is wrong: as this form says it, else as the question does."""
        if "invalid" in self.error_messages:
            return self.error_messages["invalid"]
        return words if self.required else f"{words} {_('Or leave it blank.')}"


def _widget(question: Question) -> forms.Widget:
    attrs: dict[str, str | int] = {"autocomplete": question.autocomplete}
    if question.lines:
        return forms.Textarea(attrs={"rows": question.lines, **attrs})
    if question.kind == "email":
        return forms.EmailInput(attrs=attrs)
    return forms.TextInput(attrs=attrs if question.kind == "text" else {**attrs, "type": question.kind})


class AsksWhoComes(forms.BaseForm):
    """The part of a form that asks about the attendee. Its fields are added by `ask`."""

    known_client: User | None = None

    def ask(
        self,
        *,
        place: str = "",
        known: Collection[str] = (),
        model: type[Model] = Appointment,
    ) -> None:
        """Add the fields that are asked, before the form's other fields.

        `known`: names that are not asked, unless the `place` needs them: then they are filled in from the
        client's record and can be changed. `model`: the row that keeps the answers; nothing else is asked.
        """
        kept = kept_by(model)
        for one in QUESTIONS:
            needed = wording.missing(place, one.name)
            asked = not (one.only_for_place or one.name in known) and (not one.kept_as or one in kept)
            if needed or asked:
                self.fields[one.name] = AttendeeField(one, needed=needed)
        if wording.missing(place, "phone"):
            number = self.fields["phone"]
            number.help_text = PHONE_HELP[place]
            number.initial = str(self.known_client.phone or "") if self.known_client else ""
        self.order_fields(self.field_order or IN_ORDER)

    def ask_at_will(self, names: Collection[str]) -> None:
        """Add the fields of these names, none of them required: a form that knows no place yet."""
        for one in QUESTIONS:
            if one.name in names:
                self.fields[one.name] = AttendeeField(one)
                self.fields[one.name].required = False
        self.order_fields(self.field_order)

    @property
    def attendee_fields(self) -> list[BoundField]:
        """Return the fields about who comes, in order, for a template to loop over."""
        return [self[name] for name in self.fields if name in NAMES or name == "for_name"]

    @property
    def needed_fields(self) -> list[BoundField]:
        """Return those of them that have to be answered."""
        return [one for one in self.attendee_fields if one.field.required]

    @property
    def optional_fields(self) -> list[BoundField]:
        """Return those of them that may be left empty."""
        return [one for one in self.attendee_fields if not one.field.required]

    def attendee(self, *, zone: str = "") -> Attendee:
        """Return the person that the valid form describes."""
        return Attendee.from_answers(self.cleaned_data, client=self.known_client, zone=zone)


class DetailsForm(AsksWhoComes, forms.Form):
    """The public form for who is coming, and for agreeing to the canceling rules."""

    use_required_attribute = False

    for_name = forms.CharField(
        label=gettext_lazy("Who is it for, if not you?"),
        max_length=150,
        required=False,
        help_text=gettext_lazy(
            "Their name. The questions before a first session are about them; the emails come to you."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "max_length": gettext_lazy("That’s too long. Please use up to 150 characters."),
        },
    )
    agree = forms.BooleanField(
        label=gettext_lazy("I have read this and agree."),
        error_messages={
            "required": gettext_lazy("Please check the box to agree to the cancellation policy.")
        },
    )

    def __init__(self, *args: Any, place: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.ask(place=place)

    def clean_for_name(self) -> str:
        """Return one line of plain text, or ""."""
        return plain_line(self.cleaned_data["for_name"])


class KnownClientForm(AsksWhoComes, forms.Form):
    """The form for a signed-in client: for whom it is, and only what is not known yet."""

    use_required_attribute = False

    whom = forms.ChoiceField(
        label=gettext_lazy("Who is it for?"),
        widget=forms.RadioSelect,
        initial=ME,
        error_messages={
            "required": gettext_lazy("Please choose who it’s for."),
            "invalid_choice": gettext_lazy("Please choose who it’s for."),
        },
    )
    agree = DetailsForm.base_fields["agree"]

    def __init__(self, *args: Any, client: User, has_agreed: bool, place: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        self.known_client = client
        self.ask(place=place, known=("email", "phone") if client.phone else ("email",))
        whom: Any = self.fields["whom"]
        whom.choices = [(ME, _("For me, %(name)s") % {"name": client.name}), (OTHER, _("For someone else"))]
        if client.name:
            name = self.fields["name"]
            name.required = False
            name.label = _("Their name")
            name.widget.attrs["autocomplete"] = "off"
        else:
            del self.fields["whom"]
        if has_agreed:
            del self.fields["agree"]

    def clean_name(self) -> str:
        """Return who comes: the client, unless somebody else is named. Raises ValidationError."""
        name = str(self.cleaned_data["name"])
        if not self.known_client or not self.known_client.name:
            return name
        if self.cleaned_data.get("whom") != OTHER:
            return self.known_client.name
        if not name:
            raise ValidationError(_("Please tell us who it’s for."))
        return name

    def clean(self) -> dict[str, Any]:
        """Return the answers; who agreed before agrees again by booking."""
        self.cleaned_data = {"agree": True, **(super().clean() or self.cleaned_data)}
        return self.cleaned_data


class NewPerson(AsksWhoComes, forms.Form):
    """The workspace form: a person without a record, as described on the phone.

    Without an address no email is sent. For a `client` with a record it asks only what the record has not and
    what the session's place needs.
    """

    use_required_attribute = False

    def __init__(
        self, data: Any = None, *, place: str = "", client: User | None = None, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.known_client = client
        self.ask(place=place, known=ON_RECORD if client else ())
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"  # the browser knows the person at work, not the client
        if client is None:
            self._ask_in_the_third_person()

    def _ask_in_the_third_person(self) -> None:
        """Ask a person at work, who may not know the address."""
        name, email = self.fields["name"], self.fields["email"]
        name.label, email.required = _("Name"), False
        name.error_messages["required"] = _("Please enter who it’s for.")
        email.help_text = _(
            "We send the confirmation and reminders here. Without an email address, none are sent."
        )
        email.error_messages["invalid"] = _("This does not look like an email address.")


class OfferForm(AsksWhoComes, forms.Form):
    """A form for what the place of an offered time needs and the waitlist entry does not have."""

    use_required_attribute = False

    def __init__(self, data: Any = None, *, place: str, known: Attendee) -> None:
        super().__init__(data)
        self.ask(place=place, known=NAMES)
        for name, answer in known.answers().items():
            if answer:
                self.fields.pop(name, None)


def typed(said: Any) -> dict[str, str]:
    """Return what was already typed about the attendee, as hidden fields carry it from page to page."""
    longest = max(one.longest for one in QUESTIONS)
    return {name: said.get(name, "")[:longest] for name in (*FOR_WHOM, *NAMES)}
