"""What an owner does about first steps that no row shows by itself: a test email, a backup."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction

from portal.first_steps.letters import test_email
from portal.first_steps.queries import ARRIVED, KIND
from practice.models import Letter, Practice, User


class EmailStaysHere(Exception):
    """Raised when no email leaves this machine, so that a test would prove nothing."""


class NoAddress(Exception):
    """Raised when the owner has no address that an email can be sent to."""


class NoSuchEmail(Exception):
    """Raised when there is no test email with this key."""


def send_test_email(owner: User, *, now: datetime) -> Letter:
    """Plan a test email and return it; within a minute the same one. Raises EmailStaysHere or NoAddress."""
    if not settings.EMAIL_URL:
        raise EmailStaysHere
    with transaction.atomic():
        letter = test_email(owner, now=now)
    if letter is None:
        raise NoAddress
    return letter


def note_arrival(key: str, *, now: datetime) -> None:
    """Note that the test email with this key arrived; the first time counts. Raises NoSuchEmail."""
    with transaction.atomic():
        letter = Letter.objects.select_for_update().filter(kind=KIND, key=key).first()
        if letter is None:
            raise NoSuchEmail
        if ARRIVED not in letter.event:
            letter.event = {**letter.event, ARRIVED: now.isoformat()}
            letter.save(update_fields=["event"])


def note_copy(*, day: date) -> None:
    """Note the day on which the owner confirmed that everything was copied."""
    Practice.objects.filter(pk=1).update(copied_on=day)
