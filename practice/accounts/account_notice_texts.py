"""Texts of the emails about a changed account, or about one that was asked for and does not exist."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from practice.mail.post import Recipient, post
from practice.models import Letter, User

SECURITY = _("See your sign-in settings")
NOT_YOU = _("If this was you, there’s nothing to do. If it wasn’t, tell us right away.")


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The words of one email: subject, what happened, and the page its link leads to."""

    subject: str | Promise
    happened: str | Promise
    act: str | Promise = SECURITY
    page: str = "mfa_index"
    alarm: bool = True  # whether it adds what to do when it was not you, and how to reach us
    doubt: str | Promise = NOT_YOU


UNKNOWN = Notice(
    subject=_("There is no account for this email address yet"),
    happened=_(
        "Someone, perhaps you, tried to sign in here with this email address, but no account "
        "uses it. You don’t need an account to book: choose a session and a time, and we’ll "
        "create one for you. If you have booked before, try the email address you used then."
    ),
    act=_("See available times"),
    page="book",
    alarm=False,
)
KNOWN = Notice(
    subject=_("You already have an account"),
    happened=_(
        "Someone, perhaps you, tried to create an account with this email address. It already "
        "has one, perhaps from a booking. Sign in with this address: we’ll email you a code, and "
        "you don’t need a password."
    ),
    act=_("Sign in"),
    page="account_login",
    alarm=False,
)
BY_OWNER = Notice(
    subject=_("Your email address was changed"),
    happened=_(
        "The practice changed the email address of your account. From now on, emails and sign-in "
        "codes go to another address, and you have been signed out everywhere."
    ),
    act=_("Go to the practice’s website"),
    page="home",
    doubt=_("If you did not ask for this, tell us at once."),
)
NOTICES = {
    "account/email/unknown_account": UNKNOWN,
    "account/email/account_already_exists": KNOWN,
    "account/email/password_changed": Notice(
        subject=_("Your password was changed"),
        happened=_("The password of your account was just changed."),
    ),
    "account/email/password_reset": Notice(
        subject=_("Your password was changed"),
        happened=_("The password of your account was just reset."),
    ),
    "account/email/password_set": Notice(
        subject=_("Your account now has a password"),
        happened=_("A password was just set for your account. You can still sign in with a code by email."),
    ),
    "account/email/email_changed": Notice(
        subject=_("Your email address was changed"),
        happened=_(
            "From now on, our emails and sign-in codes go to another address. If this wasn’t you, "
            "restore this address: the link below works once, for seven days."
        ),
        act=_("This wasn’t me: restore this address"),
        page="account_email",
    ),
    "account/email/email_confirm": Notice(
        subject=_("Your email address is confirmed"),
        happened=_("Thank you. We now know that this address is yours."),
        page="account_email",
    ),
    "account/email/email_deleted": Notice(
        subject=_("An email address was removed"),
        happened=_("This address no longer belongs to your account."),
        page="account_email",
    ),
    "mfa/email/totp_activated": Notice(
        subject=_("An authenticator app was added"),
        happened=_("Signing in to your account now also takes a code from an authenticator app."),
    ),
    "mfa/email/totp_deactivated": Notice(
        subject=_("The authenticator app was removed"),
        happened=_("Signing in to your account no longer takes a code from an authenticator app."),
    ),
    "mfa/email/recovery_codes_generated": Notice(
        subject=_("You have new backup codes"),
        happened=_("New backup codes were created for your account. The old ones no longer work."),
    ),
    "mfa/email/webauthn_added": Notice(
        subject=_("A passkey was added"),
        happened=_("A passkey was added to your account. It signs you in without a code."),
    ),
    "mfa/email/webauthn_removed": Notice(
        subject=_("A passkey was removed"),
        happened=_("A passkey was removed from your account. It no longer works."),
    ),
    "practice/invited": Notice(
        subject=_("You can now sign in to the workspace"),
        happened=_(
            "The practice has set up an account for you. Sign in with this email address: we’ll email you "
            "a code, and you don’t need a password. The first time, you set up a second sign-in step."
        ),
        act=_("Sign in"),
        page="account_login",
        doubt=_("If you don’t work with us, tell us right away."),
    ),
    "practice/address_restored": Notice(
        subject=_("Your email address is restored"),
        happened=_(
            "You sign in with this address again, and you have been signed out everywhere. Any "
            "password, passkey or authenticator app added since the change no longer works."
        ),
        act=_("Sign in"),
        page="account_login",
    ),
    "practice/second_step_reset": Notice(
        subject=_("Your second sign-in step was reset"),
        happened=_(
            "The second sign-in step of your account was removed for you, and you have been signed "
            "out everywhere. Sign in with a code by email and set up a new one."
        ),
        act=_("Sign in"),
        page="account_login",
    ),
}


def send_notice(name: str, email: str, *, user: User | None, act_url: str = "") -> Letter | None:
    """Post the notice of that name to an address. `act_url`: its link, if it does not lead to its page."""
    notice = NOTICES[name]
    words = {
        "notice": notice,
        "email": email,
        "act_url": act_url or f"{settings.SITE_URL}{reverse(notice.page)}",
    }
    # The key carries chance: each is an email of its own.
    key = f"account:{secrets.token_hex(12)}"
    to = Recipient(user.name if user else "", email, user)
    return post("account_notice", key=key, to=to, context=words)
