"""What this machine is to a backup: the version of its code, its migrations, its keys and its disks."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from practice.backup import databases, media
from practice.backup.engine.manifest import KeyPrints, Manifest, fingerprint
from practice.backup.engine.refusals import UNKNOWN_COMMIT, Disk, Place
from practice.backup.places import existing
from practice.storage.chosen import media as media_store


def keys() -> KeyPrints:
    """Return the fingerprints of the keys in use."""
    return KeyPrints(fingerprint(settings.SECRET_KEY), tuple(fingerprint(one) for one in settings.FIELD_KEYS))


def version() -> str:
    """Return the version of the code."""
    for line in (settings.BASE_DIR / "pyproject.toml").read_text(encoding="utf-8").splitlines():
        if line.startswith("version = "):
            return line.partition('"')[2].rstrip('"')
    return "unknown"


def commit() -> str:
    """Return the commit of the code; "unknown" where it was not cloned with git."""
    asked = ["git", "-C", str(settings.BASE_DIR), "rev-parse", "HEAD"]
    try:
        done = subprocess.run(asked, capture_output=True, text=True)
    except OSError:
        return UNKNOWN_COMMIT
    return done.stdout.strip() if done.returncode == 0 else UNKNOWN_COMMIT


def known_migrations() -> dict[str, set[str]]:
    """Return app → the names of all its migrations in this code."""
    found: dict[str, set[str]] = {}
    for app, name in MigrationLoader(None).disk_migrations:
        found.setdefault(app, set()).add(name)
    return found


def newer_migrations() -> list[str]:
    """Return the migrations of the database here that this code does not know: a newer version made them."""
    known = known_migrations()
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app} {name}" for app, name in applied if app in known and name not in known[app])


def place(manifest: Manifest) -> Place:
    """Return what is where a backup would be restored."""
    return Place(
        engine=connection.vendor,
        migrations=known_migrations(),
        keys=keys(),
        tables=databases.tables(),
        strange_files=media.strange_files(manifest.files),
        database=databases.place_of_database(),
        media=str(media_store()),
        keys_dir=str(settings.KEYS_DIR),
        disks=disks(_needs(manifest)),
    )


def emptied(found: Place) -> Place:
    """Return the place as it is once a restore that was killed is cleared away: its database is empty."""
    return replace(found, tables=())


def _needs(manifest: Manifest) -> Iterable[tuple[Path, int]]:
    """Yield folder and bytes: a copy of the database to read, the database itself with room, the files."""
    yield settings.VAR_DIR, manifest.database.size
    if connection.vendor == "sqlite":
        yield Path(connection.settings_dict["NAME"]).parent, 2 * manifest.database.size
    if settings.S3 is None:
        yield settings.MEDIA_ROOT, sum(one.size for one in media.missing(manifest.files))


def disks(needs: Iterable[tuple[Path, int]]) -> list[Disk]:
    """Return each file system once, with what it needs in all."""
    found: dict[int, Disk] = {}
    for folder, size in needs:
        there = existing(folder)
        device = there.stat().st_dev
        before = found.get(device, Disk(str(folder), 0, shutil.disk_usage(there).free))
        found[device] = Disk(before.path, before.needs + size, before.free)
    return list(found.values())
