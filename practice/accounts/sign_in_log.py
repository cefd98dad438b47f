"""Log lines for sign-in events: what, who (by number), from where (hashed) and how.

The request's id stands beside it, as in every line. Never an address, a code or a password.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.dispatch import Signal
from django.http import HttpRequest

from practice.models import User
from practice.security.limits import visitor_key

log = structlog.get_logger(__name__)

EVENTS: tuple[tuple[Signal, str], ...] = (
    (auth.user_logged_out, "signed out"),
    (account.login_code_rejected, "wrong code"),
    (account.password_reset_code_rejected, "wrong code for a new password"),
    (account.email_verification_code_rejected, "wrong code for an address"),
    (account.password_set, "password set"),
    (account.password_changed, "password changed"),
    (account.password_reset, "password reset"),
    (account.email_changed, "address changed"),
    (mfa.authentication_failed, "wrong second step"),
    (mfa.authenticator_used, "second step used"),
    (mfa.authenticator_added, "second step added"),
    (mfa.authenticator_removed, "second step removed"),
    (mfa.authenticator_reset, "recovery codes renewed"),
)


def write_line(event: str, *, request: HttpRequest | None, user: User | None, **more: Any) -> None:
    """Write one log line."""
    known = {name: value for name, value in more.items() if value}
    log.info(
        event,
        who=user.pk if user else None,
        place=visitor_key(request) if request else None,
        **known,
    )


def signed_in(request: HttpRequest | None = None, user: User | None = None, **more: Any) -> None:
    """Log a sign-in with its methods: a code, a password, a second factor."""
    records = get_authentication_records(request, user) if request and user else []
    how = "+".join(str(record["method"]) for record in records) or "link"
    write_line("signed in", request=request, user=user, how=how)


def not_signed_in(
    request: HttpRequest | None = None, credentials: dict[str, Any] | None = None, **more: Any
) -> None:
    """Log a failed sign-in, with the account whose password was wrong, when the address is known."""
    asked = credentials or {}
    user = User.objects.by_email(str(asked.get("email") or asked.get("username") or ""))
    write_line("wrong password", request=request, user=user)


def _writer(event: str) -> Callable[..., None]:
    def written(
        request: HttpRequest | None = None, user: User | None = None, authenticator: Any = None, **more: Any
    ) -> None:
        kind = getattr(authenticator, "type", None)
        write_line(event, request=request, user=user, kind=str(kind) if kind else None)

    return written


def connect() -> None:
    """Connect the signal handlers. Called once, when the app is ready."""
    auth.user_logged_in.connect(signed_in, weak=False, dispatch_uid="practice.log: signed in")
    auth.user_login_failed.connect(not_signed_in, weak=False, dispatch_uid="practice.log: failed")
    for signal, event in EVENTS:
        signal.connect(_writer(event), weak=False, dispatch_uid=f"practice.log: {event}")
