"""The files below MEDIA_ROOT: recordings, photos, videos, the logo. Each content is stored once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from django.conf import settings

from practice.backup.engine.manifest import StoredFile
from practice.backup.places import BackupPlace, ContentDiffers, checksum_of

TRIES = 3


def files() -> Iterator[Path]:
    """Yield every file, by its name; none that is hidden, such as what is being written."""
    for path in sorted(Path(settings.MEDIA_ROOT).rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield path


def size_of_new(known: Mapping[str, StoredFile]) -> int:
    """Return the bytes of files that are not stored yet."""
    total = 0
    for path in files():
        with contextlib.suppress(FileNotFoundError):
            found = path.stat()
            total += 0 if _unchanged(path, known) else found.st_size
    return total


def store(place: BackupPlace, known: Mapping[str, StoredFile]) -> list[StoredFile]:
    """Store every file whose content is not there yet; return them all.

    `known`: the files of the last good backup, by path. One that has the size and the time that it had then
    is not read again. One that is removed while this runs is left out.
    """
    found = []
    for path in files():
        with contextlib.suppress(FileNotFoundError):
            found.append(_stored(place, path, known))
    return found


def _stored(place: BackupPlace, path: Path, known: Mapping[str, StoredFile]) -> StoredFile:
    before = known.get(_name(path))
    if before and _unchanged(path, known) and place.size(before.blob) == before.size:
        return before
    for last in (False,) * (TRIES - 1) + (True,):
        was = path.stat()
        one = StoredFile(_name(path), checksum_of(path), was.st_size, was.st_mtime_ns)
        try:
            if place.size(one.blob) != one.size:
                place.put(path, one.blob, sha256=one.sha256)
        except ContentDiffers:  # written to while it was read
            if last:
                raise
            continue
        return one
    raise AssertionError("unreachable")


def _unchanged(path: Path, known: Mapping[str, StoredFile]) -> bool:
    one, found = known.get(_name(path)), path.stat()
    return one is not None and (one.size, one.changed) == (found.st_size, found.st_mtime_ns)


def _name(path: Path) -> str:
    return path.relative_to(settings.MEDIA_ROOT).as_posix()


def strange_files(stored: Iterable[StoredFile]) -> list[str]:
    """Return the files here that are not in a backup, or have another content there."""
    expected = {one.path: one for one in stored}
    return [
        _name(path)
        for path in files()
        if (one := expected.get(_name(path))) is None
        or path.stat().st_size != one.size
        or checksum_of(path) != one.sha256
    ]


def missing(stored: Iterable[StoredFile]) -> list[StoredFile]:
    """Return the files of a backup that are not here."""
    return [one for one in stored if not (Path(settings.MEDIA_ROOT) / one.path).exists()]


def fetch(place: BackupPlace, one: StoredFile) -> Path:
    """Put a file of a backup where it was; return where. Raises ContentDiffers."""
    path = Path(settings.MEDIA_ROOT) / one.path
    place.fetch(one.blob, path, sha256=one.sha256)
    return path
