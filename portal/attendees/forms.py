"""The form for what moves with a session to the attendee's record: assignments and the plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.attendees.actions import RecordTransfer, may_be_theirs
from portal.models import Assignment, ClientProfile, SessionNote


class RecordTransferForm(forms.Form):
    """A form with nothing required. Assignments made when the note was signed are checked at first."""

    given = forms.ModelMultipleChoiceField(
        label=gettext_lazy("To do at home"),
        queryset=Assignment.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    plan = forms.BooleanField(required=False)

    def __init__(self, data: Any = None, *, note: SessionNote, page: ClientProfile) -> None:
        super().__init__(data)
        given: Any = self.fields["given"]
        given.queryset = may_be_theirs(note)
        given.label_from_instance = _in_words
        given.initial = [one.pk for one in given.queryset if one.created_at == note.signed_at]
        if not given.queryset:
            del self.fields["given"]
        self.fields["plan"].label = _("The plan: “%(plan)s”") % {
            "plan": "; ".join(filter(None, (page.plan, page.obstacle)))
        }
        if not (page.plan or page.obstacle):
            del self.fields["plan"]

    def along(self) -> RecordTransfer:
        """Return what was chosen."""
        said = self.cleaned_data
        return RecordTransfer(tuple(one.pk for one in said.get("given", ())), plan=said.get("plan", False))


def _in_words(one: Assignment) -> str:
    title = ", ".join(filter(None, (one.what.title, one.dosage)))
    return _("%(title)s (ended)") % {"title": title} if one.ended_at else title
