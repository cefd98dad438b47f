"""What the worker does for the portal. A task is an interface: primitive arguments, no rule inside."""

from __future__ import annotations

from pathlib import Path

import structlog
from celery import shared_task

from portal.actions.lessons import publish_audio as publish_for
from portal.audio.publish import CannotPublish
from portal.models import Lesson

log = structlog.get_logger(__name__)


@shared_task(name="portal.publish_audio")
def publish_audio(lesson_id: int, path: str) -> None:
    """Prepare the file at `path` (on this machine) and make it the recording of the lesson. Queue: media."""
    lesson = Lesson.objects.filter(pk=lesson_id).first()
    if lesson is None:
        log.warning("lesson_gone", lesson=lesson_id)
        return
    try:
        recording = publish_for(lesson, source=Path(path))
    except CannotPublish as refusal:
        log.warning("recording_refused", lesson=lesson.slug, reason=str(refusal))
        return
    log.info("recording_published", lesson=lesson.slug, sha256=recording.sha256)
