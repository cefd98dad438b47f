"""The form of a visitor's question."""

from __future__ import annotations

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.visitor_questions.actions import SentQuestion


class VisitorQuestionForm(forms.Form):
    """A question, the address for its answer, and whether others may read both.

    `website` is a trap for programs: people do not see it, and a filled one is refused with a sentence.
    """

    use_required_attribute = False

    uid = forms.UUIDField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your question"),
        help_text=_("About the lesson, or about coming in. Please leave out what should not be in an email."),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Please write your question first.")},
    )
    email = forms.EmailField(
        label=_("Email for the answer"),
        help_text=_("For this answer only."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Please enter the email address the answer should go to."),
        },
    )
    name = forms.CharField(
        label=_("Your first name"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    may_show = forms.BooleanField(
        label=_("You may show my question and the answer on this page, without my name."), required=False
    )
    website = forms.CharField(
        label=_("Please leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    @classmethod
    def fresh(cls) -> VisitorQuestionForm:
        """Return an empty form with a name of its own, by which it counts once however often it is sent."""
        return cls(initial={"uid": uuid.uuid4()})

    def clean_website(self) -> str:
        """Refuse what only a program fills in."""
        if self.cleaned_data["website"]:
            raise ValidationError(_("A field that people can’t see was filled in. Please send it once more."))
        return ""

    def asked(self) -> SentQuestion:
        """Return what was sent; only after the form was found valid."""
        data = self.cleaned_data
        return SentQuestion(
            uid=data["uid"],
            text=data["text"],
            email=data["email"],
            name=data["name"],
            may_show=data["may_show"],
        )
