"""The way out of letters between sessions: a link in each of them that asks for no sign-in.

The token names a user by number, signed, and never ends: a letter may lie in a mailbox for years, and must
still let go of whoever reads it then. So little hangs on it that this is safe: it opens no page that says
whose it is, and can do no more than change which letters come.
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
    """What stands in the link: some fifty signs, the same in every letter to this user."""
    return SIGNER.sign(str(user.pk))


def read_token(token: str) -> int | None:
    """The number of the user it was made for, who may have been erased since. None: it is none of ours."""
    try:
        return int(SIGNER.unsign(token)) if len(token) <= LONGEST else None
    except (BadSignature, ValueError):
        return None


def way_out_url(user: User) -> str:
    """The absolute address of the page on which letters are stopped or paused without signing in."""
    return f"{settings.SITE_URL}{reverse('email_wishes', args=[email_token(user)])}"


def unsubscribe_headers(user: User) -> dict[str, str]:
    """What a letter's head says, so that the mail programme itself can show a button for it (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{way_out_url(user)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
