"""The forms of the intake, one for each step. Nothing is required: a draft is saved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from booking.intake.answers import CARE, GOALS, LINE, LONGEST, SIGNS, SINCE, Part
from booking.intake.wording import CARE_WORDS, SIGN_WORDS, SINCE_WORDS, YES_NO, marked_in
from booking.models import IntakeQuestion
from practice.core import body_map
from practice.core.plain_text import plain_line

NOT_THERE = gettext_lazy("This answer is no longer one of the choices. Please choose again.")
ROWS = 3  # to begin with
SCALE = [(str(number), str(number)) for number in range(11)]


class WordsField(forms.CharField):
    """A field for some lines, or none. If they are too many, the typed text stays on the page."""

    def __init__(self, label: Any, *, rows: int = 3, help_text: Any = "") -> None:
        super().__init__(
            label=label, required=False, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
        )

    def clean(self, value: Any) -> str:
        """Return the text with one-character line ends: a browser sends two. Raises ValidationError.

        " line ends: a browser sends two characters. Raises ValidationError.
        """
        text = str(super().clean(value)).replace("\r\n", "\n")
        if len(text) > LONGEST:
            raise ValidationError(
                _("That’s %(length)s characters, and the limit is %(longest)s. Please shorten it.")
                % {"length": f"{len(text):,}", "longest": f"{LONGEST:,}"}
            )
        return text


def one_of(label: Any, choices: Sequence[tuple[str, Any]]) -> forms.ChoiceField:
    """Return a field for one answer, or none."""
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_THERE},
    )


class StepForm(forms.Form):
    """The form of one step: it begins with the saved part, and gives the part to save."""

    use_required_attribute = False
    data: MultiValueDict[str, str]  # as a page sends it: a name may have several values
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, data: Any = None, *, kept: Part, version: int) -> None:
        self.kept = kept
        super().__init__(data, initial={**self.begins_with(kept), "version": version})

    def begins_with(self, kept: Part) -> dict[str, Any]:
        """Return the fields' initial values from the saved part."""
        return dict(kept)

    def part(self) -> dict[str, Any]:
        """Return the part to save, from the cleaned form."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    @property
    def version_seen(self) -> int:
        """Return the intake's version that the page began with; -1 for an unreadable one."""
        version = self.cleaned_data.get("version")
        return -1 if version is None else int(version)


class SinceForm(StepForm):
    """The step "since when, and how it began"."""

    since = one_of(gettext_lazy("How long have you had it?"), [(one, SINCE_WORDS[one]) for one in SINCE])
    how = WordsField(gettext_lazy("How did it begin?"))


class WhereForm(StepForm):
    """The step with the body map, and words beside it."""

    words = WordsField(
        gettext_lazy("What does it feel like?"), help_text=gettext_lazy("Dull, sharp, stiff, tired, numb …")
    )

    @property
    def marked(self) -> dict[str, int]:
        """Return the marks on the page now."""
        return body_map.read_marks(self.data, known_only=True) if self.is_bound else marked_in(self.kept)

    def clean(self) -> dict[str, Any]:
        """Return the answers. Raises ValidationError for a place that none of our pages can send."""
        try:
            body_map.read_marks(self.data)
        except ValueError:
            raise ValidationError(
                _("We couldn’t read one of the marks on the body. Please check them again.")
            ) from None
        return self.cleaned_data

    def part(self) -> dict[str, Any]:
        """Return the part, with the marks on one line."""
        return super().part() | {"marked": body_map.to_text(self.marked)}


class ChangeForm(StepForm):
    """The step "what makes it better, what worse"."""

    better = WordsField(gettext_lazy("What makes it better?"))
    worse = WordsField(gettext_lazy("What makes it worse?"))


class CareForm(StepForm):
    """The step about other care."""

    had = forms.MultipleChoiceField(
        label=gettext_lazy("What you’ve tried so far"),
        required=False,
        choices=[(one, CARE_WORDS[one]) for one in CARE],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": NOT_THERE},
    )
    words = WordsField(
        gettext_lazy("When was that, and how did it go?"),
        help_text=gettext_lazy("You can also tell us what your doctor found."),
    )


class SignsForm(StepForm):
    """The step with six warning signs, each yes or no."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for sign in SIGNS:
            self.fields[sign] = one_of(SIGN_WORDS[sign], YES_NO)
        self.fields["words"] = WordsField(gettext_lazy("Anything you’d like to add"))

    def signs(self) -> Iterator[BoundField]:
        """Yield the six fields."""
        return (self[sign] for sign in SIGNS)


@dataclass(frozen=True)
class Goal:
    """An activity and its number, as the page shows them."""

    number: int
    what: BoundField
    now: BoundField


class GoalsForm(StepForm):
    """The Patient-Specific Functional Scale: activities in the client's own words, each from 0 to 10.

    Stratford, Gill, Westaway, Binkley 1995; free to use.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(GOALS):
            label = _("One thing you would like to do again") if not number else _("Another one")
            self.fields[f"goal_{number}"] = forms.CharField(
                label=label,
                required=False,
                max_length=LINE,
                error_messages={
                    "max_length": _("Please use up to %(longest)s characters here.") % {"longest": LINE}
                },
            )
            self.fields[f"now_{number}"] = one_of(_("How well can you do it now?"), SCALE)

    def begins_with(self, kept: Part) -> dict[str, Any]:
        """Return the saved activities, spread over the rows."""
        said: dict[str, Any] = {}
        for number, goal in enumerate(kept.get("goals", [])[:GOALS]):
            said[f"goal_{number}"] = goal.get("what", "")
            said[f"now_{number}"] = "" if goal.get("now") is None else str(goal["now"])
        return said

    def clean(self) -> dict[str, Any]:
        """Check that each number has words; words may have no number."""
        for number in range(GOALS):
            words = plain_line(self.cleaned_data.get(f"goal_{number}", ""))
            if self.cleaned_data.get(f"now_{number}") and not words and not self.errors.get(f"goal_{number}"):
                self.add_error(
                    f"goal_{number}", _("Which activity is this? Please write it next to the number.")
                )
        return self.cleaned_data

    def part(self) -> dict[str, Any]:
        """Return the rows that have words."""
        rows = [
            (plain_line(self.cleaned_data[f"goal_{n}"]), self.cleaned_data[f"now_{n}"]) for n in range(GOALS)
        ]
        return {"goals": [{"what": what, "now": int(now) if now else None} for what, now in rows if what]}

    def rows(self) -> list[Goal]:
        """Return all rows."""
        return [Goal(n + 1, self[f"goal_{n}"], self[f"now_{n}"]) for n in range(GOALS)]

    def goals(self) -> list[Goal]:
        """Return the first three rows, and as many more as are filled in."""
        rows = self.rows()
        filled = [row.number for row in rows if row.what.value() or row.now.value()]
        return rows[: max(ROWS, *filled, 0)]

    def more_goals(self) -> list[Goal]:
        """Return the rows beyond `goals`."""
        return self.rows()[len(self.goals()) :]


class MoreForm(StepForm):
    """The step with the owner's own questions. Each answer is saved with its question as it was asked.

    Beside each is a print of the question as shown: a question that was changed between showing and answering
    is shown again; one that was retired meanwhile was asked all the same, and its answer is saved.
    """

    def __init__(self, data: Any = None, *, kept: Part, version: int) -> None:
        posted = {name for name in data or () if name.startswith("q")}
        self.questions = [
            one for one in IntakeQuestion.objects.all() if one.is_active or field_of(one) in posted
        ]
        super().__init__(data, kept=kept, version=version)
        for one in self.questions:
            self.fields[field_of(one)] = question_field(one)
            self.fields[f"seen_{field_of(one)}"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=print_of(one)
            )

    def begins_with(self, kept: Part) -> dict[str, Any]:
        """Return the saved answers by the question's field."""
        return {f"q{one['id']}": one["said"] for one in kept.get("answers", [])}

    def clean(self) -> dict[str, Any]:
        """Check that the answered questions are those that were shown."""
        for one in self.questions:
            name = field_of(one)
            seen = self.cleaned_data.get(f"seen_{name}")
            if name in self.data and seen != print_of(one):
                self.data = self.data.copy()
                self.data[f"seen_{name}"] = print_of(one)
                self.errors.pop(name, None)
                self.add_error(name, _("This question was just changed. Please look at it again."))
        return self.cleaned_data

    def part(self) -> dict[str, Any]:
        """Return the answers, and earlier ones to questions that are not asked any more."""
        here = {one.pk for one in self.questions}
        before = [one for one in self.kept.get("answers", []) if one["id"] not in here]
        now = [
            {"id": one.pk, "kind": one.kind, "asked": one.text, "said": self.cleaned_data[field_of(one)]}
            for one in self.questions
        ]
        return {"answers": before + [one for one in now if one["said"]]}

    def asked(self) -> Iterator[BoundField]:
        """Yield the questions' fields, in the owner's order."""
        return (self[field_of(one)] for one in self.questions)

    def prints(self) -> Iterator[BoundField]:
        """Yield the hidden prints of the questions."""
        return (self[f"seen_{field_of(one)}"] for one in self.questions)


def field_of(question: IntakeQuestion) -> str:
    """Return the name of a question's field."""
    return f"q{question.pk}"


def print_of(question: IntakeQuestion) -> str:
    """Return a hash of a question as shown, which changes with its wording."""
    shown = json.dumps([question.text, question.help_text, question.kind, question.options])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def question_field(question: IntakeQuestion) -> forms.Field:
    """Return the field of a question: words, yes or no, or one of several."""
    hint = escape(question.help_text)
    if question.kind == IntakeQuestion.Kind.TEXT:
        return WordsField(question.text, help_text=hint)
    choices = YES_NO
    if question.kind == IntakeQuestion.Kind.CHOICE:
        choices = tuple((option, option) for option in question.options)
    made = one_of(question.text, choices)
    made.help_text = hint
    return made


FORMS: dict[str, type[StepForm]] = {
    "since": SinceForm,
    "where": WhereForm,
    "change": ChangeForm,
    "care": CareForm,
    "signs": SignsForm,
    "goals": GoalsForm,
    "more": MoreForm,
}
