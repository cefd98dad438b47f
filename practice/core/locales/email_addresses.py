"""PURE. An email address as it goes over the wire."""

from __future__ import annotations

import idna

LONGEST = 254  # characters of an address (RFC 5321, 4.5.3.1.3, without its brackets)


def ascii_address(address: str) -> str:
    """Return an address as it is sent: an international domain in its ASCII form (IDNA 2008); "" for none.

    A receiver whose server knows no SMTPUTF8 is the rule, so the part before the @ must be ASCII already.
    """
    name, _, domain = address.rpartition("@")
    try:
        encoded = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return ""
    sent = f"{name}@{encoded}"
    return sent if name.isascii() and sent.isprintable() and len(sent) <= LONGEST else ""
