"""Forms for signing in and signing up: an address first, a password only for people who want one."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.fields import PasswordField
from allauth.account.forms import LoginForm
from allauth.core import context
from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.accounts.email_limits import may_request_email
from practice.core.plain_text import plain_line
from practice.models import User


class SignInForm(LoginForm):
    """The sign-in form: an address, and perhaps a password; without one, a code comes by email."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("Your email address")
        self.fields["password"] = PasswordField(
            label=_("Password"), autocomplete="current-password", required=False
        )
        self.fields["password"].help_text = _("Leave this blank to get a code by email.")
        self.fields["login"].error_messages |= {"required": _("Please enter your email address.")}
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def _clean_without_password(self, email: str | None, phone: str | None) -> dict[str, Any]:
        """Have allauth send a code, unless too many were asked for."""
        if email and not may_request_email(context.request, email, kind="code", now=timezone.now()):
            self.add_error("login", get_adapter().validation_error("too_many_login_attempts"))
            return self.cleaned_data
        cleaned: dict[str, Any] = super()._clean_without_password(email, phone)
        return cleaned


class SignUpForm(forms.Form):
    """Fields that we ask in addition to the address when somebody makes an account without booking."""

    name = forms.CharField(
        label=_("Your name"), max_length=150, widget=forms.TextInput({"autocomplete": "name"})
    )

    def clean_name(self) -> str:
        """Return the name as one line, without characters that only look like blanks."""
        name = plain_line(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Please enter a name."))
        return name

    def signup(self, request: HttpRequest, user: User) -> None:
        """Save the name. Called by allauth once the person has a row."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
