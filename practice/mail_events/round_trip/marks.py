"""PURE. The mark of an email to ourselves, as a message bears it that lies in the mailbox."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime

from practice.mail_events.bounce_messages import addresses_in

#: The part of our Message-IDs before the "@": nobody guesses it.
MARK = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")
#: Of a text: the mark stands near its beginning, and anyone can send a long message.
READ = 20_000


def mark_of(message_id: str) -> str:
    """Return the mark in one of our Message-IDs."""
    return message_id.strip("<>").partition("@")[0]


def marks_in(message: Message, *, sender: str) -> set[str]:
    """Return what may be a mark: in the Message-ID, or in the text, since some providers replace the ID.

    The text counts only in an email from `sender`, our address: a bounce may quote the email it returns.
    """
    found = set(MARK.findall(str(message.get("Message-ID", ""))[:READ]))
    text = next((one for one in message.walk() if one.get_content_type() == "text/plain"), None)
    if text is None or addresses_in([str(message.get("From", ""))]) != (sender.lower(),):
        return found
    return found | set(MARK.findall(_text(text)[:READ]))


def arrived_at(message: Message) -> datetime | None:
    """Return when the mailbox's server took the message, by the first `Received`; None: unknown."""
    stamp = str(message.get("Received", ""))[:READ].rpartition(";")[2]
    try:
        found = parsedate_to_datetime(stamp.strip())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _text(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("ascii", "replace") if isinstance(payload, bytes) else str(part.get_payload())
