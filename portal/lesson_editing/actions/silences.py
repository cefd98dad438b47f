"""Look for the rests in recordings that clients hear: in the media worker, never in a request."""

from __future__ import annotations

from pathlib import Path

import structlog
from django.conf import settings

from portal.audio.refusals import CannotPublish, NotNow
from portal.lesson_editing.silences import find_silences
from portal.models import LessonAudio

log = structlog.get_logger(__name__)


def find_next_silences() -> bool:
    """Look for the rests of one recording that nobody has looked at; return False when there is none.

    A file that cannot be read has none. Where the machine is in the way, it is tried again later.
    """
    recording = LessonAudio.objects.filter(is_current=True, silences__isnull=True).order_by("pk").first()
    if recording is None:
        return False
    try:
        found = find_silences(Path(settings.MEDIA_ROOT) / recording.file)
    except NotNow as trouble:
        log.warning("rests of a recording have to wait", recording=recording.pk, reason=str(trouble))
        return False
    except CannotPublish as refusal:
        log.warning("rests of a recording were not found", recording=recording.pk, reason=str(refusal))
        found = []
    LessonAudio.objects.filter(pk=recording.pk).update(silences=found)
    return True
