"""Celery tasks of the practice: no rules here, and no argument larger than a word or a number."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_shutting_down
from django.conf import settings
from django.utils import timezone

from practice.health import heartbeat
from practice.mail.delivery import graceful_stop
from practice.mail.delivery.deliver import drain
from practice.mail_events.actions.read_bounces import MailboxSilent, read_bounces
from practice.retention import chores
from practice.texting.actions.reports import read_prices

log = structlog.get_logger(__name__)


@shared_task(name="practice.deliver")
def deliver() -> None:
    """Send the emails that are due. Every few seconds."""
    heartbeat.record_beat("beat", timezone.now())
    with graceful_stop.until_stopped() as told:
        drain(stop=told)


@shared_task(name="practice.read_bounces")
def read_the_bounces() -> None:
    """Read the mailbox for bounces, if there is one. Every five minutes."""
    if settings.BOUNCE_MAILBOX is None:
        return
    try:
        read_bounces(settings.BOUNCE_MAILBOX)
    except MailboxSilent as error:
        log.warning("bounce mailbox: cannot be read", why=str(error))


@shared_task(name="practice.tidy")
def tidy() -> None:
    """Remove what is too old. Every hour."""
    chores.tidy(timezone.now())


@shared_task(name="practice.read_text_prices")
def read_text_prices() -> None:
    """Ask what text messages cost, if the practice sends any. Every half an hour."""
    read_prices()


@worker_shutting_down.connect(weak=False)
def finish_the_letter_in_hand(**kwargs: Any) -> None:
    """Have the deliveries in the worker's child processes end, when its main process must stop."""
    graceful_stop.stop_all()
