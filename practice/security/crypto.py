"""Encryption of texts: the key is in the environment, never in the database."""

from __future__ import annotations

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """Raised when none of FIELD_KEYS opens a text: a key was lost, or the text was changed."""


def keys_beside_the_database() -> list[str]:
    """Return the paths of keys in VAR_DIR, and of KEYS_DIR when it is there: a copy would hold both."""
    var, keys = settings.VAR_DIR, settings.KEYS_DIR
    found = [str(var / name) for name in ("field_keys", "secret_key") if (var / name).exists()]
    return found or ([str(keys)] if keys == var or var in keys.parents else [])


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Return the text encrypted under the newest of FIELD_KEYS; different each time."""
    return _box(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode()


def decrypt(sealed: str) -> str:
    """Return the decrypted text, whichever of FIELD_KEYS it is under; raises Unreadable."""
    try:
        return _box(tuple(settings.FIELD_KEYS)).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("None of FIELD_KEYS opens this text.") from error


def rotate(sealed: str) -> str:
    """Return the same text encrypted under the newest key; raises Unreadable."""
    try:
        return _box(tuple(settings.FIELD_KEYS)).rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable("None of FIELD_KEYS opens this text.") from error


def under_newest_key(sealed: str) -> bool:
    """Return whether the first of FIELD_KEYS opens it."""
    try:
        _box((settings.FIELD_KEYS[0],)).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True
