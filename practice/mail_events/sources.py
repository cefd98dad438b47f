"""PURE. Where reports come from, as the settings say."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from practice.core.env import BadSetting, without_password

EVENTS = "mailgun:SIGNING-KEY, postmark:USER:PASSWORD, or empty to take no reports"
MAILBOX = "imaps://user:password@host:993/FOLDER, or empty to read none"
PLAIN_ADDRESS = re.compile(r"[a-zA-Z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[a-z0-9.-]{1,190}")
SHORTEST_SECRET = 12


@dataclass(frozen=True)
class WebhookSecret:
    """The provider whose reports are taken ("" for none), with what proves that they are its own."""

    provider: str = ""
    secret: str = field(default="", repr=False)

    @property
    def anymail(self) -> dict[str, str]:
        """Return the secret under the name by which django-anymail looks for it."""
        names = {"mailgun": "MAILGUN_WEBHOOK_SIGNING_KEY", "postmark": "WEBHOOK_SECRET"}
        return {names[self.provider]: self.secret} if self.provider else {}


def webhook_secret(name: str, raw: str) -> WebhookSecret:
    """Return the provider and the secret of its webhook. Raises BadSetting, which shows no secret."""
    provider, _, secret = raw.partition(":")
    if not raw:
        return WebhookSecret()
    if provider not in ("mailgun", "postmark"):
        raise BadSetting(name, "it names no provider whose reports we can check.", EVENTS)
    user, colon, password = secret.partition(":")
    if provider == "postmark" and not (user and colon):
        raise BadSetting(name, "it needs a user and a password.", EVENTS)
    if len(password if provider == "postmark" else secret) < SHORTEST_SECRET or not secret.isascii():
        raise BadSetting(name, f"the key or password has fewer than {SHORTEST_SECRET} characters.", EVENTS)
    return WebhookSecret(provider, secret)


@dataclass(frozen=True)
class Mailbox:
    """A mailbox in which bounces arrive, read over IMAP. `encrypted`: with TLS from the first byte."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    encrypted: bool = True


def bounce_mailbox(name: str, raw: str) -> Mailbox | None:
    """Return the mailbox of an address; None for an empty one. Raises BadSetting, which shows no password."""
    if not raw:
        return None
    try:
        parts = urlsplit(raw)
        port = parts.port or 993
    except ValueError as error:
        raise BadSetting(name, f"it cannot be read ({error}).", MAILBOX) from error
    if parts.scheme != "imaps" or not (parts.hostname and parts.username and parts.password):
        raise BadSetting(name, f"{without_password(raw)!r} lacks a part.", MAILBOX)
    found = Mailbox(
        parts.hostname,
        port,
        unquote(parts.username),
        unquote(parts.password),
        unquote(parts.path.lstrip("/")) or "INBOX",
    )
    if not all(text.isascii() and text.isprintable() for text in (found.user, found.password, found.folder)):
        raise BadSetting(name, "it has characters that IMAP cannot send.", MAILBOX)
    return found


def bounce_address(name: str, raw: str) -> str:
    """Return the address that bounces go to; "" for that of the sender. Raises BadSetting."""
    if raw and not PLAIN_ADDRESS.fullmatch(raw):
        raise BadSetting(name, f"{raw!r} is no plain address.", "bounces@portal.example, or empty")
    return raw
