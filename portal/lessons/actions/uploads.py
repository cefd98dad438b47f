"""Recordings uploaded in the admin: stored as they came, then prepared by the media worker."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from portal.audio.publish import CannotPublish, ToolMissing
from portal.lessons.actions.recordings import publish_audio
from portal.models import Lesson, RecordingUpload
from practice.core.plain_text import plain_line
from practice.models import User

FOLDER = "uploads"  # below MEDIA_ROOT
GIVEN_UP_AFTER = dt.timedelta(minutes=25)  # longer than the hard limit of a task: its worker is dead
MOST_TRIES = 3  # then a recording that breaks its worker each time is not taken up again
State = RecordingUpload.State
log = structlog.get_logger(__name__)


class Incoming(Protocol):
    """A file being uploaded."""

    name: str | None
    size: int | None

    def chunks(self) -> Iterable[bytes]:
        """Return the content, piece by piece."""


class TooLarge(Exception):
    """Raised when an upload is larger than UPLOAD_BYTES. The message says how much is allowed."""


def receive(lesson: Lesson, incoming: Incoming, *, by: User) -> RecordingUpload:
    """Store the file under a random name and create a row for the worker. Raises TooLarge."""
    if (incoming.size or 0) > settings.UPLOAD_BYTES:
        most = settings.UPLOAD_BYTES // 1_000_000
        raise TooLarge(_("A recording can be at most %d MB. As m4a or mp3 it is much smaller.") % most)
    path = Path(FOLDER) / secrets.token_hex(16)
    target = Path(settings.MEDIA_ROOT) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as kept:
        for piece in incoming.chunks():
            kept.write(piece)
    return RecordingUpload.objects.create(
        lesson=lesson, file=str(path), name=plain_line(incoming.name or "")[:200], by=by
    )


def publish_next(*, now: dt.datetime) -> bool:
    """Prepare one waiting upload and publish it on its lesson; return False when none waits.

    The claim is a conditional UPDATE; one whose worker died is taken up again after 25 minutes. After three
    tries that ended in an error, or not at all, it is refused with a reason.
    """
    open_to_take = Q(state=State.WAITING) | Q(state=State.WORKING, claimed_at__lt=now - GIVEN_UP_AFTER)
    upload = (
        RecordingUpload.objects.filter(open_to_take).select_related("lesson").order_by("created_at").first()
    )
    if upload is None:
        return False
    mine = RecordingUpload.objects.filter(open_to_take, pk=upload.pk, tries=upload.tries)
    if not mine.update(state=State.WORKING, claimed_at=now, tries=upload.tries + 1):
        return True  # somebody else was faster; there may be another
    upload.tries += 1
    source = Path(settings.MEDIA_ROOT) / upload.file
    if upload.tries > MOST_TRIES:
        finish(upload, State.REFUSED, _gave_up())
    else:
        _try(upload, source)
    if upload.state != State.WAITING:
        source.unlink(missing_ok=True)
    return True


def _try(upload: RecordingUpload, source: Path) -> None:
    """Publish a claimed upload, refuse it, or let it wait for another try."""
    try:
        publish_audio(upload.lesson, source=source, name=upload.name)
    except (CannotPublish, ToolMissing) as refusal:
        finish(upload, State.REFUSED, str(refusal))
    except Exception:  # an error of ours, or the task's time limit
        log.exception("a recording could not be prepared", upload=upload.pk, tries=upload.tries)
        if upload.tries < MOST_TRIES:
            finish(upload, State.WAITING, "")
        else:
            finish(upload, State.REFUSED, _gave_up())
    else:
        finish(upload, State.PUBLISHED, "")


def _gave_up() -> str:
    return _(
        "We tried %(tries)s times to prepare it, and each time something went wrong on our side or took too "
        "long. Please try it as an m4a or mp3 file, or ask the person who runs your server to check its log."
    ) % {"tries": MOST_TRIES}


def finish(upload: RecordingUpload, state: str, reason: str) -> None:
    """Save the state of an upload after a try, and the reason."""
    upload.state, upload.reason = state, reason
    upload.save(update_fields=["state", "reason"])
