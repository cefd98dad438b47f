"""The one table of channels: which transport carries a letter."""

from __future__ import annotations

from practice.mail.channels.by_email import Email
from practice.mail.channels.text_messages.by_text import TextMessages
from practice.mail.channels.transport import Transport
from practice.models import Letter

TRANSPORTS: dict[str, Transport] = {
    Letter.Channel.EMAIL: Email(),
    Letter.Channel.TEXT: TextMessages(),
}


def transport_of(letter: Letter) -> Transport:
    """Return the transport of a letter's channel. Raises KeyError for a channel that has none."""
    return TRANSPORTS[letter.channel]
