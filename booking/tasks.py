"""Ticks of booking: primitive arguments, no rule inside."""

from celery import shared_task
from django.utils import timezone

from booking.actions import approve, hold, once, reminding


@shared_task(name="booking.release_holds")
def release_holds() -> None:
    """Sweep holds whose ten minutes are over."""
    hold.release_expired(now=timezone.now())


@shared_task(name="booking.decline_unanswered")
def decline_unanswered() -> None:
    """Decline requests that nobody has answered in time."""
    approve.decline_unanswered(now=timezone.now())


@shared_task(name="booking.follow_the_owner")
def follow_the_owner() -> None:
    """Have reminders that wait follow the hours the owner chose."""
    reminding.follow_the_owner(now=timezone.now())


@shared_task(name="booking.forget_keys")
def forget_keys() -> None:
    """Forget to which requests we answered what, after a day."""
    once.forget_old_keys(now=timezone.now())
