"""What the row of an email says that is worded only when it leaves."""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from practice.mail.composing.render import Rendered


def placeholder(subject: str) -> Rendered:
    """Return the words of a row until its email leaves: its subject, and why there is no text yet."""
    said = _said()
    return Rendered(subject, f"{said}\n", f"<p>{said}</p>")


def is_placeholder(text: str) -> bool:
    """Return whether this text of a row, in any language, only says that its email has no words yet."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            if text.strip() == _said():
                return True
    return False


def _said() -> str:
    return _("The text is decided when the email is sent, because things may change before then.")
