"""PURE. The settings of the DKIM signature: a selector and the file of its key, both or neither."""

from __future__ import annotations

import re
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from practice.core.env import BadSetting

LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
SELECTOR = re.compile(rf"{LABEL}(\.{LABEL})*")
SMALLEST_KEY = 1024  # bits: verifiers take nothing less (RFC 8301, 3.2)
SHAPE = "the path of an RSA key in PEM, together with DKIM_SELECTOR; or neither of them"


def dkim_selector(name: str, raw: str) -> str:
    """Return the selector; "" for none. Raises BadSetting."""
    if raw and not SELECTOR.fullmatch(raw):
        raise BadSetting(name, f"{raw!r} does not fit.", "small letters, digits and -, such as portal2027")
    return raw


def dkim_key(name: str, path: str, selector: str) -> bytes:
    """Return the private key that a file holds, in PEM; b"" without a selector and a file.

    Raises BadSetting: signing must not stop silently, or receivers that were told to reject will.
    """
    if not path and not selector:
        return b""
    if not path or not selector:
        raise BadSetting(name, "only one of DKIM_SELECTOR and DKIM_KEY_FILE is set.", SHAPE)
    try:
        pem = Path(path).read_bytes()
        key = serialization.load_pem_private_key(pem, password=None)
    except OSError as error:
        raise BadSetting(name, f"the file cannot be read ({error.strerror}).", SHAPE) from error
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise BadSetting(name, "the file holds no private key, or one with a password.", SHAPE) from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < SMALLEST_KEY:
        raise BadSetting(name, f"it is no RSA key of at least {SMALLEST_KEY} bits.", SHAPE)
    return pem
