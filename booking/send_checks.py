"""The modules that plan booking's emails: each says in its `CHECKS` how they are judged when they leave."""

from __future__ import annotations

from booking.calendars import letters as calendars_letters
from booking.intake import letters as intake_letters
from booking.letters import digest, send_check, to_practitioner, wording
from booking.letters.before_session import preparation, reminders
from booking.offers import letters as offers_letters
from booking.owner_settings import letters as owner_settings_letters
from booking.payments import letters as payments_letters
from practice.core import reasons
from practice.mail.send_check import register_all

MODULES = (
    send_check,  # all news of appointments
    *(reminders, preparation, intake_letters, digest, to_practitioner),
    *(offers_letters, calendars_letters, owner_settings_letters, payments_letters),
)


def register_checks() -> None:
    """Register how each kind is judged and worded when it leaves. Called once, when the app is ready."""
    reasons.register(wording.SENTENCES)
    for module in MODULES:
        register_all(module.CHECKS)
