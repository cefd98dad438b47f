"""Emails shown to somebody else than their reader, without links that act for the reader."""

from __future__ import annotations

import re

from practice.core.log_redaction import SIGNED_NAME
from practice.mail.composing.render import Rendered
from practice.models import Letter

MASK = "…"
#: What opens an appointment, an intake or an offer is a signed name (`booking/links.py`), what stops emails a
#: signed number (`practice/mail/unsubscribe.py`); what signs somebody in is signed with its time
#: (`practice/accounts/one_time_links.py`).
KEY = re.compile(
    rf"\b(?:{SIGNED_NAME.pattern}|\d+\.[A-Za-z0-9_-]{{43}})"
    r"|\b[A-Za-z0-9_-]{8,}:[A-Za-z0-9_-]{4,}:[A-Za-z0-9_-]{43}"
)


def mask_links(words: Rendered) -> Rendered:
    """Return the words with every such link masked: following one would count as the client's own act."""
    return Rendered(words.subject, text_with_masked_links(words.text), text_with_masked_links(words.html))


def text_with_masked_links(text: str) -> str:
    """Return one part of an email, as plain text or HTML, with each key masked."""
    return KEY.sub(MASK, text)


def opens_account(letter: Letter) -> bool:
    """Return whether the text opens an account, as a code does: nobody but its reader may read it."""
    return letter.category == Letter.Category.ACCOUNT
