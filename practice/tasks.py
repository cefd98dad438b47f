"""Celery tasks of the practice: no rules here, and no argument larger than a word or a number."""

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
    """Send the emails that are due. Every few seconds."""
    heartbeat.record_beat("beat", timezone.now())
    with graceful_stop.until_stopped() as told:
        drain(stop=told)


@shared_task(name="practice.tidy")
def tidy() -> None:
    """Remove what is too old. Every hour."""
    chores.tidy(timezone.now())


@worker_shutting_down.connect(weak=False)
def finish_the_letter_in_hand(**kwargs: Any) -> None:
    """Have the deliveries in the worker's child processes end, when its main process must stop."""
    graceful_stop.stop_all()
