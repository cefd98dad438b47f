"""PURE. What the portal asks of the place where files are kept.

Names are relative and use slashes, such as `lessons/….m4a`. A name is there whole or not at all. Each method
may raise OSError; of a bucket that is StorageAway, and nothing changed there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol


@dataclass(frozen=True)
class Kept:
    """A file that is kept: its name, its bytes, and when it changed (ns)."""

    name: str
    size: int
    changed: int


class MediaStore(Protocol):
    """Where files are kept."""

    def __str__(self) -> str:
        """Return where that is, as it may be printed."""

    def size(self, name: str) -> int | None:
        """Return the bytes of a file; None when it is not there."""

    def open(self, name: str, *, first: int = 0, length: int | None = None) -> BinaryIO:
        """Return a file to be read from its byte `first` on, for `length` bytes. Raises FileNotFoundError."""

    def write(self, name: str, content: bytes) -> None:
        """Keep a small file, in place of an older one of this name."""

    def keep(self, file: Path, name: str) -> None:
        """Keep a file that was made in `room`; there it is gone, or not needed any more."""

    def take(self, pieces: Iterable[bytes], name: str) -> None:
        """Keep what comes in pieces, for our own programs only; after an error nothing of it is left."""

    def remove(self, *names: str) -> None:
        """Remove files, and what has arrived of them. What is not there does no harm."""

    def local(self, name: str) -> AbstractContextManager[Path]:
        """Yield a file of this machine with the content, to be read. Raises FileNotFoundError."""

    def room(self, name: str) -> AbstractContextManager[Path]:
        """Yield an empty folder of this machine in which to make files of the folder `name`."""

    def clear_rooms(self, until: float) -> None:
        """Remove what a process that was killed before that moment (seconds since 1970) left in its room."""

    def names(self) -> Iterator[Kept]:
        """Yield every file, by its name; none that is only being made."""

    def free(self) -> int | None:
        """Return the bytes for which there is room; None when there is no such limit."""

    def link(self, name: str, *, content_type: str, caching: str, seconds: int) -> str:
        """Return an address that gives the file to anybody for so long; "" where there are no links."""

    def begin(self, name: str) -> None:
        """Begin a file that will arrive in parts."""

    def arrived(self, name: str) -> int:
        """Return how many bytes have arrived. Raises FileNotFoundError when it was not begun, or removed."""

    def append(self, part: BinaryIO, name: str, *, offset: int) -> int:
        """Add a part at this place, and return how much has arrived now. Raises NotTheEnd."""
