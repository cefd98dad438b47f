"""PURE. Settings from the environment; a wrong one is refused by name, with what is allowed."""

from __future__ import annotations

import os
import re
import secrets
import stat
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from cryptography.fernet import Fernet

T = TypeVar("T")

TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


class BadSetting(Exception):
    """Raised when a setting is wrong. The text names it, says what is wrong and what is allowed."""

    def __init__(self, name: str, wrong: str, allowed: str) -> None:
        super().__init__(f"{name}: {wrong} Allowed: {allowed}.")
        self.name = name


def read_env_file(path: Path, environ: MutableMapping[str, str]) -> None:
    """Put the `NAME=value` lines of a .env file into `environ`; values that are set already win."""
    if not path.exists():
        return
    _close(path)
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        name, sign, value = line.partition("=")
        if not sign:
            raise BadSetting(f".env, line {number}", "it has no equals sign.", "NAME=value")
        environ.setdefault(name.strip(), value.strip().strip("'\""))


def _close(path: Path) -> None:
    """Close our .env file to other users: the password of the mail server is in it."""
    found = path.stat()
    if found.st_uid == os.getuid():
        if found.st_mode & 0o077:
            path.chmod(0o600)
    elif found.st_mode & 0o007:
        raise BadSetting(str(path), "every user of this machine can read it.", f"mode 600: chmod 600 {path}")


class Env:
    """A reader of settings from a mapping (the environment)."""

    def __init__(self, environ: Mapping[str, str] | None = None) -> None:
        self.environ = os.environ if environ is None else environ

    def text(self, name: str, default: str = "") -> str:
        """Return the value as written, or the default."""
        return self.environ.get(name, "").strip() or default

    def flag(self, name: str, default: bool = False) -> bool:
        """Return whether it is on or off."""
        raw = self.environ.get(name)
        if raw is None:
            return default
        if raw.strip().lower() in TRUE:
            return True
        if raw.strip().lower() in FALSE:
            return False
        raise BadSetting(name, f"{raw!r} is neither on nor off.", "1, 0, on, off, true, false")

    def number(self, name: str, default: int, *, low: int, high: int) -> int:
        """Return a whole number between `low` and `high`, both included."""
        raw = self.text(name, str(default))
        if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
            raise BadSetting(name, f"{raw!r} does not fit.", f"a whole number from {low} to {high}")
        return int(raw)

    def url(self, name: str, default: str, *, schemes: tuple[str, ...], shape: str) -> str:
        """Return an address with one of the schemes; refuse one without a scheme."""
        raw = self.text(name, default)
        try:
            parts = urlsplit(raw)
            parts.port  # noqa: B018  (reading it is what refuses a port that is no number)
        except ValueError as error:
            raise BadSetting(name, f"it cannot be read ({error}).", shape) from error
        if raw and parts.scheme not in schemes:
            raise BadSetting(name, f"{without_password(raw)!r} has the wrong beginning.", shape)
        if parts.scheme in ("http", "https") and not parts.hostname:
            raise BadSetting(name, f"{raw!r} names no host.", shape)
        return raw

    def site(self, name: str, default: str) -> str:
        """Return the site's address: scheme, host, perhaps a port, and nothing after it."""
        shape = "https://your.domain, or http://localhost:8000; nothing after the host"
        raw = self.url(name, default, schemes=("http", "https"), shape=shape).rstrip("/")
        parts = urlsplit(raw)
        if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
            raise BadSetting(name, "it says more than scheme, host and port.", shape)
        return raw

    def path(self, name: str, default: str, *, pattern: Callable[[str], bool], shape: str) -> str:
        """Return a short name that matches `pattern`."""
        raw = self.text(name, default)
        if not pattern(raw):
            raise BadSetting(name, f"{raw!r} does not fit.", shape)
        return raw

    def secret_key(self, kept_in: Path) -> str:
        """Return `SECRET_KEY`, or one made once and kept in a file only the owner can read."""
        raw = self.text("SECRET_KEY")
        if not raw:
            return read_or_create(kept_in, lambda: secrets.token_urlsafe(50))
        if len(raw) < 50 or len(set(raw)) < 5 or raw.startswith("django-insecure-"):
            raise BadSetting(
                "SECRET_KEY",
                "it is too short, too repetitive, or an example.",
                "50 random characters or more; "
                "make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
            )
        return raw

    def field_keys(self, kept_in: Path) -> list[str]:
        """Return `FIELD_KEYS`, newest first, comma-separated; or one made once and kept in a file."""
        raw = self.text("FIELD_KEYS") or read_or_create(kept_in, lambda: Fernet.generate_key().decode())
        keys = [key.strip() for key in raw.split(",") if key.strip()]
        for key in keys:
            try:
                Fernet(key)
            except ValueError as error:
                raise BadSetting(
                    "FIELD_KEYS",
                    "one of the keys is not a Fernet key.",
                    "keys of 32 bytes in URL-safe base64, comma-separated, newest first; make one with: "
                    "python -c 'from cryptography.fernet import Fernet as F; "
                    "print(F.generate_key().decode())'",
                ) from error
        return keys


def private_folder(path: Path) -> Path:
    """Return the folder, made for this user alone: 0700, and 0600 what lies directly in it.

    One that was open is closed. A folder of somebody else's, or for everybody such as /tmp, stays as it is.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.stat()
    if found.st_mode & 0o077 and not found.st_mode & stat.S_ISVTX and found.st_uid == os.getuid():
        path.chmod(0o700)
        for one in path.iterdir():
            if one.is_file() and not one.is_symlink():
                one.chmod(0o600)
    return path


def key_file(name: str, *, folder: Path, before: Path) -> Path:
    """Return where a key is kept: in `folder`, or still where it was kept `before`, when it is only there."""
    old = before / name
    return old if old.exists() and not (folder / name).exists() else folder / name


def without_password(url: str) -> str:
    """Return an address as it may be printed, without its password."""
    return re.sub(r"//[^/@\s]*@", "//…@", url)


def read_or_create(path: Path, make: Callable[[], str]) -> str:
    """Return the text in `path`, written there (mode 600) the first time; two starters at once agree."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(make(), encoding="utf-8")
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="utf-8").strip()
