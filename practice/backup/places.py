"""PURE. Where backups are stored: an interface of a few verbs, and the folder that answers it.

Names are relative and use slashes, such as `backups/2027-03-02T17-07-30Z/manifest.json`. A name is there
whole or not at all. Another kind of place is a class with these methods and its line in `kinds/table.py`.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Protocol

BLOCK = 1024 * 1024
#: Of what is being written; a backup that was killed leaves them, and the next one removes them.
WORK = ".work"


class Trouble(Exception):
    """Raised when a backup could not be made, read or restored. The text is for a person, and says why."""


class ContentDiffers(Trouble):
    """Raised when a file is not what its checksum says: it changed while it was read, or was damaged."""


class BackupPlace(Protocol):
    """What backups ask of the place where they are stored. Each method may raise Trouble or OSError."""

    def __str__(self) -> str:
        """Return the address as it may be printed."""

    def names(self, under: str) -> list[str]:
        """Return the names of all files below this folder."""

    def size(self, name: str) -> int | None:
        """Return the bytes of a file; None when it is not there."""

    def read(self, name: str) -> bytes:
        """Return the content of a small file. Raises FileNotFoundError."""

    def write(self, name: str, content: bytes) -> None:
        """Store a small file, in place of an older one of this name."""

    def put(self, file: Path, name: str, *, sha256: str) -> None:
        """Store a copy of a local file. Raises ContentDiffers when its content is not of this checksum."""

    def fetch(self, name: str, file: Path, *, sha256: str) -> None:
        """Copy what is stored to a local file. Raises ContentDiffers."""

    def check(self, name: str, *, sha256: str) -> None:
        """Read all of what is stored. Raises ContentDiffers, or FileNotFoundError."""

    def remove(self, names: Iterable[str]) -> None:
        """Remove files. What is not there does no harm."""

    def free(self) -> int | None:
        """Return the bytes that can still be stored; None when there is no such limit."""

    def alone(self) -> contextlib.AbstractContextManager[Path]:
        """Keep other backups away, and yield an empty folder to work in. Raises Trouble when one runs."""


class Folder:
    """A place in the file system: another disk, or a folder that something else copies away."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def names(self, under: str) -> list[str]:
        """Return the names of all files below this folder; none of those that are being written."""
        found = (path.relative_to(self.root) for path in (self.root / under).rglob("*") if path.is_file())
        return sorted(str(path) for path in found if not path.name.startswith("."))

    def size(self, name: str) -> int | None:
        """Return the bytes of a file; None when it is not there."""
        with contextlib.suppress(FileNotFoundError):
            return (self.root / name).stat().st_size
        return None

    def read(self, name: str) -> bytes:
        """Return the content of a small file. Raises FileNotFoundError."""
        return (self.root / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        """Store a small file: written to a temporary name and renamed when it is on the disk."""
        with new_file(self.root / name) as file:
            file.write(content)

    def put(self, file: Path, name: str, *, sha256: str) -> None:
        """Store a copy of a local file. Raises ContentDiffers when its content is not of this checksum."""
        copy_checked(file, self.root / name, sha256=sha256)

    def fetch(self, name: str, file: Path, *, sha256: str) -> None:
        """Copy what is stored to a local file. Raises ContentDiffers."""
        copy_checked(self.root / name, file, sha256=sha256)

    def check(self, name: str, *, sha256: str) -> None:
        """Read all of what is stored. Raises ContentDiffers, or FileNotFoundError."""
        if checksum_of(self.root / name) != sha256:
            raise ContentDiffers(f"{self.root / name} is damaged: its content does not match its checksum")

    def remove(self, names: Iterable[str]) -> None:
        """Remove files, and folders that are empty then."""
        for name in names:
            path = self.root / name
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # something else is in it
                path.parent.rmdir()

    def free(self) -> int | None:
        """Return the free bytes of its disk."""
        return shutil.disk_usage(existing(self.root)).free

    @contextlib.contextmanager
    def alone(self) -> Iterator[Path]:
        """Keep other backups away, and yield an empty folder to work in. The lock goes with the process."""
        if not self.root.is_dir():  # making it would fill the disk below a mount point that is empty
            raise Trouble(
                f"The folder {self.root} does not exist. Is its disk mounted? If it is new, create it first."
            )
        with (self.root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Trouble(
                    f"Another backup is being made in {self.root}. Wait until it has finished."
                ) from error
            work = self.root / WORK
            self._tidy(work)
            work.mkdir()
            try:
                yield work
            finally:
                shutil.rmtree(work, ignore_errors=True)

    def _tidy(self, work: Path) -> None:
        """Remove what a backup that was killed left half-written."""
        shutil.rmtree(work, ignore_errors=True)
        for folder in ("backups", "blobs", "erased"):
            for path in (self.root / folder).rglob(".*.part"):
                path.unlink(missing_ok=True)


def copy_checked(source: Path, target: Path, *, sha256: str) -> None:
    """Copy a file whole or not at all. Raises ContentDiffers when its content is not of this checksum."""
    digest = hashlib.sha256()
    with source.open("rb") as reader, new_file(target) as writer:
        while block := reader.read(BLOCK):
            digest.update(block)
            writer.write(block)
        if digest.hexdigest() != sha256:
            raise ContentDiffers(f"{source} is damaged: its content does not match its checksum")


@contextlib.contextmanager
def new_file(target: Path) -> Iterator[BinaryIO]:
    """Open a file that gets its name when it is written and on the disk; after an error nothing is left."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    settle(target.parent)


def settle(folder: Path) -> None:
    """Have the names in a folder on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def checksum_of(file: Path) -> str:
    """Return the SHA-256 of a file's content."""
    with file.open("rb") as reader:
        return hashlib.file_digest(reader, "sha256").hexdigest()


def existing(path: Path) -> Path:
    """Return the nearest folder of a path that is there."""
    return next(one for one in (path, *path.parents) if one.exists())
