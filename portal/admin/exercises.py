"""Admin pages of exercises: their texts, and which drawn figure they show."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.exercises.figures import FIGURES
from portal.models import Exercise, Question
from practice.admin.shared import LabeledListAdmin, RegionsField

TEXTS = ("steps", "to_feel", "when_to_stop")


class ExerciseForm(forms.ModelForm):
    """A form for an exercise's texts, and its figure among those that are drawn."""

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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and is_used(self.instance) and "is_published" in self.fields:
            self.fields["is_published"].help_text = _(
                "Clients were assigned it, did it or asked about it, so it can’t be deleted. To retire "
                "it, uncheck “published” instead; its history stays."
            )


def is_used(exercise: Exercise) -> bool:
    """Return whether rows of clients refer to the exercise."""
    return (
        exercise.assignments.exists()
        or exercise.practice_entries.exists()
        or Question.objects.filter(exercise=exercise).exists()
    )


@admin.register(Exercise)
class ExerciseAdmin(LabeledListAdmin):
    """The admin of exercises."""

    form = ExerciseForm
    list_display = ("title", "position", "is_published", "order")
    list_editable = ("is_published", "order")
    search_fields = ("title",)
    prepopulated_fields = {"slug": ("title",)}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False for an exercise in use; its page says what to do instead."""
        if isinstance(obj, Exercise) and is_used(obj):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Return the actions without deleting many at once: some of them may be in use."""
        return {name: act for name, act in super().get_actions(request).items() if name != "delete_selected"}
