"""The owner's own questions of the intake. Answers keep the question as it was asked."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext as _

from booking.models import IntakeQuestion
from practice.admin.shared import LabeledListAdmin


class QuestionForm(forms.ModelForm):
    """The form of a question: a choice needs answers to choose from."""

    class Meta:
        model = IntakeQuestion
        fields = ("text", "help_text", "kind", "choices", "is_active", "order")

    def clean(self) -> dict[str, object]:
        """Check that a choice has at least two answers."""
        said = super().clean() or self.cleaned_data
        if said.get("kind") == IntakeQuestion.Kind.CHOICE:
            options = [line.strip() for line in said.get("choices", "").splitlines() if line.strip()]
            if len(set(options)) < 2:
                self.add_error("choices", _("Please enter at least two answers, one per line."))
        return said


@admin.register(IntakeQuestion)
class IntakeQuestionAdmin(LabeledListAdmin):
    """Questions asked at the end of the intake, in this order, as long as they are on the list."""

    form = QuestionForm
    list_display = ("text", "kind", "is_active", "order")
    list_editable = ("is_active", "order")
    search_fields = ("text",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Return False: somebody may be answering it now; take it off the list instead."""
        return False
