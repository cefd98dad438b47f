"""Celery tasks of the practice: no rules here, and no argument larger than a word or a number."""

from __future__ import annotations

from contextlib import suppress

import structlog
from celery import shared_task
from django.conf import settings
from django.utils import timezone

from practice.backup.actions.back_up import back_up_if_due
from practice.backup.kinds.table import place_at
from practice.backup.places import Trouble
from practice.health import heartbeat
from practice.mail.delivery import graceful_stop
from practice.mail.delivery.deliver import SENDERS, drain
from practice.mail_events.actions.read_bounces import MailboxSilent, read_bounces
from practice.mail_events.round_trip.actions import send_if_due
from practice.retention import chores
from practice.texting.actions.reports import read_prices

log = structlog.get_logger(__name__)


@shared_task(name="practice.deliver")
def deliver() -> None:
    """Send the emails that are due. Every few seconds."""
    heartbeat.record_beat("beat", timezone.now())
    with graceful_stop.until_stopped() as told:
        drain(stop=told, senders=SENDERS)


@shared_task(name="practice.read_bounces")
def read_the_bounces() -> None:
    """Read the mailbox for bounces, if there is one, and email it when it is time. Every five minutes."""
    if settings.BOUNCE_MAILBOX is None:
        return
    try:
        read_bounces(settings.BOUNCE_MAILBOX)
    except MailboxSilent as error:
        log.warning("bounce mailbox: cannot be read", why=str(error))
        return  # an email to ourselves would prove nothing
    send_if_due(timezone.now())


@shared_task(name="practice.backup", soft_time_limit=6 * 3600, time_limit=7 * 3600)
def backup() -> None:
    """Make a backup if one is due, and note who was erased. Every minute. Queue: media."""
    if not settings.BACKUP_TO:
        return
    with suppress(Trouble):  # it is noted, and the health page and the owner say so
        back_up_if_due(now=timezone.now(), place=place_at(settings.BACKUP_TO))


@shared_task(name="practice.tidy")
def tidy() -> None:
    """Remove what is too old. Every hour."""
    chores.tidy(timezone.now())


@shared_task(name="practice.read_text_prices")
def read_text_prices() -> None:
    """Ask what text messages cost, if the practice sends any. Every half an hour."""
    read_prices()
