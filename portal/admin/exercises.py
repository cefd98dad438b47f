"""Exercises: their texts, and which drawn figure they show."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy

from portal.figures import FIGURES
from portal.models import Exercise
from practice.admin.shared import NamedInLists, RegionsField

TEXTS = ("steps", "to_feel", "when_to_stop")


class ExerciseForm(forms.ModelForm):
    """An exercise's texts, and its figure among those that are drawn."""

    regions = RegionsField(label=gettext_lazy("Body regions"))
    figure = forms.ChoiceField(
        label=gettext_lazy("Figure"),
        required=False,
        choices=[("", gettext_lazy("none")), *((name, name.replace("-", " ")) for name in FIGURES)],
    )

    class Meta:
        model = Exercise
        fields = (
            *("title", "slug", "figure", "words", "position", "things", "regions"),
            *(*TEXTS, "dosage", "is_published", "order"),
        )
        widgets = {name: forms.Textarea(attrs={"rows": 8, "cols": 90}) for name in TEXTS} | {
            "words": forms.Textarea(attrs={"rows": 3, "cols": 90})
        }


@admin.register(Exercise)
class ExerciseAdmin(NamedInLists):
    """Small movements for home."""

    form = ExerciseForm
    list_display = ("title", "position", "is_published", "order")
    list_editable = ("is_published", "order")
    search_fields = ("title",)
    prepopulated_fields = {"slug": ("title",)}
