"""PURE. What a domain's DKIM record lacks (RFC 6376, 8301, 8463)."""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from practice.sender_domain.finding import NOTE, Finding, Lookup, fine, tags_of

SMALLEST, ADVISED = 1024, 2048  # bits of an RSA key (RFC 8301, 3.2)


def check_dkim(domain: str, selector: str, lookup: Lookup, *, own_key: bytes = b"") -> list[Finding]:
    """Return what was found about the key of a selector. Raises DnsSilent.

    `own_key`: the private key that the portal signs with under this selector, which must be the same one.
    """
    name = f"{selector}._domainkey.{domain}"
    texts = lookup(name)
    sample = f"v=DKIM1; k=rsa; p={public_part(own_key) if own_key else '{the public key}'}"
    if not texts:
        return [Finding("dkim_missing", {"name": name}, name=name, record=sample)]
    if len(texts) > 1:
        return [Finding("dkim_several", {"name": name, "count": len(texts)})]
    tags = tags_of(texts[0])
    if tags.get("v", "DKIM1") != "DKIM1" or "p" not in tags:
        return [Finding("dkim_unreadable", {"name": name}, name=name, record=sample)]
    if not tags["p"]:
        return [Finding("dkim_revoked", {"name": name})]
    if own_key and tags["p"] != public_part(own_key):
        return [Finding("dkim_other_key", {"name": name}, name=name, record=sample)]
    found = _key(name, tags, sample)
    if "y" in tags.get("t", "").split(":"):
        found.append(Finding("dkim_testing", {"name": name}, NOTE))
    return found


def _key(name: str, tags: dict[str, str], sample: str) -> list[Finding]:
    unreadable = [Finding("dkim_unreadable", {"name": name}, name=name, record=sample)]
    try:
        content = base64.b64decode(tags["p"], validate=True)
        if tags.get("k", "rsa") == "ed25519":
            return [fine("dkim_fine_ed25519", name=name)] if len(content) == 32 else unreadable
        key = serialization.load_der_public_key(content)
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return unreadable
    if not isinstance(key, RSAPublicKey):
        return unreadable
    if key.key_size < SMALLEST:
        return [Finding("dkim_too_short", {"name": name, "bits": key.key_size})]
    if key.key_size < ADVISED:
        return [Finding("dkim_short", {"name": name, "bits": key.key_size}, NOTE)]
    return [fine("dkim_fine", name=name, bits=key.key_size)]


def public_part(private_pem: bytes) -> str:
    """Return the public half of a private key as the record has it."""
    key = serialization.load_pem_private_key(private_pem, password=None).public_key()
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode("ascii")
