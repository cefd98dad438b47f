"""PURE. Whether an incoming email is somebody's own answer to an email of ours."""

from __future__ import annotations

from email.message import Message

from practice.mail_events.bounce_messages import addresses_in, message_ids
from practice.mail_events.report import ANSWERED, Report

#: What programs write that answer by themselves (RFC 3834, and what older ones say).
AUTOMATIC = ("X-Autoreply", "X-Autorespond", "X-Failed-Recipients")
PRECEDENCE = {"auto_reply", "bulk", "junk", "list"}


def reply_of(message: Message, *, own_id: str = "") -> Report | None:
    """Return the answer as a report whose recipient is its sender; None when no person wrote it.

    `own_id`: what the provider calls it, for a message without an ID. What it says is not read.
    """
    senders = addresses_in([str(line) for line in message.get_all("From", [])])
    answered = message_ids(str(message.get("In-Reply-To", "")), str(message.get("References", "")))
    if len(senders) != 1 or not answered or is_automatic(message):
        return None
    return Report(
        what=ANSWERED,
        message_ids=answered,
        recipients=(senders[0],),
        own_id=str(message.get("Message-ID", "")).strip() or own_id,
    )


def is_automatic(message: Message) -> bool:
    """Return whether a program wrote it: an absence note, a bounce, a list."""
    submitted = str(message.get("Auto-Submitted", "no")).partition(";")[0].strip().lower()
    return (
        submitted != "no"
        or any(name in message for name in AUTOMATIC)
        or str(message.get("Precedence", "")).strip().lower() in PRECEDENCE
        or str(message.get("Return-Path", "")).strip() == "<>"
        or message.get_content_type() == "multipart/report"
    )
