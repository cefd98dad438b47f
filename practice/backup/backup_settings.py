"""PURE. The settings of backups, refused by name when they are wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from practice.backup.engine.keeping import Keep
from practice.core.env import BadSetting
from practice.storage.storage_settings import NAME, SCHEME, is_bucket

#: Where in a bucket: words with slashes between them, or nothing.
PREFIX = re.compile(r"([\w.-]+(/[\w.-]+)*)?/?", re.ASCII)


def backup_place(name: str, raw: str, *, never_in: Mapping[str, Path]) -> str:
    """Return where backups are stored, as written; "" for nowhere.

    `never_in`: the folders that a backup copies, or must not be beside. Raises BadSetting.
    """
    allowed = (
        "the full path of a folder on another disk, such as /mnt/backups/portal, s3://bucket/folder, or empty"
    )
    if is_bucket(raw):
        bucket, _, prefix = raw.removeprefix(SCHEME).partition("/")
        if not NAME.fullmatch(bucket) or not PREFIX.fullmatch(prefix):
            raise BadSetting(name, f"{raw!r} names no bucket.", allowed)
        return raw.rstrip("/")
    if raw and not raw.startswith("/"):
        raise BadSetting(name, f"{raw!r} is not a full path.", allowed)
    path = Path(raw or "/").resolve()
    for setting, folder in never_in.items() if raw else ():
        if path in (folder, *folder.parents) or folder in path.parents:
            raise BadSetting(name, f"{raw!r} and {setting} ({folder}) must be apart.", allowed)
    return raw


def backup_keep(name: str, raw: str) -> Keep:
    """Return how many backups are kept. Raises BadSetting."""
    try:
        return Keep.parse(raw)
    except ValueError as problem:
        allowed = "how many daily, weekly and monthly backups to keep, such as 7,4,12"
        raise BadSetting(name, str(problem), allowed) from None
