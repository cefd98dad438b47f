"""Send an email that went wrong again, or leave it as it is."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from practice.core.reasons import because
from practice.mail.channels.table import transport_of
from practice.mail.channels.transport import Block
from practice.mail.composing.envelope import address_of
from practice.mail.kinds import UNASKED
from practice.mail.queries import NEEDS_DECISION
from practice.models import Letter, User
from practice.security.crypto import Unreadable

State = Letter.State


class CannotSendAgain(Exception):
    """Raised when an email cannot be sent again. The message says why, to the practitioner."""


def send_again(letter: Letter, *, by: User, now: datetime | None = None) -> Letter:
    """Plan a failed or unknown email anew, under the same Message-ID. Asked twice, it goes once.

    Raises CannotSendAgain when its text is gone or cannot be opened, or nothing can be sent to its address.
    """
    try:
        letter.open_words()
    except Unreadable as error:
        raise CannotSendAgain(_("It can’t be decrypted: its key is missing.")) from error
    if letter.blanked_at or not letter.text:
        raise CannotSendAgain(_("The text of this email is no longer stored."))
    address = address_of(letter)
    if not address:
        raise CannotSendAgain(_("There is no email address on file. Add one first."))
    block = transport_of(letter).is_blocked(address)
    if block == Block.BOUNCED or (block and letter.category in UNASKED):
        raise CannotSendAgain(
            _("Email to that address bounced or was reported as unwanted. Unblock the address first.")
        )
    _change(
        letter,
        state=State.PLANNED,
        claim=None,
        leased_until=None,
        attempts=0,
        due_at=now or timezone.now(),
        refused_at=None,  # asked for again, it stops no others any more
        refusal="",
        not_after=None,  # the person who asks for it knows that it is late
        why=because("sent_again", who=str(by)),
    )
    return letter


def comes_back(letter: Letter) -> bool:
    """Return whether emails to its reader's present address come back, so that it can't be sent again."""
    address = address_of(letter)
    return bool(address) and transport_of(letter).is_blocked(address) == Block.BOUNCED


def leave_unsent(letter: Letter, *, by: User) -> Letter:
    """Leave a failed or unknown email as it is: it stays in the ledger, and asks nobody any more."""
    _change(letter, state=State.CANCELLED, claim=None, why=letter.why + because("dismissed", who=str(by)))
    return letter


def _change(letter: Letter, **how: object) -> None:
    """Change an email that still waits for a person; what somebody else decided in the meantime stays."""
    Letter.objects.filter(pk=letter.pk, state__in=NEEDS_DECISION).update(**how)
    letter.refresh_from_db()
