"""What the worker does for the portal. A task is an interface: primitive arguments, no rule inside."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from portal.actions.uploads import publish_next


@shared_task(name="portal.publish_waiting")
def publish_waiting() -> None:
    """Prepare every recording that waits. Queue: media."""
    while publish_next(now=timezone.now()):
        pass
