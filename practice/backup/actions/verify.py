"""Check a backup as a restore would need it: all of it is read, its database opened, everything counted."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from practice.backup import databases, here
from practice.backup.actions.back_up import sentences
from practice.backup.engine.manifest import ENGINES, Manifest, differing_counts
from practice.backup.engine.refusals import in_utc, megabytes
from practice.backup.places import BackupPlace, Trouble
from practice.storage.errors import StorageAway

LISTED = 5


@dataclass(frozen=True)
class Finding:
    """A line of the table: what was checked, whether it is good, and what was found."""

    what: str
    good: bool
    says: str


def verify(place: BackupPlace, manifest: Manifest, *, guard: frozenset[str] = frozenset()) -> list[Finding]:
    """Return what was found of a backup, part by part. `guard`: rules that its database must have.

    Changes nothing, and needs no database of ours but for PostgreSQL, where a dump is opened on our server.
    """
    return [
        _described(manifest),
        *_of_database(place, manifest, guard),
        _of_files(place, manifest),
        _of_keys(manifest),
    ]


def _described(manifest: Manifest) -> Finding:
    engine = ENGINES.get(manifest.engine, manifest.engine)
    says = f"{manifest.name}, made {in_utc(manifest.made_at)} by version {manifest.version}, {engine}, "
    return Finding("Backup", True, says + megabytes(manifest.size))


def _of_database(place: BackupPlace, manifest: Manifest, guard: frozenset[str]) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(dir=settings.VAR_DIR, prefix="verify-") as folder:
        file = Path(folder) / manifest.database.path
        try:
            with sentences(place):
                place.fetch(
                    f"{manifest.folder}/{manifest.database.path}", file, sha256=manifest.database.sha256
                )
                yield Finding("Database file", True, "complete, its checksum matches")
                found = databases.open_copy(file, manifest.engine)
        except Trouble as error:
            yield Finding("Database", False, str(error))
            return
    yield Finding("Database opens", True, "in a temporary place, without damage")
    wrong = differing_counts(manifest.counts, found.counts)
    rows = f"{sum(found.counts.values()):,} in {len(found.counts)} tables, as when it was made"
    yield Finding("Rows", not wrong, "; ".join(wrong[:LISTED]) or rows)
    lost = sorted({*manifest.rules, *guard} - {*found.rules})
    there = f"all {len(found.rules)} are there, with the one against double bookings"
    yield Finding("Rules of the database", not lost, f"missing: {', '.join(lost)}" if lost else there)


def _of_files(place: BackupPlace, manifest: Manifest) -> Finding:
    """Return whether the contents of all files are there and as they were: recordings, photos, videos."""
    wrong = []
    for one in manifest.files:
        try:
            place.check(one.blob, sha256=one.sha256)
        except FileNotFoundError:
            wrong.append(f"{one.path} is missing")
        except StorageAway:  # nobody knows
            raise
        except (OSError, Trouble):
            wrong.append(f"{one.path} is damaged")
    all_good = f"all {len(manifest.files)} are there, and their checksums match"
    if wrong:
        return Finding("Recordings and pictures", False, f"{'; '.join(wrong[:LISTED])} ({len(wrong)} in all)")
    return Finding("Recordings and pictures", True, all_good if manifest.files else "there were none")


def _of_keys(manifest: Manifest) -> Finding:
    """Return which keys a restore needs. Those of another machine are no fault of the backup."""
    if manifest.keys == here.keys():
        return Finding(
            "Keys", True, "the ones in use here. They are not in the backup: keep a copy elsewhere"
        )
    needed = f"field keys {', '.join(manifest.keys.field_keys)}, secret key {manifest.keys.secret_key}"
    return Finding("Keys", True, f"a restore needs others than the ones in use here: {needed}")
