"""The browser that began an intake by a letter's link: a cookie for that one page, for a day of silence.

Set by pressing a button, never by reading. It names nobody, and goes to no other page.
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
    """Of a browser that begins."""
    return secrets.token_urlsafe(18)


def mark_in(request: HttpRequest, intake: Intake) -> str:
    """The mark this browser holds for this intake; "" for none, a foreign or an old one."""
    try:
        uid, _colon, mark = SIGNER.unsign(request.COOKIES.get(NAME, ""), max_age=LIVES).partition(":")
    except BadSignature:
        return ""
    return mark if uid == intake.uid.hex else ""


def remember(answer: HttpResponse, intake: Intake, mark: str, *, path: str) -> None:
    """Have the browser hold its mark for another day."""
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
    """It is handed in: the browser opens nothing any more."""
    answer.delete_cookie(NAME, path=path, samesite="Lax")
