"""Email as a channel: addresses, marked addresses, headers, and the mail server or the outbox of files."""

from __future__ import annotations

from collections.abc import Mapping

from practice.mail import suppression
from practice.mail.channels.smtp import Postbox
from practice.mail.channels.transport import Block, Recipient
from practice.mail.composing import headers as email_headers
from practice.models import Suppression, User

BLOCKS = {Suppression.Cause.BOUNCE: Block.BOUNCED, Suppression.Cause.COMPLAINT: Block.COMPLAINED}


class Email:
    """The transport of emails."""

    def recipient(self, user: User) -> Recipient:
        """Return the user with the address they sign in with."""
        return Recipient(user.name, user.email or "", user)

    def usable_address(self, recipient: Recipient) -> str:
        """Return the email address tidied, or an empty text where nothing can be sent to."""
        return email_headers.usable_address(recipient.address)

    def is_blocked(self, address: str) -> Block | None:
        """Return whether emails came back from this address, or its reader reported one as unwanted."""
        cause = suppression.cause_of(address)
        return BLOCKS[Suppression.Cause(cause)] if cause else None

    def block(self, address: str, *, detail: str) -> None:
        """Mark an address from which emails come back."""
        suppression.suppress(address, cause=Suppression.Cause.BOUNCE, detail=detail)

    def message_id(self, key: str) -> str:
        """Return the Message-ID of the email with this key."""
        return email_headers.message_id(key)

    def headers(self, extra: Mapping[str, str]) -> dict[str, str]:
        """Return the extra headers: the unsubscribe link, each on one line. Raises ValueError for others."""
        return email_headers.allowed(extra)

    def reply_to(self) -> str:
        """Return the address at which the practice reads answers."""
        return email_headers.reply_to()

    def line(self) -> Postbox:
        """Return a connection to the mail server, or to the outbox of files."""
        return Postbox()
