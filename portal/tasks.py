"""The worker's tasks for the portal. A task is an interface: primitive arguments, no rule inside."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.exercises.actions.video import prepare_next
from portal.lesson_editing.actions.silences import find_next_silences
from portal.lessons.actions.uploads import publish_next
from practice.health import heartbeat


@shared_task(name="portal.publish_waiting", soft_time_limit=1260, time_limit=1320)
def publish_waiting() -> None:
    """Prepare one recording that waits; the next tick takes the next. Queue: media.

    Its limits in seconds are above what `publish` gives itself: a recording that takes too long is refused in
    a sentence, not killed and begun again.
    """
    heartbeat.record_beat("media", timezone.now())
    publish_next(now=timezone.now())


@shared_task(name="portal.find_silences", soft_time_limit=1260, time_limit=1320)
def find_silences() -> None:
    """Look for the rests of one recording, from which chapters are proposed. Queue: media."""
    find_next_silences()


@shared_task(name="portal.publish_exercise_videos", soft_time_limit=1260, time_limit=1320)
def publish_exercise_videos() -> None:
    """Prepare one video of an exercise that waits; the next tick takes the next. Queue: media."""
    prepare_next(now=timezone.now())
