"""PURE. Files kept in a folder of this machine, or of a network that all machines share."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from practice.storage.errors import NotTheEnd
from practice.storage.store import Kept

READABLE = 0o640  # a web server in front reads what is kept as one of the group
BLOCK = 64 * 1024
ROOM = ".making-"


class Folder:
    """The folder MEDIA_ROOT."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def __str__(self) -> str:
        return str(self.root)

    def path(self, name: str) -> Path:
        """Return where a file is. Raises FileNotFoundError for a name that leads out of the folder."""
        path = (_resolved(self.root) / name).resolve()
        if not path.is_relative_to(_resolved(self.root)):
            raise FileNotFoundError(name)
        return path

    def size(self, name: str) -> int | None:
        """Return the bytes of a file; None when it is not there."""
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            path = self.path(name)
            return path.stat().st_size if path.is_file() else None
        return None

    def open(self, name: str, *, first: int = 0, length: int | None = None) -> BinaryIO:
        """Return the file, at its byte `first`: whoever reads knows how long."""
        file = self.path(name).open("rb")
        file.seek(first)
        return file

    def write(self, name: str, content: bytes) -> None:
        """Keep a small file, in place of an older one of this name."""
        with self.room(name) as room:
            (room / "new").write_bytes(content)
            self.keep(room / "new", name)

    def keep(self, file: Path, name: str) -> None:
        """Give a file that was made in `room` its name: whoever reads finds all of it or nothing."""
        path = self.path(name)
        folder_for_group(path.parent)
        file.chmod(READABLE)
        os.replace(file, path)

    def take(self, pieces: Iterable[bytes], name: str) -> None:
        """Keep what comes in pieces, for this user alone; after an error nothing of it is left."""
        path = self.path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as kept:
                for piece in pieces:
                    kept.write(piece)
        except OSError:
            path.unlink(missing_ok=True)
            raise

    def remove(self, *names: str) -> None:
        """Remove files. What is not there does no harm."""
        for name in names:
            self.path(name).unlink(missing_ok=True)

    @contextlib.contextmanager
    def local(self, name: str) -> Iterator[Path]:
        """Yield the file itself."""
        yield self.path(name)

    @contextlib.contextmanager
    def room(self, name: str) -> Iterator[Path]:
        """Yield an empty folder on the same disk, hidden beside what it is for; gone afterward."""
        folder = folder_for_group(self.path(name).parent)
        with tempfile.TemporaryDirectory(dir=folder, prefix=ROOM) as room:
            yield Path(room)

    def clear_rooms(self, until: float) -> None:
        """Remove rooms of processes that were killed."""
        clear(self.root.rglob(f"{ROOM}*"), until)

    def names(self) -> Iterator[Kept]:
        """Yield every file, by its name; none that is hidden or in a hidden folder: those are being made."""
        for path in sorted(self.root.rglob("*")):
            name = path.relative_to(self.root)
            if any(part.startswith(".") for part in name.parts) or path.is_symlink():
                continue
            with contextlib.suppress(FileNotFoundError):
                if path.is_file():
                    found = path.stat()
                    yield Kept(name.as_posix(), found.st_size, found.st_mtime_ns)

    def free(self) -> int | None:
        """Return the free bytes of its disk."""
        there = next(one for one in (self.root, *self.root.parents) if one.is_dir())
        return shutil.disk_usage(there).free

    def link(self, name: str, *, content_type: str, caching: str, seconds: int) -> str:
        """Return "": a folder has no links."""
        return ""

    # --- Files that arrive in parts: what has arrived is the length of the file itself.

    def begin(self, name: str) -> None:
        """Create an empty file."""
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("xb").close()

    def arrived(self, name: str) -> int:
        """Return how many bytes have arrived. Raises FileNotFoundError."""
        return self.path(name).stat().st_size

    def append(self, part: BinaryIO, name: str, *, offset: int) -> int:
        """Append a part under a lock: of two at the same place, one is. Raises NotTheEnd."""
        with self.path(name).open("r+b", buffering=0) as kept:
            fcntl.flock(kept, fcntl.LOCK_EX)  # the system lets go of it, however the process ends
            return _append(part, kept, offset=offset)


def _append(part: BinaryIO, kept: FileIO, *, offset: int) -> int:
    """Append a part and return the file's new length; leave nothing of it on a full disk."""
    found = kept.seek(0, os.SEEK_END)
    if found != offset:
        raise NotTheEnd(found)
    try:
        while block := memoryview(part.read(BLOCK)):
            while block:  # a disk that is nearly full takes a piece of it
                block = block[kept.write(block) :]
        os.fsync(kept.fileno())
    except OSError:
        os.ftruncate(kept.fileno(), offset)
        raise
    return kept.tell()


def clear(rooms: Iterable[Path], until: float) -> None:
    """Remove those of the folders that nothing was put into since a moment (seconds since 1970)."""
    for room in list(rooms):
        with contextlib.suppress(FileNotFoundError):
            if room.is_dir() and max(one.stat().st_mtime for one in (room, *room.iterdir())) < until:
                shutil.rmtree(room)


@lru_cache(maxsize=4)
def _resolved(root: Path) -> Path:
    return root.resolve()


def folder_for_group(folder: Path) -> Path:
    """Return the folder, created if need be with group access: a web server sends recordings.

    By the mask and not by chmod, which would have to name the setgid bit that a folder inherits.
    """
    if not folder.is_dir():
        before = os.umask(0o027)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        finally:
            os.umask(before)
    return folder
