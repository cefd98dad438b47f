"""Phone numbers as the practice's country writes them, and sentences that say how to reach the practice.

By phone, else by email, if it has either. Every sentence that ends in "call us" ends in one of these, so that
nobody has to look for the number.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from practice.core.locales import phone_numbers
from practice.core.plain_text import plain_line
from practice.models import Practice
from practice.queries import the_practice


def please_call(practice: Practice) -> str:
    """Return how to reach us where nothing else helps: "Please call us: 303 555 0142."."""
    if practice.phone:
        return _("Please call us: %(phone)s.") % {"phone": practice.phone_shown}
    if practice.email:
        return _("Please email us: %(email)s.") % {"email": practice.email}
    return _("Please contact us.")


def or_call(practice: Practice) -> str:
    """Return the second way to reach us, after one was named: "Or call us: 303 555 0142."; else nothing."""
    if practice.phone:
        return _("Or call us: %(phone)s.") % {"phone": practice.phone_shown}
    if practice.email:
        return _("Or email us: %(email)s.") % {"email": practice.email}
    return ""


def kept_number(text: str) -> str:
    """Return a typed number in the form in which it is kept; what cannot be read as one line, unchanged."""
    line = plain_line(text)
    return phone_numbers.kept(line, region=the_practice().region) if line else ""


def shown_number(number: object) -> str:
    """Return a number as it is written here; what cannot be read, unchanged."""
    text = str(number or "")
    return phone_numbers.shown(text, region=the_practice().region) if text else ""


def wrong_number(text: str) -> str:
    """Return what to do if this is no phone number; "" if it is one."""
    region = the_practice().region
    if phone_numbers.read(text, region=region):
        return ""
    example = phone_numbers.example(region)
    return _("Please enter a phone number with area code, like %(number)s.") % {"number": example}
