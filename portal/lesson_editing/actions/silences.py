"""Look for the rests in recordings that clients hear: in the media worker, never in a request."""

from __future__ import annotations

import structlog

from portal.audio.refusals import CannotPublish, NotNow, full_disk_noticed
from portal.lesson_editing.silences import find_silences
from portal.models import LessonAudio
from practice.storage.chosen import media

log = structlog.get_logger(__name__)


def find_next_silences() -> bool:
    """Look for the rests of one recording that nobody has looked at; return False when there is none.

    A file that cannot be read has none. Where the machine is in the way, it is tried again later.
    """
    recording = LessonAudio.objects.filter(is_current=True, silences__isnull=True).order_by("pk").first()
    if recording is None:
        return False
    try:
        with full_disk_noticed(), media().local(recording.file) as file:
            found = find_silences(file)
    except NotNow as trouble:
        log.warning("rests of a recording have to wait", recording=recording.pk, reason=str(trouble))
        return False
    except (CannotPublish, FileNotFoundError) as refusal:
        log.warning("rests of a recording were not found", recording=recording.pk, reason=str(refusal))
        found = []
    LessonAudio.objects.filter(pk=recording.pk).update(silences=found)
    return True
