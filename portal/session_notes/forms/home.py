"""The form for a client's assignments and their own plan, on the wrap-up and on the client page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.models import Assignment, ClientProfile
from portal.models.client import PLAN_LONGEST
from portal.session_notes.actions.assign import MOST, NewAssignment
from portal.session_notes.actions.wrap_up import LONGEST, plan_mark, too_long
from portal.session_notes.assignable import AssignableItem, exercises, given_to, home_mark, lessons, name_of
from practice.core.plain_text import plain_line
from practice.models import User

MOST_SLOTS = 12  # a client may have been given more than three before; nobody sends more than this
DOSAGE_LONGEST = 120


class LinesField(forms.CharField):
    """A field of a few lines, or many; a text too long is refused, and stays on the page."""

    def __init__(self, label: Any, *, longest: int = LONGEST, rows: int = 2, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            required=False,
            help_text=help_text,
            widget=forms.Textarea(attrs={"class": "one", "rows": rows}),
        )
        self.longest = longest

    def clean(self, value: Any) -> str:
        """Return the text with one character for each line end: a browser sends two."""
        text = str(super().clean(value)).replace("\r\n", "\n")
        if wrong := too_long(text, self.longest):
            raise ValidationError(wrong)
        return text


class AssignableSelect(forms.Select):
    """A select of lessons and exercises, with each exercise's usual dosage for the page to fill in.

    `heeds`: what to take care of with it, for the page to show once it is chosen.
    """

    def __init__(self, dosages: Mapping[str, str], heeds: Mapping[str, str]) -> None:
        super().__init__()
        self.dosages, self.heeds = dosages, heeds

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return Django's option, with the dosage."""
        option = super().create_option(name, value, *args, **kwargs)
        if dosage := self.dosages.get(str(value)):
            option["attrs"]["data-dosage"] = dosage
        if heed := self.heeds.get(str(value)):
            option["attrs"]["data-heed"] = heed
        return option


@dataclass(frozen=True)
class AssignmentFields:
    """The fields of one assignment, as the page shows them."""

    number: int
    what: BoundField
    dosage: BoundField
    word: BoundField
    heed: str = ""


class HomeForm(forms.Form):
    """A form for assignments and plan. It refuses lengths and unknown choices; the actions judge the rest."""

    use_required_attribute = False
    data: MultiValueDict[str, str]  # as a page sends it: a name may have several values

    plan = LinesField(
        gettext_lazy("When and where"),
        longest=PLAN_LONGEST,
        help_text=gettext_lazy("In their own words. Emails quote it."),
    )
    obstacle = LinesField(
        gettext_lazy("And if something gets in the way"),
        longest=PLAN_LONGEST,
        rows=1,
        help_text=gettext_lazy("If the floor is cold, two blankets."),
    )
    plan_seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    home_seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(
        self,
        data: Any = None,
        *,
        client: User | None,
        beside: Mapping[str, Any] | None = None,
        drafted: Mapping[str, Any] | None = None,
    ) -> None:
        """Set up the fields.

        `beside`: initial values of other fields; `drafted`: what was saved before, in place of a guess.
        """
        self.name = client.first_name if client else _("The client")
        self.things = {thing.name: thing for thing in (*lessons(), *exercises(client))}
        live = given_to(client) if client else []
        self.leaving = [str(one.what) for one in live if name_of(one.what) not in self.things]
        staying = [one for one in live if name_of(one.what) in self.things]
        initial = {
            **(beside or {}),
            **guess(client, staying),
            "home_seen": home_mark(live),
            **(drafted or {}),
        }
        super().__init__(data, initial=initial)
        self.slot_count = slot_count(data if data is not None else initial)
        for number in range(self.slot_count):
            self._add_slot(number)

    def _add_slot(self, number: int) -> None:
        dosages = {thing.name: thing.dosage for thing in self.things.values()}
        heeds = {thing.name: thing.heed for thing in self.things.values()}
        lessons_, exercises_ = (
            [(name, thing.words) for name, thing in self.things.items() if name.startswith(kind)]
            for kind in ("lesson:", "exercise:")
        )
        self.fields[f"what_{number}"] = forms.ChoiceField(
            label=_("To do at home") if not number else _("And"),
            required=False,
            choices=[
                ("", _("Nothing for now") if not number else _("Nothing more")),
                (_("Lessons"), lessons_),
                (_("Exercises"), exercises_),
            ],
            widget=AssignableSelect(dosages, heeds),
            error_messages={"invalid_choice": _("This can no longer be assigned. Please choose again.")},
        )
        self.fields[f"dosage_{number}"] = LinesField(_("How often"), longest=DOSAGE_LONGEST, rows=1)
        self.fields[f"word_{number}"] = LinesField(_("A note from you"), longest=PLAN_LONGEST, rows=1)

    def slots(self) -> Iterator[AssignmentFields]:
        """Yield the fields of each assignment, one after the other."""
        for number in range(self.slot_count):
            what, dosage, word = (self[f"{name}_{number}"] for name in ("what", "dosage", "word"))
            chosen = self.things.get(str(what.value() or ""))
            yield AssignmentFields(number + 1, what, dosage, word, chosen.heed if chosen else "")

    def home(self) -> list[NewAssignment]:
        """Return the assignments as the valid form was sent."""
        return list(self._home())

    def home_so_far(self) -> list[NewAssignment]:
        """Return the assignments as the page stands, whether or not it could be signed like this."""
        said = [(slot, self.things.get(str(slot.what.value() or ""))) for slot in self.slots()]
        return [
            NewAssignment(
                thing.what, plain_line(str(slot.dosage.value() or "")), str(slot.word.value() or "")
            )
            for slot, thing in said
            if thing
        ]

    def _home(self) -> Iterator[NewAssignment]:
        for number in range(self.slot_count):
            thing: AssignableItem | None = self.things.get(self.cleaned_data[f"what_{number}"])
            if thing:
                dosage = plain_line(self.cleaned_data[f"dosage_{number}"] or thing.dosage[:DOSAGE_LONGEST])
                yield NewAssignment(thing.what, dosage, self.cleaned_data[f"word_{number}"])


def guess(client: User | None, given: Sequence[Assignment]) -> dict[str, Any]:
    """Return what the page suggests before anybody wrote on it: the client's assignments and own plan."""
    if client is None:
        return {}
    page = ClientProfile.objects.of(client)
    seen = plan_mark(page.plan, page.obstacle)
    said: dict[str, Any] = {"plan": page.plan, "obstacle": page.obstacle, "plan_seen": seen}
    for number, one in enumerate(given):
        said |= {
            f"what_{number}": name_of(one.what),
            f"dosage_{number}": one.dosage,
            f"word_{number}": one.word,
        }
    return said


def slot_count(said: Mapping[str, Any]) -> int:
    """Return three, or as many as are filled in."""
    filled = [number for number in range(MOST_SLOTS) if said.get(f"what_{number}")]
    return max(MOST, *(number + 1 for number in filled), 0)
