"""The forms of a lesson's texts, of a new lesson, and of a collection."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from portal.lesson_editing.texts import FIELDS, edited_texts, version_of
from portal.models import Collection, Lesson
from practice.core.body import REGIONS

FREE = (("", _("For clients to whom it’s assigned")), ("free", _("Free for everyone, without an account")))
MARKDOWN = ("guidelines", "expectations", "what_happened")
LONGEST_TEXT = 20_000


def _text(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea({"rows": rows})
    return forms.CharField(
        label=label, required=False, max_length=LONGEST_TEXT, help_text=help_text, widget=widget
    )


def _line(label: Any, longest: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=longest, help_text=help_text)


class TextsForm(forms.Form):
    """The form of a lesson's texts. Everything may be empty until the lesson is published.

    `version`: the lesson as it was when the page was shown.
    """

    use_required_attribute = False

    version = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    title = _line(_("Title"), 120)
    standfirst = _text(_("Introduction"), 3, _("Two sentences, below the title and in lists."))
    position = _line(_("Position"), 80, _("For example: lying on the back"))
    things = _line(_("Things needed"), 200, _("For example: a mat, a folded towel"))
    regions = forms.MultipleChoiceField(
        label=_("Body regions"),
        required=False,
        choices=[(one.slug, _(one.label)) for one in REGIONS],
        widget=forms.CheckboxSelectMultiple,
    )
    guidelines = _text(
        _("Guidelines, before the lesson"),
        9,
        _(
            "One rule for each heading. Clients confirm that they’ve read them, and again whenever they "
            "change."
        ),
    )
    expectations = _text(
        _("What to expect"),
        7,
        _("One heading for each duration of pain, such as “## For a few weeks” and “## For years”."),
    )
    what_happened = _text(_("What happened, after the lesson"), 9, _("Your explanation, for those who ask."))
    voice = _line(_("Voice"), 120, _("Who speaks. It’s below the player."))
    is_free = forms.ChoiceField(
        label=_("Who can hear it"), required=False, choices=FREE, widget=forms.RadioSelect
    )

    def __init__(self, data: Any, lesson: Lesson) -> None:
        texts = edited_texts(lesson)
        initial = {**texts, "is_free": "free" if texts["is_free"] else "", "version": version_of(lesson)}
        super().__init__(data, initial=initial)

    def clean_version(self) -> str:
        """Return the version, as it was sent."""
        return str(self.cleaned_data["version"])

    @property
    def texts(self) -> dict[str, Any]:
        """Return the texts as they were typed, once the form is valid. Line ends are those of a text."""
        found = {name: self.cleaned_data[name] for name in FIELDS}
        for name in (*MARKDOWN, "standfirst"):
            found[name] = found[name].replace("\r\n", "\n")
        return found | {"is_free": found["is_free"] == "free"}

    def show_again(self, lesson: Lesson) -> None:
        """Let the next save win over what the lesson is now: its person has been told."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["version"] = version_of(lesson)
        self.data = data


class NewLessonForm(forms.Form):
    """The form to begin a lesson. Its web address is made from this title and stays."""

    use_required_attribute = False

    title = forms.CharField(label=_("Title"), max_length=120)
    position = _line(_("Position"), 80, _("For example: lying on the back"))
    is_free = forms.ChoiceField(
        label=_("Who can hear it"), required=False, choices=FREE, widget=forms.RadioSelect, initial=""
    )


class NewCollectionForm(forms.Form):
    """The form to begin a collection."""

    use_required_attribute = False

    name = forms.CharField(label=_("Name"), max_length=120)


class CollectionForm(forms.ModelForm):
    """The form for a collection's name and introduction, and whether it is listed."""

    use_required_attribute = False

    class Meta:
        model = Collection
        fields = ("name", "text", "is_published")
        widgets = {"text": forms.Textarea({"rows": 3})}
        labels = {
            "name": _("Name"),
            "text": _("Introduction"),
            "is_published": _("Published: clients and visitors see it with the lessons they can open"),
        }
