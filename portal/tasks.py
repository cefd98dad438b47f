"""The worker's tasks for the portal. A task is an interface: primitive arguments, no rule inside."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.lessons.actions.uploads import publish_next


@shared_task(name="portal.publish_waiting", soft_time_limit=1260, time_limit=1320)
def publish_waiting() -> None:
    """Prepare one recording that waits; the next tick takes the next. Queue: media.

    Its limits in seconds are above what `publish` gives itself: a recording that takes too long is refused in
    a sentence, not killed and begun again.
    """
    publish_next(now=timezone.now())
