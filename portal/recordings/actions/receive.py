"""Receiving a large recording in parts: begun once, continued at the place that has arrived, or discarded.

What has arrived is the length of the file itself: it is true after a dropped connection, a restart and a
crash alike. A part is read into a file of its own first, so that a connection that hangs blocks nobody, and
is then appended under a lock: of two at the same place, one is.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.db.models import Sum
from django.utils.translation import gettext as _

from portal.audio.refusals import FULL
from portal.lessons.actions.uploads import FOLDER, NotStored, no_room, refuse_by_size
from portal.models import Lesson, RecordingUpload
from practice.core.plain_text import plain_line
from practice.models import User
from practice.retention.periods import UPLOADS
from practice.security.limits import count_use

KEPT = UPLOADS  # what is not continued for so long
ALL_AT_ONCE = 2_000_000_000  # bytes of recordings that are not published yet, of everyone together
SPARE = 500_000_000  # bytes that stay free on the disk
AN_HOUR, MOST_AN_HOUR = dt.timedelta(hours=1), 60
BLOCK = 64 * 1024
State = RecordingUpload.State
OPEN = (State.RECEIVING, State.WAITING, State.WORKING)


class TooMuch(NotStored):
    """Raised when too many recordings wait already, or too many were begun within an hour."""


class Gone(Exception):
    """Raised when an upload was discarded, or is complete already."""


class WrongOffset(Exception):
    """Raised for a part that does not begin where the upload ends; `offset`: where it ends."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class WrongChecksum(Exception):
    """Raised when a part did not arrive as it was sent; nothing of it is kept."""


def begin(
    lesson: Lesson, *, name: str, size: int, fingerprint: str, by: User, now: dt.datetime
) -> RecordingUpload:
    """Return the upload of this file: the same person's unfinished one, or a new one. Raises NotStored."""
    name = plain_line(name)[:200] or _("Recording")
    refuse_by_size(name, size)
    if size <= 0:
        raise NotStored(_("%(name)s is empty. Please choose the recording again.") % {"name": name})
    known = RecordingUpload.objects.filter(
        lesson=lesson, by=by, name=name, size=size, fingerprint=fingerprint, state=State.RECEIVING
    ).first()
    if known and path_of(known).is_file():
        if arrived(known) == known.size:  # stopped between the last byte and noting it
            add_part(known, lambda _most: b"", offset=size, now=now)
        return known
    _refuse_too_much(name, size, by=by, now=now)
    return RecordingUpload.objects.create(
        lesson=lesson,
        file=_empty_file(name),
        name=name,
        by=by,
        size=size,
        fingerprint=fingerprint,
        state=State.RECEIVING,
        arrived_at=now,
    )


def _empty_file(name: str) -> str:
    """Create an empty file under a random name, and return its path below MEDIA_ROOT."""
    path = Path(FOLDER) / secrets.token_hex(16)
    target = Path(settings.MEDIA_ROOT) / path
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.open("xb").close()
    except OSError as error:
        raise (no_room(name) if error.errno in FULL else error) from error
    return str(path)


def _refuse_too_much(name: str, size: int, *, by: User, now: dt.datetime) -> None:
    if not count_use(f"recording:{by.pk}", limit=MOST_AN_HOUR, window=AN_HOUR, now=now):
        raise TooMuch(
            _("You have begun many uploads within an hour. Please wait a little, and then try again.")
        )
    waiting = RecordingUpload.objects.filter(state__in=OPEN).aggregate(bytes=Sum("size"))["bytes"] or 0
    if waiting + size > ALL_AT_ONCE:
        raise TooMuch(
            _(
                "Other recordings are still being uploaded or prepared. Please wait until one is ready, or "
                "remove an unfinished upload, and then upload %(name)s again."
            )
            % {"name": name}
        )
    if shutil.disk_usage(_existing(Path(settings.MEDIA_ROOT))).free < size + SPARE:
        raise no_room(name)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that is there."""
    return next(one for one in (folder, *folder.parents) if one.is_dir())


def path_of(upload: RecordingUpload) -> Path:
    """Return the path of an upload's file."""
    return Path(settings.MEDIA_ROOT) / upload.file


def arrived(upload: RecordingUpload) -> int:
    """Return how many bytes have arrived. Raises Gone when the upload was discarded."""
    if upload.state != State.RECEIVING:
        return upload.size
    try:
        return path_of(upload).stat().st_size
    except FileNotFoundError as gone:
        raise Gone from gone


def add_part(
    upload: RecordingUpload,
    content: Callable[[int], bytes],
    *,
    offset: int,
    checksum: tuple[str, bytes] | None = None,
    now: dt.datetime,
) -> int:
    """Append what `content(bytes)` returns until it is empty; return how much has arrived now.

    A part that breaks off counts as far as it came, unless it has a `checksum` (algorithm, digest). Raises
    WrongOffset, WrongChecksum, NotStored or Gone; then the file is as it was.
    """
    if upload.state != State.RECEIVING:
        raise Gone
    if offset != (found := arrived(upload)):
        raise WrongOffset(found)
    with _no_room_noticed(upload), tempfile.TemporaryFile(dir=path_of(upload).parent) as part:
        digest = _copy(content, part, most=upload.size - offset, how=checksum[0] if checksum else "")
        if checksum and digest != checksum[1]:
            raise WrongChecksum
        part.seek(0)
        with _locked(upload) as kept:
            found = _append(part, kept, offset=offset)
    mine = RecordingUpload.objects.filter(pk=upload.pk, state=State.RECEIVING)
    complete = {"state": State.WAITING} if found == upload.size else {}
    if not mine.update(arrived_at=now, **complete):
        raise Gone
    return found


def _copy(content: Callable[[int], bytes], part: BinaryIO, *, most: int, how: str) -> bytes:
    """Copy at most so many bytes, block by block; return their digest, empty without an algorithm."""
    seen = hashlib.new(how, usedforsecurity=False) if how else None
    while most > 0 and (block := content(min(BLOCK, most))):
        part.write(block)
        most -= len(block)
        if seen:
            seen.update(block)
    return seen.digest() if seen else b""


@contextmanager
def _locked(upload: RecordingUpload) -> Iterator[FileIO]:
    """Open the upload's file for this process alone; the system lets go of it, however the process ends."""
    try:
        file = path_of(upload).open("r+b", buffering=0)
    except FileNotFoundError as gone:
        raise Gone from gone
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _append(part: BinaryIO, kept: FileIO, *, offset: int) -> int:
    """Append a part at this place and return the file's new length; leave nothing of it on a full disk."""
    found = kept.seek(0, os.SEEK_END)
    if found != offset:
        raise WrongOffset(found)
    try:
        while block := memoryview(part.read(BLOCK)):
            while block:  # a disk that is nearly full takes a piece of it
                block = block[kept.write(block) :]
        os.fsync(kept.fileno())
    except OSError:
        os.ftruncate(kept.fileno(), offset)
        raise
    return kept.tell()


@contextmanager
def _no_room_noticed(upload: RecordingUpload) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise no_room(upload.name) from error
        raise


def discard(upload: RecordingUpload) -> bool:
    """Remove an unfinished upload and its file; return False when it is complete, and the worker's."""
    gone, _rows = RecordingUpload.objects.filter(pk=upload.pk, state=State.RECEIVING).delete()
    if gone:
        path_of(upload).unlink(missing_ok=True)
    return bool(gone)


def dismiss(upload: RecordingUpload, *, now: dt.datetime) -> None:
    """No longer ask for a person because of an upload; one that waits goes on being tried."""
    upload.dismissed_at = now
    upload.save(update_fields=["dismissed_at"])


def forget_unfinished(now: dt.datetime, *, dry: bool = False) -> int:
    """Remove uploads that were not continued for a week; return how many. `dry`: only count them."""
    old = RecordingUpload.objects.filter(state=State.RECEIVING, arrived_at__lte=now - KEPT)
    return old.count() if dry else sum(discard(one) for one in old)
