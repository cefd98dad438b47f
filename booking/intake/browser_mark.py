"""The cookie of the browser that began an intake by an email's link, for a day after its last use.

It is set by pressing a button, never by reading. It names nobody, and is sent to the intake's pages only.
"""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

from booking.models import Intake

NAME = "__Secure-intake" if settings.SESSION_COOKIE_SECURE else "intake"  # of one path, so not __Host-
LIVES = dt.timedelta(days=1)
SIGNER = TimestampSigner(salt="booking.intake.browser", sep=".")


def new_mark() -> str:
    """Return a random mark for a browser that begins."""
    return secrets.token_urlsafe(18)


def mark_in(request: HttpRequest, intake: Intake) -> str:
    """Return the mark this browser has for this intake; "" for none, a foreign or an old one."""
    try:
        uid, _colon, mark = SIGNER.unsign(request.COOKIES.get(NAME, ""), max_age=LIVES).partition(":")
    except BadSignature:
        return ""
    return mark if uid == intake.uid.hex else ""


def remember(answer: HttpResponse, intake: Intake, mark: str, *, path: str) -> None:
    """Set the cookie for another day."""
    answer.set_cookie(
        NAME,
        SIGNER.sign(f"{intake.uid.hex}:{mark}"),
        max_age=LIVES,
        path=path,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(answer: HttpResponse, *, path: str) -> None:
    """Delete the cookie: the intake is handed in."""
    answer.delete_cookie(NAME, path=path, samesite="Lax")
