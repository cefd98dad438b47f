"""Links that stop emails between sessions, without signing in.

The token names a user by number, signed, and never expires: an email may be in a mailbox for years, and its
link must still work then. The token opens no page that says whose it is, and can only change which emails
come.
"""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from practice.models import User

# A salt of its own: no other link of ours opens this, and this opens no other.
SIGNER = Signer(salt="practice.way-out", sep=".")
LONGEST = 100


def email_token(user: User) -> str:
    """Return the token of the link: some fifty characters, the same in every email to this user."""
    return SIGNER.sign(str(user.pk))


def read_token(token: str) -> int | None:
    """Return the user's number, who may have been erased since; None: the token is not ours."""
    try:
        return int(SIGNER.unsign(token)) if len(token) <= LONGEST else None
    except (BadSignature, ValueError):
        return None


def unsubscribe_url(user: User) -> str:
    """Return the absolute address of the page on which emails are stopped or paused without signing in."""
    return f"{settings.SITE_URL}{reverse('email_wishes', args=[email_token(user)])}"


def unsubscribe_headers(user: User) -> dict[str, str]:
    """Return the headers by which a mail program shows an unsubscribe button (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(user)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
