"""Sentences that say how to reach the practice: by phone, else by email, if it has either.

Every sentence that ends in "call us" ends in one of these, so that nobody has to look for the number.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from practice.models import Practice


def please_call(practice: Practice) -> str:
    """Return how to reach us where nothing else helps: "Please call us: 303 555 0142."."""
    if practice.phone:
        return _("Please call us: %(phone)s.") % {"phone": practice.phone}
    if practice.email:
        return _("Please email us: %(email)s.") % {"email": practice.email}
    return _("Please contact us.")


def or_call(practice: Practice) -> str:
    """Return the second way to reach us, after one was named: "Or call us: 303 555 0142."; else nothing."""
    if practice.phone:
        return _("Or call us: %(phone)s.") % {"phone": practice.phone}
    if practice.email:
        return _("Or email us: %(email)s.") % {"email": practice.email}
    return ""
