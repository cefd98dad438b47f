"""PURE. The setting that names the gateway for text messages, and the signature of what it sends us."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, unquote, urlsplit

SHAPE = "https://ACCOUNT:TOKEN@api.twilio.com?from=+13035550100 (or ?service=MG…), or empty for no texts"
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class GatewayAddress:
    """Where texts are handed over, as whom, and from which number or messaging service."""

    host: str
    port: int | None
    is_secure: bool
    account: str
    token: str
    sender: str = ""
    service: str = ""


@lru_cache(maxsize=4)
def gateway_at(url: str) -> GatewayAddress | None:
    """Return the gateway that a setting names; None for none. Raises ValueError, without the token."""
    if not url:
        return None
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("it names no host.")
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        raise ValueError("the token would go over the network in plain text.")
    if not parts.username or not parts.password:
        raise ValueError("it lacks the account or its token.")
    query = {name: values[-1] for name, values in parse_qs(parts.query.replace("+", "%2B")).items()}
    sender, service = query.get("from", ""), query.get("service", "")
    if not (sender or service):
        raise ValueError("it says neither from which number nor by which messaging service.")
    if sender and not re.fullmatch(r"\+[1-9][0-9]{6,14}", sender):
        raise ValueError("the number after from= is not like +13035550100.")
    if service and not re.fullmatch(r"MG[0-9A-Za-z]{4,40}", service):
        raise ValueError("the service does not begin with MG.")
    return GatewayAddress(
        host=parts.hostname,
        port=parts.port,
        is_secure=parts.scheme == "https",
        account=unquote(parts.username),
        token=unquote(parts.password),
        sender=sender,
        service=service,
    )


def signature(token: str, url: str, fields: Iterable[tuple[str, str]]) -> str:
    """Return the signature of a form sent to `url`: HMAC-SHA1 over the address and the sorted fields.

    Source: Twilio, "Validating requests are coming from Twilio"; a field that comes twice counts twice.
    """
    said = url + "".join(name + value for name, value in sorted(set(fields)))
    return b64encode(hmac.new(token.encode(), said.encode(), hashlib.sha1).digest()).decode()


def is_signed(token: str, url: str, fields: Iterable[tuple[str, str]], given: str) -> bool:
    """Return whether the given signature is right, in the same time for every wrong one."""
    return hmac.compare_digest(signature(token, url, fields).encode(), given.encode())
