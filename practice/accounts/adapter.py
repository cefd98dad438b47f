"""Adapters for django-allauth: our emails, redirects and rules for signing in."""

from __future__ import annotations

import secrets
import time
from typing import Any

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.signals import authentication_step_completed, email_changed
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db.models.signals import post_save
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from practice import queries
from practice.access.pages import SIGNED_IN_AT, clear_second_factor, mark_second_factor
from practice.accounts.account_notice_texts import send_notice
from practice.accounts.address_changes import note_change
from practice.accounts.email_limits import is_first_today
from practice.accounts.session_ends import renew_key
from practice.contact import please_call
from practice.core import formatting
from practice.mail.post import Recipient, post
from practice.models import User
from practice.security.crypto import decrypt, encrypt
from practice.security.limits import client_address

CODES = {
    "account/email/login_code",
    "account/email/email_confirmation",
    "account/email/email_confirmation_signup",
    "account/email/password_reset_code",
}
CHANGED, UNKNOWN = "account/email/email_changed", "account/email/unknown_account"
BY_CODE, SIGN_IN_AGAIN = "reauthenticate_by_code", "sign_in_again"
SIGN_OUTS = {"account_logout", "admin:logout"}
SECOND_FACTORS = {Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN}


def _call() -> str:
    return please_call(queries.the_practice())


class AccountAdapter(DefaultAccountAdapter):
    """The account adapter: emails as rows, proven network addresses, the right first page for each role."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "incorrect_code": _(
            "This code is not right. Use the one in our newest email: each new code replaces the last."
        ),
        "too_many_login_attempts": _("Too many tries in a short time. Please wait a few minutes."),
        "email_password_mismatch": _(
            "The email address and password don’t match. You can always sign in with a code by email."
        ),
        "duplicate_email": _("This is already your address."),
        "email_taken": _("Another account already uses this address."),
        "enter_current_password": _("This is not your current password."),
        "incorrect_password": _("This is not your password."),
        "rate_limited": _("Too many tries in a short time. Please wait a few minutes."),
        "account_inactive": format_lazy("{} {}", _("This account is closed."), lazy(_call, str)()),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Post an email of allauth's as one of ours; raises KeyError for a template we do not know."""
        # A notice that the address changed goes to the old one, which is nobody's any more.
        found = context.get("user") or User.objects.by_email(context.get("to_email") or email)
        user = found if isinstance(found, User) else None
        if template_prefix not in CODES:
            if template_prefix == UNKNOWN and not is_first_today(UNKNOWN, email, now=timezone.now()):
                return
            changed = user if template_prefix == CHANGED and "to_email" in context else None
            act_url = note_change(changed, email, now=timezone.now()) if changed else ""
            send_notice(template_prefix, email, user=user, act_url=act_url)
            return
        to = Recipient(user.name if user else "", email, user)
        # The key carries chance, never the code: each request is a letter of its own.
        key = f"account:{secrets.token_hex(12)}"
        name = user.first_name if user else ""
        words = {"code": context["code"], "first_name": name, "at": _time_for(user)}
        post("sign_in_code", key=key, to=to, context=words)

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the network address that limits count; TRUSTED_PROXY_COUNT proxies are believed."""
        return client_address(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Return the page after signing in: for staff the one they chose, for clients their own."""
        user = request.user
        return reverse("workspace_first" if isinstance(user, User) and user.is_staff else "portal")

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """Return the page after signing up, which is the one after signing in."""
        return self.get_login_redirect_url(request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """Return allauth's methods, without a code by email in place of a second factor, and never none.

        A user who came by a link from the terminal may have neither a password nor a confirmed address.
        """
        methods = super().get_reauthentication_methods(user)
        if any(method["id"].startswith("mfa_") for method in methods):
            return [method for method in methods if method["id"] != BY_CODE]
        if not methods and user.is_authenticated:
            return [{"id": SIGN_IN_AGAIN, "description": "", "url": reverse("account_logout")}]
        return methods

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Return whether to ask again; not just after signing in, where only a code could be asked."""
        return super().is_reauthentication_required(app=app, **more) and not self._just_signed_in()

    def _just_signed_in(self) -> bool:
        """Return whether the sign-in was minutes ago; False for people with a password or a second factor."""
        seconds = time.time() - context.request.session.get(SIGNED_IN_AT, 0)
        if seconds >= account_settings.REAUTHENTICATION_TIMEOUT:
            return False
        methods = self.get_reauthentication_methods(context.request.user)
        return {method["id"] for method in methods} <= {BY_CODE, SIGN_IN_AGAIN}


def _time_for(reader: User | None) -> str:
    """Return the present time by the reader's clock, which tells the newest of several emails with codes."""
    practice = queries.the_practice()
    zone = queries.zone_of(reader.zone if reader else "", practice=practice)
    with translation.override(reader.language if reader else translation.get_language()):
        return formatting.clock_time(timezone.now(), zone, locale=practice.locale)


class MFAAdapter(DefaultMFAAdapter):
    """The second-factor adapter: secrets of authenticator apps are kept encrypted under FIELD_KEYS."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This code is not right. Codes change every 30 seconds: try the one your app shows now."
        ),
        "unverified_email": _(
            "Please confirm your email address first by signing in once with a code by email."
        ),
        "add_email_blocked": _(
            "Because you use two-step sign-in, your address can’t be changed here. Please contact us."
        ),
        "cannot_delete_authenticator": _("This is your only second step, and you need one to work here."),
        "cannot_generate_recovery_codes": _("Backup codes come with a second step. Please set one up first."),
    }

    def encrypt(self, text: str) -> str:
        """Return the secret as it goes to the database."""
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret that came from the database."""
        return decrypt(encrypted_text)

    def get_totp_issuer(self) -> str:
        """Return the name that an authenticator app shows beside its digits."""
        return queries.the_practice().name

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        """Return the name a new passkey begins with."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return str(_("My passkey")) if number == 1 else str(_("My passkey %d") % number)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Return the site that passkeys are bound to: this site's name, whatever Host was requested."""
        return {**super().get_public_key_credential_rp_entity(), "name": queries.the_practice().name}


def step_completed(request: HttpRequest, user: User, method: str, **more: Any) -> None:
    """Confirm the address that a code came back from, and note a second factor in the session."""
    if method == "code" and more.get("email") == user.email:
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"primary": True})
        EmailAddress.objects.filter(user=user, email=user.email, verified=False).update(verified=True)
    if method == "mfa":
        mark_second_factor(request, user)


def note_sign_in(request: HttpRequest, **more: Any) -> None:
    """Keep in the session when the sign-in was."""
    request.session[SIGNED_IN_AT] = time.time()


def note_sign_out(request: HttpRequest | None, user: User | None, **more: Any) -> None:
    """Clear the browser's storage after "Sign out"; a session that ran out keeps it."""
    match = request.resolver_match if request else None
    if request and user and match and match.view_name in SIGN_OUTS:
        request.signed_out = True  # type: ignore[attr-defined]


def factor_added(request: HttpRequest, user: User, authenticator: Authenticator, **more: Any) -> None:
    """Count a new second factor as used in this session, so that the recovery codes need no second asking."""
    if authenticator.type in SECOND_FACTORS:
        renew_key(request)
        record_authentication(request, user, method="mfa", type=authenticator.type, reauthenticated=True)


def factor_removed(request: HttpRequest, user: User, **more: Any) -> None:
    """Forget in the session that a second factor was used, once the user has none left."""
    if not Authenticator.objects.filter(user=user, type__in=SECOND_FACTORS).exists():
        clear_second_factor(request)


def keep_this_session(request: HttpRequest, user: User, **more: Any) -> None:
    """Keep the user signed in where they changed their own address; every other session ends."""
    if request.user.is_authenticated and request.user.pk == user.pk:
        user.refresh_from_db(fields=["email", "password"])
        update_session_auth_hash(request, user)


def drop_old_address(instance: User, created: bool, **more: Any) -> None:
    """Delete an address that is no longer the person's: allauth would go on sending codes to it."""
    if created:
        return  # no address of a new person can be an old one: booking asks one question less
    EmailAddress.objects.filter(user=instance, primary=True).exclude(email=instance.email or "").delete()


def connect() -> None:
    """Connect the signal handlers. Called once, when the app is ready."""
    user_logged_in.connect(note_sign_in, dispatch_uid="practice.note_sign_in")
    user_logged_out.connect(note_sign_out, dispatch_uid="practice.note_sign_out")
    authentication_step_completed.connect(step_completed, dispatch_uid="practice.step_completed")
    authenticator_added.connect(factor_added, dispatch_uid="practice.factor_added")
    authenticator_removed.connect(factor_removed, dispatch_uid="practice.factor_removed")
    email_changed.connect(keep_this_session, dispatch_uid="practice.keep_this_session")
    post_save.connect(drop_old_address, sender=User, dispatch_uid="practice.drop_old_address")
