"""What the row of an email says that is worded only when it leaves."""

from __future__ import annotations

from django.utils.translation import gettext as _

from practice.mail.composing.render import Rendered


def placeholder(subject: str) -> Rendered:
    """Return the words of a row until its email leaves: its subject, and why there is no text yet."""
    said = _("The text is decided when the email is sent, because things may change before then.")
    return Rendered(subject, f"{said}\n", f"<p>{said}</p>")
