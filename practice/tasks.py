"""Celery's hands: no rule in here, and no argument that is more than a word or a number."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down
from django.utils import timezone

from practice.health import heartbeat
from practice.mail.delivery import graceful_stop
from practice.mail.delivery.deliver import drain
from practice.retention import chores


@shared_task(name="practice.deliver")
def deliver() -> None:
    """Every few seconds: whatever is due."""
    heartbeat.mark("beat", timezone.now())
    with graceful_stop.until_told() as told:
        drain(stop=told)


@shared_task(name="practice.tidy")
def tidy() -> None:
    """Every hour: whatever is too old."""
    chores.tidy(timezone.now())


@worker_shutting_down.connect(weak=False)
def finish_the_letter_in_hand(**kwargs: Any) -> None:
    """The worker's main process is told to stop; its children deliver."""
    graceful_stop.tell_all()
