"""The form of the wrap-up: all of one session on one page, filled in with a guess."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.actions.assign import MOST, Given
from portal.actions.wrap_up import LONGEST, PLAN_LONGEST, WORDS, WrapUp, plan_mark, too_long
from portal.desk.following import Asks
from portal.desk.givable import Thing, exercises, given_to, lessons, name_of
from portal.followups.gather import is_superseded
from portal.models import Assignment, Client, FollowUpPlan, SessionNote
from practice import body_map
from practice.models import User
from practice.names import plain_line

MOST_SLOTS = 12  # a client may have been given more than three before; nobody sends more than this
DOSAGE_LONGEST = 120
STAYS = {"came", "letters"}  # of a draft that a later wrap-up has overtaken


class Words(forms.CharField):
    """A few lines, or many. Too long: said in a sentence, and what was typed stays on the page."""

    def __init__(self, label: Any, *, longest: int = LONGEST, rows: int = 2, help_text: Any = "") -> None:
        super().__init__(
            label=label,
            required=False,
            help_text=help_text,
            widget=forms.Textarea(attrs={"class": "one", "rows": rows}),
        )
        self.longest = longest

    def clean(self, value: Any) -> str:
        """With the line ends of our own: a browser sends two characters for each."""
        text = str(super().clean(value)).replace("\r\n", "\n")
        if wrong := too_long(text, self.longest):
            raise ValidationError(wrong)
        return text


class ThingSelect(forms.Select):
    """Each exercise tells its usual dosage, which the page may fill in."""

    def __init__(self, dosages: Mapping[str, str]) -> None:
        super().__init__()
        self.dosages = dosages

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """As Django's, with the dosage."""
        option = super().create_option(name, value, *args, **kwargs)
        if dosage := self.dosages.get(str(value)):
            option["attrs"]["data-dosage"] = dosage
        return option


@dataclass(frozen=True)
class Slot:
    """One thing to take home, as the page shows it."""

    number: int
    what: BoundField
    dosage: BoundField
    word: BoundField


class WrapUpForm(forms.Form):
    """Reads and refuses lengths and unknown choices; what may be given and signed the actions judge."""

    use_required_attribute = False
    data: MultiValueDict[str, str]  # as a page sends it: a name may have several values

    came = forms.ChoiceField(
        label=gettext_lazy("How it went"),
        widget=forms.RadioSelect,
        choices=[("yes", ""), ("no", "")],
        error_messages={"required": gettext_lazy("Please say whether the session took place.")},
    )
    foundation = Words(gettext_lazy("Foundation"), help_text=gettext_lazy("Pelvis, sacrum, SI joints."))
    low_back = Words(gettext_lazy("Low back"), rows=1)
    whole_body = Words(
        gettext_lazy("Whole body"), help_text=gettext_lazy("Knees, ankles, ribs, shoulders, neck.")
    )
    next_time = Words(gettext_lazy("For next time"), rows=1)
    plan = Words(
        gettext_lazy("When and where"),
        longest=PLAN_LONGEST,
        help_text=gettext_lazy("In their own words; emails quote it."),
    )
    obstacle = Words(
        gettext_lazy("And if something comes in between"),
        longest=PLAN_LONGEST,
        rows=1,
        help_text=gettext_lazy("If the floor is cold, two blankets."),
    )
    letters = forms.ChoiceField(
        label=gettext_lazy("Emails that will follow"),
        required=False,
        widget=forms.RadioSelect,
        choices=[("yes", ""), ("no", "")],
    )
    follow_up_plan = forms.ModelChoiceField(
        label=gettext_lazy("By which plan"),
        required=False,
        queryset=FollowUpPlan.objects.all(),
        empty_label=gettext_lazy("The usual one"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    plan_seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(
        self,
        data: Any = None,
        *,
        client: User | None,
        note: SessionNote | None,
        asks: Asks = Asks.NOTHING,
    ) -> None:
        self.asks, self.name = asks, client.first_name if client else _("The client")
        self.things = {thing.name: thing for thing in (*lessons(), *exercises())}
        self.touched_before = body_map.from_text(note.touched) if note else {}
        live = given_to(client) if client else []
        self.leaving = [str(one.what) for one in live if name_of(one.what) not in self.things]
        staying = [one for one in live if name_of(one.what) in self.things]
        initial = guess(client, staying, asks) | drafted(note)
        super().__init__(data, initial=initial)
        self._choices("came", _("%(name)s came"), _("%(name)s did not come"))
        self._choices(
            "letters", _("%(name)s says yes to these letters."), _("No letters for %(name)s; I will call.")
        )
        if not FollowUpPlan.objects.exists():
            del self.fields["follow_up_plan"]
        self.slot_count = slot_count(data if data is not None else initial)
        for number in range(self.slot_count):
            self._add_slot(number)

    def _choices(self, name: str, yes: str, no: str) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(value, words % {"name": self.name}) for value, words in (("yes", yes), ("no", no))]

    def _add_slot(self, number: int) -> None:
        dosages = {thing.name: thing.dosage for thing in self.things.values()}
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
            widget=ThingSelect(dosages),
            error_messages={"invalid_choice": _("This cannot be given any more. Please choose again.")},
        )
        self.fields[f"dosage_{number}"] = Words(_("How often"), longest=DOSAGE_LONGEST, rows=1)
        self.fields[f"word_{number}"] = Words(_("A word from you"), longest=PLAN_LONGEST, rows=1)

    def slots(self) -> Iterator[Slot]:
        """What goes home, one after the other."""
        for number in range(self.slot_count):
            yield Slot(number + 1, *(self[f"{name}_{number}"] for name in ("what", "dosage", "word")))

    @property
    def version_seen(self) -> int:
        """The version the page began from; an unreadable one is of no page."""
        version = self.cleaned_data.get("version")
        return -1 if version is None else int(version)

    def touched(self) -> dict[str, int]:
        """What is marked on the body map now."""
        if not self.is_bound:
            return self.touched_before
        return body_map.read(self.data, known_only=True)

    def words(self) -> dict[str, str]:
        """The fields of the note."""
        return {name: self.cleaned_data[name] for name in WORDS}

    def rest(self) -> dict[str, Any]:
        """All else on the page, as it was sent."""
        names = [name for name in self.fields if name not in (*WORDS, "version")]
        return {name: self.data.get(name, "") for name in names}

    def may_be_signed(self) -> bool:
        """Whether all is said that signing needs; what lacks is told at its field. A draft needs less."""
        said = self.cleaned_data
        if self.asks is not Asks.NOTHING and said["came"] == "yes" and not said["letters"]:
            sentence = _("Ask %(name)s: is a letter like these welcome between sessions? Then choose.")
            self.add_error("letters", sentence % {"name": self.name})
        try:
            body_map.read(self.data)
        except ValueError:
            self.add_error(None, _("A place on the body was not understood. Please look at the marks again."))
        return not self.errors

    def wrap_up(self) -> WrapUp:
        """The page as a value."""
        said = self.cleaned_data
        return WrapUp(
            came=said["came"] == "yes",
            **self.words(),
            touched=self.touched(),
            home=list(self._home()),
            plan=said["plan"],
            obstacle=said["obstacle"],
            plan_seen=said["plan_seen"],
            letters=self.asks is not Asks.NOTHING and said["letters"] == "yes",
            follow_up_plan=said.get("follow_up_plan"),
        )

    def home_so_far(self) -> list[Given]:
        """What goes home as the page stands now, whether or not it could be signed like this."""
        said = [(slot, self.things.get(str(slot.what.value() or ""))) for slot in self.slots()]
        return [
            Given(thing.what, plain_line(str(slot.dosage.value() or "")), str(slot.word.value() or ""))
            for slot, thing in said
            if thing
        ]

    def _home(self) -> Iterator[Given]:
        for number in range(self.slot_count):
            thing: Thing | None = self.things.get(self.cleaned_data[f"what_{number}"])
            if thing:
                dosage = plain_line(self.cleaned_data[f"dosage_{number}"] or thing.dosage[:DOSAGE_LONGEST])
                yield Given(thing.what, dosage, self.cleaned_data[f"word_{number}"])


def guess(client: User | None, given: Sequence[Assignment], asks: Asks) -> dict[str, Any]:
    """What the page suggests before anybody wrote on it: what the client has now, and their own words.

    Whether letters are welcome is not guessed: it is what was answered, if anybody ever asked.
    """
    letters = {Asks.AGAIN_YES: "yes", Asks.AGAIN_NO: "no"}.get(asks, "")
    said: dict[str, Any] = {"came": "yes", "letters": letters, "version": 0}
    if client is None:
        return said
    page = Client.objects.of(client)
    seen = plan_mark(page.plan, page.obstacle)
    said |= {"plan": page.plan, "obstacle": page.obstacle, "plan_seen": seen}
    for number, one in enumerate(given):
        said |= {
            f"what_{number}": name_of(one.what),
            f"dosage_{number}": one.dosage,
            f"word_{number}": one.word,
        }
    return said


def drafted(note: SessionNote | None) -> dict[str, Any]:
    """What the page said when it was last saved.

    Where a later session was wrapped up since, what goes home and the plan stand as that one left them.
    """
    if note is None:
        return {}
    rest = json.loads(note.draft) if note.draft else {}
    if rest and is_superseded(note.appointment):
        rest = {name: rest[name] for name in rest.keys() & STAYS}
    return rest | {name: getattr(note, name) for name in WORDS} | {"version": note.version}


def slot_count(said: Mapping[str, Any]) -> int:
    """Three, or as many as are filled in."""
    filled = [number for number in range(MOST_SLOTS) if said.get(f"what_{number}")]
    return max(MOST, *(number + 1 for number in filled), 0)
