"""Forms of allauth's account pages in our words. Apart from sign_in.py, which allauth imports half-way."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, ClassVar

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from practice.accounts.email_limits import may_request_email
from practice.models import User
from practice.security.same_work import rolled_back_unless

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

AN_ADDRESS = _("Please enter your email address.")


class OwnWordingMixin(forms.Form):
    """A mixin that gives allauth's fields our label, help and message for an empty field."""

    labels: ClassVar[dict[str, StrOrPromise]] = {}
    help_texts: ClassVar[dict[str, StrOrPromise]] = {}
    when_empty: ClassVar[dict[str, StrOrPromise]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.help_texts.get(name, "")
            field.error_messages["required"] = self.when_empty.get(name, field.error_messages["required"])
            if isinstance(field, forms.EmailField):
                field.error_messages["required"] = AN_ADDRESS


class EmailLimitMixin(OwnWordingMixin):
    """A mixin for forms that send an email to the typed address: not too often."""

    mail: ClassVar[str]

    def clean_email(self) -> str:
        """Return allauth's address if our limit allows it: the answer is the same for unknown addresses."""
        email: str = super().clean_email()  # type: ignore[misc]
        if not may_request_email(context.request, email, kind=self.mail, now=timezone.now()):
            raise get_adapter().validation_error("too_many_login_attempts")
        return email


class _Code(OwnWordingMixin):
    labels = {"code": _("Code")}
    when_empty = {"code": _("Please enter the code from our email.")}

    def clean_code(self) -> str:
        """Return the code without anything typed between its characters: dashes, blanks, dots."""
        self.cleaned_data["code"] = "".join(sign for sign in self.cleaned_data["code"] if sign.isalnum())
        return super().clean_code()  # type: ignore[misc]  # allauth's, by the class beside this


class _Digits(OwnWordingMixin):
    labels = {"code": _("Code")}
    help_texts = {"code": _("The six digits your app shows now, or one of your backup codes.")}
    when_empty = {"code": _("Please enter the code.")}


class _NewPassword(OwnWordingMixin):
    labels = {
        "oldpassword": _("Current password"),
        "password1": _("New password"),
        "password2": _("New password again"),
    }
    help_texts = {"password1": _("At least 12 characters. A few unrelated words are easy to remember.")}
    when_empty = {
        "oldpassword": _("Please enter your current password."),
        "password1": _("Please enter a new password."),
        "password2": _("Please enter the new password again, so a typo doesn’t lock you out."),
    }


class SignUpPageForm(EmailLimitMixin, account.SignupForm):
    """The sign-up form: a name and an address."""

    mail = "sign_up"

    labels = {"email": _("Your email address"), "name": _("Your name")}
    when_empty = {"name": _("Please tell us your name.")}

    def try_save(self, request: HttpRequest) -> tuple[Any, HttpResponse | None]:
        """Return what allauth's returns, after the same work for a known address, so that time tells nothing.

        A second press that came in between made the account: it is one we know already.
        """
        self._rehearse(request)
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            self.account_already_exists = True
            return super().try_save(request)

    def _rehearse(self, request: HttpRequest) -> None:
        """Do the work of the other kind of address, an account or a notice of one, and take it back."""
        known, asked = self.account_already_exists, self.cleaned_data["email"]
        adapter, nobody = get_adapter(), f"{secrets.token_hex(16)}@nobody.invalid"
        with rolled_back_unless(False):
            if known:
                self.account_already_exists, self.cleaned_data["email"] = False, nobody
                said = {"user": self.save(request), "code": adapter.generate_email_verification_code()}
                adapter.send_mail("account/email/email_confirmation_signup", nobody, said)
                _read_as_when_signing_up(said["user"])
            else:
                adapter.send_account_already_exists_mail(nobody)
        self.account_already_exists, self.cleaned_data["email"] = known, asked


def _read_as_when_signing_up(user: User) -> None:
    """Read what allauth reads of a new account between its form and its code."""
    addresses = EmailAddress.objects.filter(user=user)
    addresses.filter(verified=True).exists()
    for _turn in range(2):
        list(addresses.all())
    User.objects.get(pk=user.pk)


class RequestCodeForm(EmailLimitMixin, account.RequestLoginCodeForm):
    """The form that asks for a sign-in code by email."""

    mail = "code"

    labels = {"email": _("Your email address")}


class LoginCodeForm(_Code, account.ConfirmLoginCodeForm):
    """The form for the code that signs in."""


class AddressCodeForm(_Code, account.ConfirmEmailVerificationCodeForm):
    """The form for the code that confirms an address."""


class ResetCodeForm(_Code, account.ConfirmPasswordResetCodeForm):
    """The form for the code that allows a new password."""


class ChangeAddressForm(EmailLimitMixin, account.AddEmailForm):
    """The form for another address."""

    mail = "new_address"

    labels = {"email": _("New email address")}
    help_texts = {"email": _("We’ll send a code there first, so a typo doesn’t lock you out.")}


class ResetPasswordForm(EmailLimitMixin, account.ResetPasswordForm):
    """The form that asks for a code to reset a lost password."""

    mail = "reset"

    labels = {"email": _("Your email address")}


class NewPasswordForm(_NewPassword, account.ResetPasswordKeyForm):
    """The form for a new password, after the code."""


class SetPasswordForm(_NewPassword, account.SetPasswordForm):
    """The form for a first password."""


class ChangePasswordForm(_NewPassword, account.ChangePasswordForm):
    """The form for another password."""


class ConfirmPasswordForm(OwnWordingMixin, account.ReauthenticateForm):
    """The form that asks for the password again, before a sensitive change."""

    labels = {"password": _("Your password")}
    when_empty = {"password": _("Please enter your password.")}


class CodeAgainForm(_Code, account.ConfirmReauthenticationCodeForm):
    """The form that asks for a code by email again, before a sensitive change."""


class SecondStepForm(_Digits, mfa.AuthenticateForm):
    """The form for the second factor when signing in."""


class SecondStepAgainForm(_Digits, mfa.ReauthenticateForm):
    """The form for the second factor again, before a sensitive change."""


class ActivateAppForm(OwnWordingMixin, totp.ActivateTOTPForm):
    """The form for the first six digits of a new authenticator app."""

    labels = {"code": _("Code from the app")}
    when_empty = {"code": _("Please enter the six digits your app shows.")}


class AddPasskeyForm(OwnWordingMixin, webauthn.AddWebAuthnForm):
    """The form for a new passkey: its name, and whether it signs in on its own."""

    labels = {
        "name": _("Name"),
        "passwordless": _("Let me sign in with only this passkey, without a code by email"),
    }
    help_texts = {"name": _("To tell it apart from others, such as “my phone”.")}
    when_empty = {"credential": _("Your device didn’t create a passkey. Please try again.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = self.fields["name"]
        assert isinstance(name, forms.CharField)
        name.max_length = 100
        self.fields["passwordless"].initial = True


class RenamePasskeyForm(OwnWordingMixin, webauthn.EditWebAuthnForm):
    """The form for another name of a passkey."""

    labels = {"name": _("Name")}
    when_empty = {"name": _("Please enter a name.")}
