"""The form for words before and after a lesson. It reads; the actions decide."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.lessons.posture import Posture
from portal.lessons.posture_wording import WORDING, Wording
from portal.models import PracticeEntry
from portal.practice_log.actions.self_report import TEXTS, WORDS, SelfReport

PAINS = [(str(number), str(number)) for number in range(11)]
LYING = WORDING[Posture.LYING]
IN_THE_FORM = {"form": "ritual"}  # the fields before the lesson stand outside the form's element


def _text(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, **IN_THE_FORM})
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


def _pain(label: Any) -> forms.ChoiceField:
    choices = [*PAINS, ("", _("prefer not to say"))]
    widget = forms.RadioSelect(attrs=IN_THE_FORM)
    return forms.ChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=widget,
        error_messages={"invalid_choice": _("Please give pain as a whole number from 0 to 10.")},
    )


class WordsForm(forms.Form):
    """A form for what a client writes about one play-through. `was_…`: what the page showed as kept."""

    use_required_attribute = False

    entry = forms.UUIDField(widget=forms.HiddenInput)
    ticket = forms.CharField(widget=forms.HiddenInput, max_length=500)
    age = forms.CharField(required=False, widget=forms.HiddenInput)  # sent by the script alone
    said_done = forms.BooleanField(required=False, widget=forms.HiddenInput)
    lying_before = _text(LYING.asked_before, 2, LYING.help_before)
    pain_before = _pain(_("Pain right now"))
    lying_after = _text(LYING.asked_after, 2)
    noticing = _text(_("What did you notice?"), 4)
    pain_after = _pain(_("Pain right now"))
    felt = forms.ChoiceField(
        label=_("Compared with before"),
        required=False,
        choices=PracticeEntry.Felt.choices,
        widget=forms.RadioSelect(attrs=IN_THE_FORM),
        error_messages={"invalid_choice": _("Please choose one of the three, or leave it blank.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in WORDS:
            self.fields[f"was_{name}"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def fit(self, wording: Wording) -> None:
        """Set the questions to the wording for the lesson's posture."""
        self.fields["lying_before"].label = wording.asked_before
        self.fields["lying_before"].help_text = wording.help_before
        self.fields["lying_after"].label = wording.asked_after

    @property
    def written_ago(self) -> dt.timedelta:
        """Return how long ago it was written, as the device says; nothing where it does not say."""
        said = self.cleaned_data.get("age", "")
        return dt.timedelta(seconds=int(said) if said.isascii() and said.isdigit() and len(said) <= 9 else 0)

    @property
    def was_fields(self) -> list[forms.BoundField]:
        """Return the hidden fields that hold what the page showed."""
        return [self[f"was_{name}"] for name in WORDS]

    def said(self) -> SelfReport:
        """Return the cleaned form as a value."""
        words = self.cleaned_data
        return SelfReport(
            **{name: words.get(name, "") for name in TEXTS},
            pain_before=_number(words.get("pain_before", "")),
            pain_after=_number(words.get("pain_after", "")),
            felt=words.get("felt", ""),
            said_done=words.get("said_done", False),
            was={name: words.get(f"was_{name}", "") for name in WORDS},
        )


def _number(chosen: str) -> int | None:
    return int(chosen) if chosen else None


def words_form(entry: PracticeEntry | None, *, uid: uuid.UUID, ticket: str) -> WordsForm:
    """Return the form filled with the entry's words, if there is an entry."""
    kept = {name: getattr(entry, name) or "" for name in WORDS} if entry else {}
    was = {f"was_{name}": words for name, words in kept.items()}
    return WordsForm(initial={"entry": uid.hex, "ticket": ticket, **kept, **was})
