"""Photos and videos of an exercise: added, described, removed. Their files go with them."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Protocol

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from portal.audio.refusals import FULL
from portal.models import Exercise, ExerciseMedia
from practice.core.plain_text import plain_line
from practice.models import User
from practice.pictures.engine.prepare import Prepared
from practice.storage.chosen import media, remove_quietly
from practice.storage.errors import StorageAway

FOLDER, UPLOADS = "exercises", "uploads"  # of the media store
log = structlog.get_logger(__name__)
MOST_PHOTOS = 4
Kind, State = ExerciseMedia.Kind, ExerciseMedia.State


class Incoming(Protocol):
    """A file being uploaded."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]:
        """Return the content, piece by piece."""


class NotStored(Exception):
    """Raised when a photo or video isn't stored: nothing changed, and `str(error)` says what to do."""


class TooMany(NotStored):
    """Raised for a fifth photo."""

    def __init__(self) -> None:
        said = _("An exercise has at most %(most)s photos. Please remove one first.")
        super().__init__(said % {"most": MOST_PHOTOS})


class TooLarge(NotStored):
    """Raised for a video that is larger than VIDEO_BYTES."""

    def __init__(self, name: str) -> None:
        said = _(
            "%(name)s is larger than %(most)s MB, so it wasn’t uploaded. The exercise is unchanged. Please "
            "cut it to a minute, or save it with less resolution."
        )
        super().__init__(said % {"name": name, "most": settings.VIDEO_BYTES // 1_000_000})


class NoRoom(NotStored):
    """Raised when the disk is full."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The server’s disk is full, so this couldn’t be stored. The exercise is unchanged. Please "
                "ask the person who runs your server to make room."
            )
        )


class NotReachable(NotStored):
    """Raised when the bucket in which files are kept does not answer."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "The place where photos and videos are kept can’t be reached, so this couldn’t be stored. "
                "The exercise is unchanged. Please try again in a few minutes."
            )
        )


def file_of(key: str, ending: str) -> str:
    """Return the name of a photo, a video or its first picture in the media store."""
    return f"{FOLDER}/{key}.{ending}"


def new_key() -> str:
    """Return a name for files that no one can guess, and that no other row has."""
    return secrets.token_hex(16)


@contextmanager
def trouble_noticed() -> Iterator[None]:
    """Raise NoRoom on a full disk, and NotReachable where the bucket does not answer."""
    try:
        yield
    except StorageAway as error:
        log.exception("a photo or video could not be stored")
        raise NotReachable from error
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise NoRoom from error


@transaction.atomic
def add_photo(
    exercise: Exercise, picture: Prepared, *, words: str, by: User, now: dt.datetime
) -> ExerciseMedia:
    """Add a photo behind the others. Raises TooMany, NoRoom or NotReachable."""
    row = Exercise.objects.select_for_update().get(pk=exercise.pk)
    photos = row.media.filter(kind=Kind.PHOTO)
    if photos.count() >= MOST_PHOTOS:
        raise TooMany
    key, last = new_key(), photos.order_by("-order").first()
    with trouble_noticed():
        media().write(file_of(key, "webp"), picture.content)
    return row.media.create(
        kind=Kind.PHOTO,
        key=key,
        width=picture.width,
        height=picture.height,
        words=words,
        order=last.order + 1 if last else 0,
        by=by,
        created_at=now,
    )


def receive_video(
    exercise: Exercise, incoming: Incoming, *, words: str, by: User, now: dt.datetime
) -> ExerciseMedia:
    """Store a video for the media worker. The one that is shown stays until this one is ready.

    Raises TooLarge, NoRoom or NotReachable.
    """
    name = plain_line(incoming.name or "")[:200]
    if (incoming.size or 0) > settings.VIDEO_BYTES:
        raise TooLarge(name)
    within = f"{UPLOADS}/{new_key()}"
    with trouble_noticed():
        media().take(incoming.chunks(), within)
    with transaction.atomic():
        for row in exercise.media.filter(kind=Kind.VIDEO, state__in=(State.WAITING, State.REFUSED)):
            remove(row)
        return exercise.media.create(
            kind=Kind.VIDEO,
            state=State.WAITING,
            file=within,
            name=name,
            words=words,
            by=by,
            created_at=now,
        )


def remove(row: ExerciseMedia) -> None:
    """Delete a photo or video, and its files once that is certain."""
    files = [file_of(row.key, ending) for ending in ("webp", "mp4")] if row.key else []
    if row.file:
        files.append(row.file)
    row.delete()
    transaction.on_commit(partial(remove_quietly, *files))
