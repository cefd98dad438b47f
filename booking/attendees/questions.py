"""What a booking asks about the person who comes: one list for every form, for the API and for the rows.

A question is written once, here. The forms (`forms.py`), the API's body (`booking/api/schemas.py`), the
checks of every action (`checks.py`), the rows that keep the answer, the page of the appointment at work and a
client's copy all read this list.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils.translation import gettext_lazy

from booking.places import wording
from practice.contact import kept_number, shown_number, wrong_number
from practice.core.plain_text import plain_line
from practice.security.crypto import Unreadable
from practice.web.field_messages import wrong_email

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from booking.models import Appointment, WaitlistEntry

TOO_LONG = gettext_lazy("That’s too long.")


def nothing_wrong(text: str) -> str:
    """Return "": any text will do."""
    return ""


@dataclass(frozen=True)
class Question:
    """A question about the attendee, with what makes an answer right.

    `name`: of the form's field, the API's property and the attribute of `Attendee`. `column`: of the rows
    that keep the answer, if it is another name; "" if it is only on the person's record. `tidy`: the answer
    as it is kept. `wrong`: what is wrong with a tidy answer, in a sentence that says how to fix it, or "".
    """

    name: str
    label: str | _StrPromise
    _: KW_ONLY
    longest: int
    column: str | None = None
    required: bool = False
    #: Known from a client's record, so a client is not asked again.
    is_on_record: bool = False
    #: Asked only where the place of the session needs it.
    only_for_place: bool = False
    help_text: str | _StrPromise = ""
    missing: str | _StrPromise = ""
    too_long: str | _StrPromise = TOO_LONG
    tidy: Callable[[str], str] = plain_line
    wrong: Callable[[str], str] = nothing_wrong
    #: The kept answer as a form shows it again.
    shown: Callable[[str], str] = str
    #: The input's type and its `autocomplete`; `lines`: the height of a field for several lines.
    kind: str = "text"
    autocomplete: str = "off"
    lines: int = 0
    #: A heading names the attendee, and an address has its own line: they are not in the list of facts.
    is_fact: bool = True
    for_programs: str = ""

    @property
    def kept_as(self) -> str:
        """Return the column of the rows that keep the answer; "" if none does."""
        return self.name if self.column is None else self.column


def tidy_email(email: str) -> str:
    """Return an email address in lower case, without blanks around it."""
    return plain_line(email).lower()


#: In the order of the form. A new question goes between the phone number and the address.
QUESTIONS = (
    Question(
        "name",
        gettext_lazy("Your name"),
        longest=150,
        column="attendee_name",
        required=True,
        is_on_record=True,
        missing=gettext_lazy("Please tell us your name."),
        too_long=gettext_lazy("That’s too long. Please use up to 150 characters."),
        autocomplete="name",
        is_fact=False,
    ),
    Question(
        "email",
        gettext_lazy("Email"),
        longest=254,
        column="",
        required=True,
        is_on_record=True,
        help_text=gettext_lazy(
            "For your confirmation and calendar file. Nothing else, unless you ask for it."
        ),
        missing=gettext_lazy("Please give an email address so we can confirm."),
        too_long=gettext_lazy("This email address is too long."),
        tidy=tidy_email,
        wrong=wrong_email,
        kind="email",
        autocomplete="email",
    ),
    Question(
        "phone",
        gettext_lazy("Phone"),
        longest=40,
        is_on_record=True,
        help_text=gettext_lazy("Only if we need to reach you that day."),
        too_long=gettext_lazy("This phone number is too long."),
        tidy=kept_number,
        wrong=wrong_number,
        shown=shown_number,
        kind="tel",
        autocomplete="tel",
        for_programs="With area code, or with + and country code. Required if the session type has a place.",
    ),
    Question(
        "address",
        gettext_lazy("Address"),
        longest=wording.LONGEST,
        only_for_place=True,
        help_text=gettext_lazy("Street address and city, and anything that helps us find the door."),
        too_long=gettext_lazy("That’s too long. Please use up to 300 characters."),
        tidy=wording.tidy,
        autocomplete="street-address",
        lines=3,
        is_fact=False,
        for_programs='Where we come to. Required if the place of the session type is "client".',
    ),
)
NAMES = tuple(one.name for one in QUESTIONS)
ON_RECORD = tuple(one.name for one in QUESTIONS if one.is_on_record)


def kept_by(model: type[Model]) -> tuple[Question, ...]:
    """Return the questions whose answers a row of this model keeps."""
    columns = {field.name for field in model._meta.concrete_fields}
    return tuple(one for one in QUESTIONS if one.kept_as in columns)


def answer_in(row: Model, question: Question) -> str:
    """Return the answer that a row keeps; "" where its key was lost."""
    try:
        return str(getattr(row, question.kept_as) or "")
    except Unreadable:
        return ""


def facts_of(appointment: Appointment) -> list[tuple[Question, str]]:
    """Return what was answered for this appointment, apart from the name and the address of a visit."""
    kept = kept_by(type(appointment))
    found = [(one, answer_in(appointment, one)) for one in kept if one.is_fact]
    return [(question, answer) for question, answer in found if answer]


def copied_from(row: Appointment | WaitlistEntry) -> dict[str, Any]:
    """Return those answers of an appointment or a wish for a client's copy, also empty ones."""
    kept = kept_by(type(row))
    return {one.name: str(getattr(row, one.kept_as)) for one in kept if one.is_fact}
