"""Receiving a large recording in parts: begun once, continued at the place that has arrived, or discarded.

What has arrived is what the media store says: it is true after a dropped connection, a restart and a crash
alike. A part is read into a file of its own first, so that a connection that hangs blocks nobody, and is then
appended as a whole.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from typing import BinaryIO

from django.db.models import Sum
from django.utils.translation import gettext as _

from portal.lessons.actions.uploads import FOLDER, NotStored, no_room, refuse_by_size, trouble_noticed
from portal.models import Lesson, RecordingUpload
from practice.core.plain_text import plain_line
from practice.models import User
from practice.retention.periods import UPLOADS
from practice.security.limits import count_use
from practice.storage.chosen import media, remove_quietly
from practice.storage.errors import NotTheEnd

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
    if known and (found := _so_far(known)) is not None:
        if found == known.size:  # stopped between the last byte and noting it
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
    """Begin an empty file under a random name, and return that name."""
    file = f"{FOLDER}/{secrets.token_hex(16)}"
    with trouble_noticed(name):
        media().begin(file)
    return file


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
    free = media().free()
    if free is not None and free < size + SPARE:
        raise no_room(name)


def _so_far(upload: RecordingUpload) -> int | None:
    """Return how many bytes have arrived; None when the file is gone."""
    with trouble_noticed(upload.name):
        try:
            return media().arrived(upload.file)
        except FileNotFoundError:
            return None


def arrived(upload: RecordingUpload) -> int:
    """Return how many bytes have arrived. Raises Gone when the upload was discarded."""
    if upload.state != State.RECEIVING:
        return upload.size
    found = _so_far(upload)
    if found is None:
        raise Gone
    return found


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
    with trouble_noticed(upload.name), media().room(upload.file) as room, (room / "part").open("w+b") as part:
        digest = _copy(content, part, most=upload.size - offset, how=checksum[0] if checksum else "")
        if checksum and digest != checksum[1]:
            raise WrongChecksum
        part.seek(0)
        found = _append(upload, part, offset=offset)
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


def _append(upload: RecordingUpload, part: BinaryIO, *, offset: int) -> int:
    try:
        return media().append(part, upload.file, offset=offset)
    except NotTheEnd as error:
        raise WrongOffset(error.end) from error
    except FileNotFoundError as gone:
        raise Gone from gone


def discard(upload: RecordingUpload) -> bool:
    """Remove an unfinished upload and its file; return False when it is complete, and the worker's."""
    gone, _rows = RecordingUpload.objects.filter(pk=upload.pk, state=State.RECEIVING).delete()
    if gone:
        remove_quietly(upload.file)
    return bool(gone)


def dismiss(upload: RecordingUpload, *, now: dt.datetime) -> None:
    """No longer ask for a person because of an upload; one that waits goes on being tried."""
    upload.dismissed_at = now
    upload.save(update_fields=["dismissed_at"])


def forget_unfinished(now: dt.datetime, *, dry: bool = False) -> int:
    """Remove uploads that were not continued for a week; return how many. `dry`: only count them."""
    old = RecordingUpload.objects.filter(state=State.RECEIVING, arrived_at__lte=now - KEPT)
    return old.count() if dry else sum(discard(one) for one in old)
