"""Make a backup: the database first, then the files, and the manifest last. Then remove what is too old."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from practice.backup import databases, erased, heartbeats, here, media, stored
from practice.backup.engine.keeping import Keep, kept
from practice.backup.engine.manifest import MANIFEST, Manifest, StoredFile, folder_of, made_at_of, name_for
from practice.backup.engine.refusals import SPARE, megabytes
from practice.backup.places import BackupPlace, Trouble, checksum_of

log = structlog.get_logger(__name__)


def back_up(place: BackupPlace, *, now: datetime) -> Manifest:
    """Make a backup, then remove those that are not kept; return its manifest.

    Raises Trouble with a sentence: nothing of it is left then, and those of before are as they were.
    """
    began, now = time.monotonic(), now.replace(microsecond=0)
    try:
        with sentences(place), place.alone() as work:
            manifest = _make(place, work, now=now, began=began)
            tidy(place, settings.BACKUP_KEEP, now=now)
    except Trouble as error:
        _note_failure(str(error), now)
        raise
    with contextlib.suppress(DatabaseError):  # before an upgrade, the table may still be of another shape
        heartbeats.record_made(now)
    log.info("backup: made", name=manifest.name, bytes=manifest.size, seconds=manifest.seconds)
    return manifest


@contextlib.contextmanager
def sentences(place: object) -> Iterator[None]:
    """Turn what the disk or the database says into Trouble."""
    try:
        yield
    except OSError as error:
        raise Trouble(f"{error.strerror or error} ({error.filename or place}).") from error
    except DatabaseError as error:
        raise Trouble(f"The database did not allow it: {str(error).strip()}") from error


def _make(place: BackupPlace, work: Path, *, now: datetime, began: float) -> Manifest:
    place.remove(stored.leftovers(place))
    known = _files_of_the_last(place)
    _must_have_space(place, known)
    name = name_for(now)
    if name in stored.names(place):
        raise Trouble(f"A backup with the name {name} exists already. Try again in a second.")
    written = [f"{folder_of(name)}/{databases.file_name()}"]
    try:
        file = work / databases.file_name()
        contents = databases.copy_into(file)
        database = StoredFile(file.name, checksum_of(file), file.stat().st_size)
        place.put(file, written[0], sha256=database.sha256)
        file.unlink()
        files = media.store(place, known)
        manifest = Manifest(
            name=name,
            made_at=now,
            engine=connection.vendor,
            version=here.version(),
            commit=here.commit(),
            migrations=contents.migrations,
            counts=contents.counts,
            rules=contents.rules,
            keys=here.keys(),
            database=database,
            files=tuple(files),
            seconds=round(time.monotonic() - began, 1),
        )
        erased.note_all(place, oldest=_oldest(place) or now)
        place.write(f"{manifest.folder}/{MANIFEST}", manifest.to_json())
    except BaseException:
        with contextlib.suppress(OSError):
            place.remove(written)
        raise
    return manifest


def _files_of_the_last(place: BackupPlace) -> Mapping[str, StoredFile]:
    last = stored.readable(place)[-1:]
    return {one.path: one for manifest in last for one in manifest.files}


def _oldest(place: BackupPlace) -> datetime | None:
    """Return when the oldest backup there was begun."""
    return next(map(made_at_of, stored.names(place)), None)


def _must_have_space(place: BackupPlace, known: Mapping[str, StoredFile]) -> None:
    """Raise Trouble when the copy would not fit: the database twice for a moment, and the new files."""
    free, needs = place.free(), 2 * databases.size() + media.size_of_new(known) + SPARE
    if free is not None and needs > free:
        raise Trouble(
            f"There is not enough space in {place}: {megabytes(needs)} are needed, {megabytes(free)} are "
            "free. Free some space, or keep fewer backups with BACKUP_KEEP."
        )


def tidy(place: BackupPlace, keep: Keep, *, now: datetime) -> list[str]:
    """Remove the backups that are not kept, with the contents that only they had; return their names."""
    found = stored.readable(place)
    stay = kept([one.made_at for one in found], keep, now=now)
    gone = [one for one in found if one.made_at not in stay]
    for one in gone:  # the manifest first: one that is half removed is no backup
        place.remove([f"{one.folder}/{MANIFEST}", f"{one.folder}/{one.database.path}"])
    left = [one for one in found if one.made_at in stay]
    if len(left) == len(stored.names(place)):  # of one that cannot be read, nobody knows what it needs
        place.remove(stored.unused_blobs(place, left))
        erased.forget_before(place, min(one.made_at for one in left))
    return [one.name for one in gone]


def _note_failure(why: str, now: datetime) -> None:
    log.error("backup: failed", why=why)
    with contextlib.suppress(DatabaseError):  # it may be the database that is away
        heartbeats.record_failed(why, now)


def back_up_if_due(*, now: datetime, place: BackupPlace) -> Manifest | None:
    """Make a backup when the schedule asks for one; else only note who was erased. Raises Trouble."""
    state = heartbeats.state()
    if state.is_due(now):
        return back_up(place, now=now)
    if state.made and not erased.any_since(state.made):  # asked every minute, and a bucket counts requests
        return None
    with sentences(place):
        if oldest := _oldest(place):
            erased.note_all(place, oldest=oldest)
    return None
