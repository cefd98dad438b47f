"""PURE. Why a backup is not restored here, each as a sentence that says what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime

from practice.backup.engine.manifest import ENGINES, KeyPrints, Manifest

#: Free space that stays: the machine also writes logs.
SPARE = 50_000_000
UNKNOWN_COMMIT = "unknown"


@dataclass(frozen=True)
class Disk:
    """A file system that a restore writes to: bytes that it needs there, and that are free."""

    path: str
    needs: int
    free: int


@dataclass(frozen=True)
class Place:
    """What is where a backup is to be restored. `migrations`: app → all that this code knows, in order."""

    engine: str
    migrations: Mapping[str, Set[str]]
    keys: KeyPrints
    tables: Sequence[str]
    strange_files: Sequence[str]
    database: str
    media: str
    keys_dir: str
    disks: Sequence[Disk]


def refusals(manifest: Manifest, place: Place, *, new_secret_key: bool = False) -> list[str]:
    """Return every reason against restoring this backup here; an empty list: none.

    `new_secret_key`: the person said that SECRET_KEY is lost.
    """
    return [
        *engine_refusal(manifest.engine, place.engine),
        *schema_refusals(manifest, place.migrations),
        *key_refusals(manifest.keys, place, new_secret_key=new_secret_key),
        *target_refusals(place),
        *(space_refusal(disk) for disk in place.disks if disk.needs + SPARE > disk.free),
    ]


def engine_refusal(was: str, here: str) -> list[str]:
    """Return why the backup of one engine does not go into another."""
    if was == here:
        return []
    url = "sqlite:////path/portal.sqlite3" if was == "sqlite" else "postgresql://user:password@host/name"
    return [
        f"The backup is of {ENGINES.get(was, was)}, and DATABASE_URL names {ENGINES.get(here, here)}. "
        f"A backup can only be restored into the same kind of database: set DATABASE_URL={url}."
    ]


def schema_refusals(manifest: Manifest, known: Mapping[str, Set[str]]) -> list[str]:
    """Return why this code is too old for the backup: its database has migrations that are not here."""
    newer = unknown_migrations(manifest.migrations, known)
    if not newer:
        return []
    commit = "" if manifest.commit == UNKNOWN_COMMIT else f", commit {manifest.commit[:12]}"
    return [
        f"The backup was made by a newer version of the portal ({manifest.version}{commit}) than this one. "
        f"Install that version or a later one. Unknown here: {', '.join(newer)}."
    ]


def unknown_migrations(last: Mapping[str, str], known: Mapping[str, Set[str]]) -> list[str]:
    """Return the last migrations that this code does not know, of apps that it knows.

    An app that was taken out since leaves its migrations in old databases, and they do no harm.
    """
    return [f"{app} {name}" for app, name in sorted(last.items()) if app in known and name not in known[app]]


def key_refusals(needed: KeyPrints, place: Place, *, new_secret_key: bool) -> list[str]:
    """Return which keys the backup needs that are not here."""
    found = []
    missing = [key for key in needed.field_keys if key not in place.keys.field_keys]
    if missing:
        found.append(
            f"FIELD_KEYS is not the one of the backup, so health data could not be read. Needed: the keys "
            f"with the fingerprints {', '.join(needed.field_keys)}; "
            f"here: {', '.join(place.keys.field_keys)}. "
            f"Put your copy of the file field_keys into {place.keys_dir}, or set FIELD_KEYS."
        )
    if needed.secret_key != place.keys.secret_key and not new_secret_key:
        found.append(
            f"SECRET_KEY is not the one of the backup. Needed: {needed.secret_key}; "
            f"here: {place.keys.secret_key}. "
            f"Put your copy of the file secret_key into {place.keys_dir}, or set SECRET_KEY. "
            "If it is lost, --new-secret-key restores without it: links in emails that were sent no longer "
            "work, and addresses of erased people that were blocked are no longer recognized."
        )
    return found


def target_refusals(place: Place) -> list[str]:
    """Return why the target is not empty."""
    found = []
    if place.tables:
        found.append(
            f"The database {place.database} is not empty: it has {len(place.tables)} tables. A restore never "
            "overwrites anything. Move the old database away, or name another one in DATABASE_URL."
        )
    if place.strange_files:
        listed = ", ".join(list(place.strange_files)[:3])
        found.append(
            f"{place.media} has files that are not in the backup, or differ from it: {listed} "
            f"({len(place.strange_files)} in all). Move them away, or name another place in MEDIA_ROOT or "
            "S3_BUCKET."
        )
    return found


def space_refusal(disk: Disk) -> str:
    """Return how much space is missing."""
    return (
        f"There is not enough space on the disk of {disk.path}: {megabytes(disk.needs + SPARE)} are needed, "
        f"{megabytes(disk.free)} are free."
    )


def megabytes(size: int) -> str:
    """Return a size for people."""
    return f"{max(1, round(size / 1_000_000)):,} MB" if size else "0 MB"


def in_utc(at: datetime) -> str:
    """Return an instant as commands print it."""
    return at.strftime("%B %-d, %Y, %H:%M UTC")
