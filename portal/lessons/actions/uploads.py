"""Recordings uploaded in one piece: stored as they came, then prepared by the media worker."""

from __future__ import annotations

import datetime as dt
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Protocol

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.audio.progress import Step, followed_by
from portal.audio.refusals import FULL, CannotPublish, NotNow, ToolStopped, full_disk_noticed
from portal.lessons.actions.recordings import publish_audio
from portal.models import Lesson, RecordingUpload
from practice.core.plain_text import plain_line
from practice.models import User
from practice.storage.chosen import media, remove_quietly
from practice.storage.errors import StorageAway

FOLDER = "uploads"  # of the media store
GIVEN_UP_AFTER = dt.timedelta(minutes=25)  # longer than the hard limit of a task: its worker is dead
TRIED_AGAIN_AFTER = dt.timedelta(minutes=10)  # what the machine was not ready for
MOST_TRIES = 3  # then a recording that breaks its worker each time is not taken up again
State = RecordingUpload.State
log = structlog.get_logger(__name__)


class Incoming(Protocol):
    """A file being uploaded."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]:
        """Return the content, piece by piece."""


class NotStored(Exception):
    """Raised when an upload cannot be stored. The message says why and what to do."""


class TooLarge(NotStored):
    """Raised when an upload is larger than UPLOAD_BYTES. The message says how much is allowed."""


class NoRoom(NotStored):
    """Raised when the disk is full."""


class NotReachable(NotStored):
    """Raised when the bucket does not answer. What has arrived before is kept."""


def receive(lesson: Lesson, incoming: Incoming, *, by: User) -> RecordingUpload:
    """Store the file under a random name and create a row for the worker. Raises NotStored."""
    name = plain_line(incoming.name or "")[:200]
    refuse_by_size(name, incoming.size or 0)
    file = f"{FOLDER}/{secrets.token_hex(16)}"
    with trouble_noticed(name):
        media().take(incoming.chunks(), file)
    return RecordingUpload.objects.create(lesson=lesson, file=file, name=name, by=by, size=incoming.size or 0)


def refuse_by_size(name: str, size: int) -> None:
    """Raise TooLarge for more bytes than a recording may have."""
    if size > settings.UPLOAD_BYTES:
        raise TooLarge(
            _(
                "%(name)s is larger than %(most)s MB, the most for a recording. The lesson is unchanged. "
                "Please save it as m4a or mp3, which is much smaller, and upload that."
            )
            % {"name": name, "most": settings.UPLOAD_BYTES // 1_000_000}
        )


@contextmanager
def trouble_noticed(name: str) -> Iterator[None]:
    """Raise NoRoom on a full disk, and NotReachable where the bucket does not answer."""
    try:
        yield
    except StorageAway as error:
        log.exception("a recording could not be stored")
        raise NotReachable(
            _(
                "The place where recordings are kept can’t be reached, so %(name)s could not be stored. The "
                "lesson is unchanged. Please try again in a few minutes."
            )
            % {"name": name}
        ) from error
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise no_room(name) from error


def no_room(name: str) -> NoRoom:
    """Return the refusal of an upload for which the disk has no room."""
    return NoRoom(
        _(
            "The server's disk is full, so %(name)s could not be stored. The lesson is unchanged. Please "
            "ask the person who runs your server to make room, and then upload it again."
        )
        % {"name": name}
    )


def publish_next(*, now: dt.datetime) -> bool:
    """Prepare one waiting upload and publish it on its lesson; return False when none waits.

    The claim is a conditional UPDATE; one whose worker died is taken up again after 25 minutes. After three
    tries that ended in an error, or not at all, it is refused with a reason. One for which the machine
    was not ready waits ten minutes, and lets others go first.
    """
    open_to_take = (
        Q(state=State.WAITING, claimed_at=None)
        | Q(state=State.WAITING, claimed_at__lt=now - TRIED_AGAIN_AFTER)
        | Q(state=State.WORKING, claimed_at__lt=now - GIVEN_UP_AFTER)
    )
    upload = (
        RecordingUpload.objects.filter(open_to_take).select_related("lesson").order_by("created_at").first()
    )
    if upload is None:
        return False
    mine = RecordingUpload.objects.filter(open_to_take, pk=upload.pk, tries=upload.tries)
    if not mine.update(state=State.WORKING, claimed_at=now, tries=upload.tries + 1):
        return True  # somebody else was faster; there may be another
    upload.tries += 1
    if upload.tries > MOST_TRIES:
        finish(upload, State.REFUSED, _gave_up())
    else:
        _try(upload)
    if upload.state != State.WAITING:
        remove_quietly(upload.file)
    return True


def _try(upload: RecordingUpload) -> None:
    """Publish a claimed upload, refuse it, or let it wait for another try."""
    try:
        with followed_by(_Progress(upload)), full_disk_noticed(), media().local(upload.file) as source:
            publish_audio(upload.lesson, source=source, name=upload.name)
    except NotNow as trouble:
        _wait(upload, trouble)
    except CannotPublish as refusal:
        finish(upload, State.REFUSED, said(refusal))
    except Exception:  # an error of ours, or the task's time limit
        log.exception("a recording could not be prepared", upload=upload.pk, tries=upload.tries)
        if upload.tries < MOST_TRIES:
            RecordingUpload.objects.filter(pk=upload.pk).update(claimed_at=None)  # tried again at once
            finish(upload, State.WAITING, "")
        else:
            finish(upload, State.REFUSED, _gave_up())
    else:
        finish(upload, State.PUBLISHED, "")


class _Progress:
    """Writes to an upload's row how far its preparation is: each step, and the percent once a second."""

    def __init__(self, upload: RecordingUpload) -> None:
        self.row = RecordingUpload.objects.filter(pk=upload.pk, state=State.WORKING, tries=upload.tries)
        self.step, self.percent, self.written = "", -1, 0.0

    def __call__(self, step: Step, percent: int) -> None:
        is_due = percent > self.percent and time.monotonic() - self.written >= 1
        if step == self.step and not is_due:
            return
        self.step, self.percent, self.written = step, max(percent, self.percent), time.monotonic()
        self.row.update(step=self.step, percent=self.percent)


def _wait(upload: RecordingUpload, trouble: NotNow) -> None:
    """Let the upload wait until the machine may be ready, and say why.

    A missing tool and a full disk cost no try: no recording is lost by them. A recording at which a tool is
    killed three times may be the reason for it, and is refused.
    """
    log.warning("a recording has to wait", upload=upload.pk, tries=upload.tries, reason=str(trouble))
    if isinstance(trouble, ToolStopped) and upload.tries >= MOST_TRIES:
        finish(upload, State.REFUSED, _gave_up())
        return
    if not isinstance(trouble, ToolStopped):
        upload.tries -= 1
        upload.save(update_fields=["tries"])
    later = _(
        "%(name)s is kept, and we'll try again every %(minutes)s minutes. Until then, the lesson is "
        "unchanged."
    ) % {"name": upload.name, "minutes": TRIED_AGAIN_AFTER.seconds // 60}
    finish(upload, State.WAITING, f"{said(trouble)} {later}")


def said(refusal: CannotPublish) -> str:
    """Return the sentence of a refusal in the reader's language."""
    return _(refusal.sentence) % refusal.values if refusal.values else _(refusal.sentence)


def _gave_up() -> str:
    return _(
        "We tried %(tries)s times to prepare it, and each time something went wrong on our side or took too "
        "long. Please try it as an m4a or mp3 file, or ask the person who runs your server to check its log."
    ) % {"tries": MOST_TRIES}


def finish(upload: RecordingUpload, state: str, reason: str) -> None:
    """Save the state of an upload after a try, and the reason."""
    upload.state, upload.reason, upload.step, upload.percent = state, reason, "", 0
    changed = ["state", "reason", "step", "percent"]
    if state == State.REFUSED:  # a person is asked again, even if it was dismissed while it waited
        upload.dismissed_at = None
        changed.append("dismissed_at")
    upload.save(update_fields=changed)
