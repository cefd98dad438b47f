"""The one gateway of this practice, as the setting names it."""

from __future__ import annotations

from django.conf import settings

from practice.core.texts.gateway_address import gateway_at
from practice.mail.channels.text_messages.gateway import TextGateway
from practice.mail.channels.text_messages.twilio import Twilio


def texts_are_on() -> bool:
    """Return whether this practice sends text messages."""
    return bool(settings.TEXT_MESSAGES_URL)


def gateway() -> TextGateway | None:
    """Return the gateway; None without the setting. Another kind of gateway is another class here."""
    address = gateway_at(settings.TEXT_MESSAGES_URL)
    return Twilio(address, seconds=settings.TEXT_TIMEOUT) if address else None
