"""The form of the texts of one thing in the other language."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.http import QueryDict

from practice.other_language.actions import SentText
from practice.other_language.queries import TranslatableText, TranslatableThing
from practice.other_language.wording import FIELDS

ROWS_OF_LONG_TEXTS, CHARACTERS_A_LINE = (3, 24), 50


class TranslationsForm(forms.Form):
    """A field for each text, with the limits of its original; empty is none.

    `seen`: the translations as they were shown. `of_…`: the originals as they were shown, so that a text
    whose original was changed in the meantime needs another look.
    """

    use_required_attribute = False
    seen = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(self, data: Any, found: TranslatableThing, language: str) -> None:
        super().__init__(data, initial={"seen": found.seen})
        self.found, self.language = found, language
        for one in found.texts:
            self.fields[f"text_{one.name}"] = _field_of(one, found, language)
            self.fields[f"of_{one.name}"] = forms.CharField(
                initial=one.of,
                max_length=16,
                required=False,
                validators=[RegexValidator(r"\A[0-9a-f]{16}\Z")],
                widget=forms.HiddenInput,
            )

    @property
    def pairs(self) -> list[tuple[TranslatableText, forms.BoundField, forms.BoundField]]:
        """Return each text with its field and the hidden print of its original."""
        return [(one, self[f"text_{one.name}"], self[f"of_{one.name}"]) for one in self.found.texts]

    @property
    def sent(self) -> dict[str, SentText]:
        """Return the texts as they were typed, once the form is valid; without what was not shown."""
        return {
            one.name: SentText(
                self.cleaned_data[f"text_{one.name}"].replace("\r\n", "\n"),
                self.cleaned_data[f"of_{one.name}"],
            )
            for one in self.found.texts
            if self.cleaned_data[f"of_{one.name}"]
        }

    def show_again(self, now: TranslatableThing) -> None:
        """Let the next save win over what is saved now: its person has been told."""
        assert isinstance(self.data, QueryDict)
        self.data = {**self.data.dict(), "seen": now.seen}


def _field_of(one: TranslatableText, found: TranslatableThing, language: str) -> forms.Field:
    column: Any = found.thing._meta.get_field(one.name)
    longest = column.max_length or found.kind.longest
    attributes: dict[str, Any] = {"lang": language}
    if column.get_internal_type() == "TextField":
        fewest, most = ROWS_OF_LONG_TEXTS
        lines = sum(1 + len(line) // CHARACTERS_A_LINE for line in one.original.splitlines())
        widget: Any = forms.Textarea({**attributes, "rows": min(max(fewest, lines + 1), most)})
    else:
        widget = forms.TextInput(attributes)
    label = FIELDS[language] % {"name": one.label}
    return forms.CharField(label=label, initial=one.text, required=False, max_length=longest, widget=widget)
