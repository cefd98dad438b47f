"""The files of the media store: recordings, photos, videos, the logo. Each content is stored once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from practice.backup.engine.manifest import StoredFile
from practice.backup.places import BackupPlace, ContentDiffers, checksum_of
from practice.storage.chosen import media
from practice.storage.store import Kept

TRIES = 3


def size_of_new(known: Mapping[str, StoredFile]) -> int:
    """Return the bytes of files that are not stored yet."""
    return sum(one.size for one in media().names() if not _unchanged(one, known))


def store(place: BackupPlace, known: Mapping[str, StoredFile]) -> list[StoredFile]:
    """Store every file whose content is not there yet; return them all.

    `known`: the files of the last good backup, by path. One that has the size and the time that it had then
    is not read again. One that is removed while this runs is left out.
    """
    found = []
    for one in media().names():
        try:
            found.append(_stored(place, one, known))
        except FileNotFoundError:
            continue
    return found


def _stored(place: BackupPlace, one: Kept, known: Mapping[str, StoredFile]) -> StoredFile:
    before = known.get(one.name)
    if before and _unchanged(one, known) and place.size(before.blob) == before.size:
        return before
    for last in (False,) * (TRIES - 1) + (True,):
        with media().local(one.name) as file:
            was = file.stat()
            changed = (
                one.changed if media().free() is None else was.st_mtime_ns
            )  # the copy of one in a bucket is new
            found = StoredFile(one.name, checksum_of(file), was.st_size, changed)
            try:
                if place.size(found.blob) != found.size:
                    place.put(file, found.blob, sha256=found.sha256)
            except ContentDiffers:  # written to while it was read
                if last:
                    raise
                continue
        return found
    raise AssertionError("unreachable")


def _unchanged(one: Kept, known: Mapping[str, StoredFile]) -> bool:
    before = known.get(one.name)
    return before is not None and (before.size, before.changed) == (one.size, one.changed)


def strange_files(stored: Iterable[StoredFile]) -> list[str]:
    """Return the files here that are not in a backup, or have another content there."""
    expected = {one.path: one for one in stored}
    return [one.name for one in media().names() if not _is(one, expected.get(one.name))]


def _is(one: Kept, expected: StoredFile | None) -> bool:
    if expected is None or one.size != expected.size:
        return False
    with media().local(one.name) as file:
        return checksum_of(file) == expected.sha256


def missing(stored: Iterable[StoredFile]) -> list[StoredFile]:
    """Return the files of a backup that are not here."""
    here = {one.name for one in media().names()}
    return [one for one in stored if one.path not in here]


def fetch(place: BackupPlace, one: StoredFile) -> None:
    """Put a file of a backup where it was. Raises ContentDiffers."""
    with media().room(one.path) as room:
        place.fetch(one.blob, room / "fetched", sha256=one.sha256)
        media().keep(room / "fetched", one.path)
