"""The forms of an exercise in the workspace: its texts and numbers, a photo, a video."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from portal.exercises.figures import FIGURES
from portal.models import Exercise
from practice.core.body import REGIONS
from practice.pictures.engine import prepare
from practice.pictures.forms import PictureField

LONGEST_SLUG = 50
NOT_A_SLUG = "new"  # the address of the page for a new one
TALL = ("steps",)
LOW = ("to_feel", "when_to_stop", "easier", "harder")


def _regions(label: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        help_text=help_text,
        choices=[(one.slug, _(one.label)) for one in REGIONS],
        widget=forms.CheckboxSelectMultiple,
    )


class ExerciseForm(forms.ModelForm):
    """The form of an exercise. Its web address is made from the first title and stays: links keep working."""

    use_required_attribute = False
    regions = _regions(_("Body regions"), _("What it is for."))
    care_regions = _regions(
        _("Needs care with"),
        _("Clients who told us about one of these read a calm note, and you see it when you assign it."),
    )
    figure = forms.ChoiceField(
        label=_("Figure"),
        required=False,
        choices=[("", _("No figure")), *((name, name.replace("-", " ").capitalize()) for name in FIGURES)],
        widget=forms.RadioSelect,
    )
    is_published = forms.BooleanField(label=_("Clients can see it"), required=False)

    class Meta:
        model = Exercise
        fields = (
            *("title", "position", "things", "regions", "figure", "words", "steps", "to_feel"),
            *("when_to_stop", "dosage", "repetitions", "hold_seconds", "rest_seconds", "sides"),
            *("easier", "harder", "care_regions", "care", "order", "is_published"),
        )
        widgets = {
            **{name: forms.Textarea({"rows": 8}) for name in TALL},
            **{name: forms.Textarea({"rows": 3}) for name in LOW},
            "words": forms.Textarea({"rows": 3}),
        }
        labels = {
            "title": _("Title"),
            "position": _("Position"),
            "things": _("You need"),
            "words": _("The movement in words"),
            "steps": _("What to do"),
            "to_feel": _("What to feel"),
            "when_to_stop": _("When to stop"),
            "dosage": _("How often, in words"),
            "repetitions": _("Times"),
            "hold_seconds": _("Seconds each time"),
            "rest_seconds": _("Seconds of rest between"),
            "sides": _("Sides"),
            "easier": _("An easier way"),
            "harder": _("A harder way"),
            "care": _("What to do then"),
            "order": _("Place in the list"),
        }
        help_texts = {
            "words": _("For people who can’t see the pictures, and where there are none."),
            "hold_seconds": "",
            "steps": _("A line that begins with “1.” is a step."),
        }

    def clean(self) -> dict[str, Any]:
        """Give a new exercise its web address."""
        found = super().clean() or {}
        if not self.instance.slug:
            self.instance.slug = free_slug(found.get("title", ""))
        return found


def free_slug(title: str) -> str:
    """Return a web address made from a title that no exercise has yet."""
    base = slugify(title)[: LONGEST_SLUG - 5].strip("-") or "exercise"
    taken = {NOT_A_SLUG, *Exercise.objects.filter(slug__startswith=base).values_list("slug", flat=True)}
    if base not in taken:
        return base
    return next(name for number in range(2, len(taken) + 3) if (name := f"{base}-{number}") not in taken)


def _words() -> forms.CharField:
    return forms.CharField(
        label=_("What it shows"), max_length=300, help_text=_("For people who can’t see it.")
    )


class PhotoForm(forms.Form):
    """The form for one photo."""

    use_required_attribute = False
    photo = PictureField(
        prepare=prepare.whole,
        least=prepare.LEAST_WHOLE,
        label=_("Photo"),
        help_text=_("JPEG, PNG or WebP. When and where it was taken is removed."),
    )
    photo_words = _words()


class VideoForm(forms.Form):
    """The form for a short video."""

    use_required_attribute = False
    video = forms.FileField(
        label=_("Video"),
        help_text=_("At most 60 seconds and 250 MB. When and where it was taken is removed."),
        widget=forms.FileInput({"accept": "video/mp4,video/quicktime,video/webm,.mkv"}),
        error_messages={
            "required": _("Please choose a video first."),
            "empty": _("This file is empty. Please choose another."),
        },
    )
    video_words = _words()
