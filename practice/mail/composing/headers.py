"""Headers of an email: one line each, closed to additions, all on the practice's own domain."""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.crypto import salted_hmac

from practice.core.locales.email_addresses import ascii_address
from practice.core.plain_text import plain_line
from practice.models import Letter, Practice
from practice.queries import owners_address, the_practice

#: What a letter may add to its head; everything else there is ours to say.
MAY_ADD = {"List-Unsubscribe", "List-Unsubscribe-Post"}


def chosen_address(practice: Practice | None = None) -> str:
    """Return the address chosen for our emails; "" for none.

    DEFAULT_FROM_EMAIL, else the practice's address in the back office, else the one its owner signs in with.
    `practice`: where the caller has read it already.
    """
    chosen = parseaddr(settings.DEFAULT_FROM_EMAIL)[1] or usable_address((practice or the_practice()).email)
    return chosen or usable_address(owners_address())


def own_address() -> str:
    """Return the address all emails come from; without a chosen one, one of this host."""
    return chosen_address() or f"hello@{urlsplit(settings.SITE_URL).hostname}"


def own_domain() -> str:
    """Return the domain of that address: From and Message-ID agree, as receivers expect."""
    return ascii_address(own_address()).rpartition("@")[2] or "localhost"


def reply_to() -> str:
    """Return the address at which the practice reads answers."""
    return usable_address(the_practice().email) or own_address()


def message_id(key: str) -> str:
    """Return the Message-ID of the email with this key: the same at every try, without revealing the key."""
    return f"<{salted_hmac('practice.mail', key, algorithm='sha256').hexdigest()[:32]}@{own_domain()}>"


def provider_headers(letter: Letter) -> dict[str, str]:
    """Return what makes a provider keep our Message-ID and say it in its reports; nothing for most.

    Postmark takes these off again; without the first, it would replace the Message-ID by its own.
    """
    if settings.EMAIL_EVENTS.provider != "postmark":
        return {}
    return {"X-PM-KeepID": "true", "X-PM-Metadata-message-id": letter.message_id.strip("<>")}


def mailbox(name: str, address: str) -> str:
    """Return "Tess Marlow" <hello@…>, quoted and encoded as a header needs it."""
    return formataddr((plain_line(name), ascii_address(address) or address))


def usable_address(address: str | None) -> str:
    """Return the address tidied, or an empty text where nothing can be sent to."""
    tidied = (address or "").strip().lower()
    try:
        validate_email(tidied)
    except ValidationError:
        return ""
    return tidied if ascii_address(tidied) else ""


def allowed(extra: Mapping[str, str] | None) -> dict[str, str]:
    """Return the extra headers of an email, each on one line. Raises ValueError for one it may not add."""
    lines = {name: plain_line(value) for name, value in (extra or {}).items()}
    if unknown := set(lines) - MAY_ADD:
        raise ValueError(f"a letter cannot add {', '.join(sorted(unknown))} to its head")
    return lines
