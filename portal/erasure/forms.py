"""The form that asks for an erasure, confirmed by typing a word, so that it never happens by mistake."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class EraseForm(forms.Form):
    """A form in which to type `erase`."""

    word = forms.CharField(
        label=gettext_lazy("Type the word “erase” to confirm"),
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Please type the word “erase” to confirm.")},
    )

    def clean_word(self) -> str:
        """Return the word in any case of letters; refuse any other word."""
        word: str = self.cleaned_data["word"].strip()
        if word.casefold() not in (_("erase").casefold(), "erase"):
            raise forms.ValidationError(_("That is not the word “erase”. Nothing was erased."))
        return word
