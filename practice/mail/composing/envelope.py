"""Sender, recipient and reply address of an email, as they are when it leaves."""

from __future__ import annotations

from practice.core.plain_text import plain_line
from practice.mail.channels.table import transport_of
from practice.models import Letter

NAME_LONGEST, TO_LONGEST = 150, 60


def address_of(letter: Letter) -> str:
    """Return the reader's present address; an empty text where there is none any more.

    A code, or a notice about an account, goes where it was asked for: the old address, too.
    """
    if letter.user is None or letter.category == Letter.Category.ACCOUNT:
        return letter.to_address
    transport = transport_of(letter)
    return transport.usable_address(transport.recipient(letter.user))


def envelope_of(letter: Letter) -> dict[str, str]:
    """Return the names and addresses that the email's row must have now, by field."""
    envelope = {"to_address": address_of(letter), "reply_to": transport_of(letter).reply_to()}
    if letter.user is not None and letter.category != Letter.Category.ACCOUNT:
        envelope["to_name"] = name_in_to(letter.user.name)
    return envelope


def name_in_head(name: str) -> str:
    """Return a name that fits into an email's header."""
    return plain_line(name)[:NAME_LONGEST]


def name_in_to(name: str) -> str:
    """Return a name for the To header; a stranger's, typed on a public form, must not carry a message."""
    return plain_line(name).replace("://", " ")[:TO_LONGEST].strip()
