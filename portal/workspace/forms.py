"""Forms of a client's page: their plan; how they are reached."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from portal.models import ClientProfile
from portal.models.client import PLAN_LONGEST
from portal.session_notes.actions.wrap_up import plan_mark
from portal.session_notes.forms.home import LinesField
from practice.access import rows
from practice.models import User


class PlanForm(forms.Form):
    """The client's own plan; `plan_seen` is the mark of the one the page began from."""

    use_required_attribute = False
    data: MultiValueDict[str, str]  # as a page sends it

    plan = LinesField(
        _("When and where"), longest=PLAN_LONGEST, help_text=_("In their own words. Emails quote it.")
    )
    obstacle = LinesField(_("And if something gets in the way"), longest=PLAN_LONGEST, rows=1)
    plan_seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=32)

    def __init__(self, data: Any = None, *, page: ClientProfile) -> None:
        mark = plan_mark(page.plan, page.obstacle)
        initial = {"plan": page.plan, "obstacle": page.obstacle, "plan_seen": mark}
        super().__init__(data, initial=initial)


class ContactForm(forms.ModelForm):
    """Name, phone, time zone, and for the owner the address for signing in: who has it, has the account."""

    use_required_attribute = False
    TAKEN = _("Another person has this address. If they are the same person, merge the two records.")

    class Meta:
        model = User
        fields = ("name", "phone", "email", "zone")

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not rows.may_all(reader, "sign_in", "change"):
            del self.fields["email"]
        else:
            self.fields["email"].help_text = _(
                "They sign in with it. If you change it, they are signed out, and we email the old address."
            )
            self.fields["email"].error_messages["unique"] = self.TAKEN
        self.fields["name"].error_messages["required"] = _("Please enter a name.")
        self.fields["zone"].help_text = _("Such as America/Denver. Leave empty for the practice’s own.")
        for field in self.fields.values():
            field.widget.attrs["autocomplete"] = "off"
