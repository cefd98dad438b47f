"""The test email to the owner. Its link, opened and confirmed, proves that emails of this site arrive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.utils import translation
from django.utils.translation import gettext as _

from booking.links import on_our_site
from portal.first_steps.queries import KIND
from practice.core.reasons import because
from practice.mail.composing.render import Rendered, render
from practice.mail.post import post
from practice.mail.send_check import Cancel, Check, Fresh, Send, Verdict
from practice.models import Letter, User

SALT = "portal.test-email"


def test_email(owner: User, *, now: datetime) -> Letter | None:
    """Plan the test email, at most one a minute; None without a usable address."""
    key = f"{KIND}:{owner.pk}:{now:%Y%m%dT%H%M}"
    return post(KIND, key=key, to=owner, context={}, words=_words(owner, key), now=now)


def check_test_email(letter: Letter, now: datetime) -> Verdict:
    """Decide whether the email may leave: only to somebody who still owns the practice."""
    owner = letter.user
    if owner is None or not owner.is_superuser:
        return Cancel(because("account_closed"), purge=True)
    return Send(Fresh(_words(owner, letter.key)))


def token_of(key: str) -> str:
    """Return the token of the link in the email with this key."""
    return signing.dumps(key, salt=SALT)


def read_token(token: str) -> str | None:
    """Return the key of the email that a link was in; None: the link is not ours."""
    try:
        return str(signing.loads(token, salt=SALT))
    except signing.BadSignature:
        return None


def _words(owner: User, key: str) -> Rendered:
    with translation.override(owner.language or settings.LANGUAGE_CODE):
        context: dict[str, Any] = {
            "to": owner,
            "sender": "",
            "first_name": owner.first_name,
            "act_url": on_our_site("test_email", token_of(key)),
            "act_words": _("Confirm that it arrived"),
            "why": _("You’re receiving this because you asked for a test email in your workspace."),
        }
    return render(KIND, context, language=owner.language)


CHECKS = {KIND: Check(check_test_email)}
