"""What a letter says when something about an account changed, or somebody asked for one that is not there."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from practice.mail.post import Address, post
from practice.models import Letter, User

SECURITY = _("See how you sign in")
NOT_YOU = _("If it was you, there is nothing to do. If it was not, tell us at once.")


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One letter's words: subject, what happened, and the page its link leads to."""

    subject: str | Promise
    happened: str | Promise
    act: str | Promise = SECURITY
    page: str = "mfa_index"
    alarm: bool = True  # whether it adds what to do when it was not you, and how to reach us
    doubt: str | Promise = NOT_YOU


UNKNOWN = Notice(
    subject=_("There is no account here for this address yet"),
    happened=_(
        "Somebody, perhaps you, asked to sign in here with this address. We know nobody by it. You need no "
        "account to book: choose a session and a time, and the account makes itself. If you booked before, "
        "it was with another address: try that one."
    ),
    act=_("See which times are free"),
    page="book",
    alarm=False,
)
KNOWN = Notice(
    subject=_("You have an account here already"),
    happened=_(
        "Somebody, perhaps you, tried to make an account with this address. There is one already, from a "
        "booking or from before. Sign in with this address: a code comes by email, no password needed."
    ),
    act=_("Sign in"),
    page="account_login",
    alarm=False,
)
BY_OWNER = Notice(
    subject=_("Your address was changed"),
    happened=_(
        "The practice has changed the address of your account here. Emails, and the codes to sign in, go to "
        "another address from now on, and you are signed out everywhere."
    ),
    act=_("To the practice's page"),
    page="home",
    doubt=_("If you did not ask for this, tell us at once."),
)
NOTICES = {
    "account/email/unknown_account": UNKNOWN,
    "account/email/account_already_exists": KNOWN,
    "account/email/password_changed": Notice(
        subject=_("Your password was changed"),
        happened=_("The password of your account here was changed just now."),
    ),
    "account/email/password_reset": Notice(
        subject=_("Your password was changed"),
        happened=_("The password of your account here was made anew just now."),
    ),
    "account/email/password_set": Notice(
        subject=_("Your account has a password now"),
        happened=_("A password was set for your account here just now. A code by email still works."),
    ),
    "account/email/email_changed": Notice(
        subject=_("Your address was changed"),
        happened=_(
            "From now on our emails, and the codes to sign in, go to another address. If that was not you, "
            "put this address back: the link below works once, for seven days."
        ),
        act=_("That was not me: put this address back"),
        page="account_email",
    ),
    "account/email/email_confirm": Notice(
        subject=_("Your address is confirmed"),
        happened=_("We know now that this address is yours."),
        page="account_email",
    ),
    "account/email/email_deleted": Notice(
        subject=_("An address was removed"),
        happened=_("This address no longer belongs to your account here."),
        page="account_email",
    ),
    "mfa/email/totp_activated": Notice(
        subject=_("An authenticator app was added"),
        happened=_("Signing in to your account here now asks for a code from an authenticator app too."),
    ),
    "mfa/email/totp_deactivated": Notice(
        subject=_("The authenticator app was removed"),
        happened=_("Signing in to your account here no longer asks for a code from an authenticator app."),
    ),
    "mfa/email/recovery_codes_generated": Notice(
        subject=_("You have new recovery codes"),
        happened=_("New recovery codes were made for your account here. The old ones open nothing any more."),
    ),
    "mfa/email/webauthn_added": Notice(
        subject=_("A passkey was added"),
        happened=_("A passkey was added to your account here. It signs you in without a code."),
    ),
    "mfa/email/webauthn_removed": Notice(
        subject=_("A passkey was removed"),
        happened=_("A passkey of your account here was removed. It opens nothing any more."),
    ),
    "practice/address_restored": Notice(
        subject=_("Your address is back"),
        happened=_(
            "You sign in with this address again, and were signed out everywhere. A password, and passkeys "
            "and apps that were added since the change, open nothing any more."
        ),
        act=_("Sign in"),
        page="account_login",
    ),
    "practice/second_step_reset": Notice(
        subject=_("Your second step was reset"),
        happened=_(
            "The second step of your account here was removed for you, and you were signed out everywhere. "
            "Sign in with a code by email, and set up a new one."
        ),
        act=_("Sign in"),
        page="account_login",
    ),
}


def send_notice(name: str, email: str, *, user: User | None, act_url: str = "") -> Letter | None:
    """Post the notice of that name to an address. `act_url`: where its link leads, when not to its page."""
    notice = NOTICES[name]
    words = {
        "notice": notice,
        "email": email,
        "act_url": act_url or f"{settings.SITE_URL}{reverse(notice.page)}",
    }
    # The key carries chance: each is an email of its own.
    key = f"account:{secrets.token_hex(12)}"
    to = Address(user.name if user else "", email)
    return post("account_notice", key=key, to=to, user=user, context=words)
