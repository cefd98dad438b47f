"""Ticks of booking: primitive arguments, no rule inside."""

from celery import shared_task
from django.utils import timezone

from booking.actions import approve, calendars, hold, once, reminding, zone_check
from booking.actions.waitlist import offering, wishing


@shared_task(name="booking.release_holds")
def release_holds() -> None:
    """Sweep holds whose ten minutes are over."""
    hold.release_expired()


@shared_task(name="booking.decline_unanswered")
def decline_unanswered() -> None:
    """Decline requests that nobody has answered in time."""
    approve.decline_unanswered()


@shared_task(name="booking.follow_the_owner")
def follow_the_owner() -> None:
    """Have reminders that wait follow the hours the owner chose."""
    reminding.follow_the_owner()


@shared_task(name="booking.waitlist")
def waitlist() -> None:
    """Offers nobody answered go on to the next; what was freed at night is offered in the morning."""
    offering.lapse_due()
    offering.ask_again()
    wishing.end_past(now=timezone.now())


@shared_task(name="booking.read_calendars")
def read_calendars() -> None:
    """Read the practitioners' other calendars, and tell of those that cannot be. In the queue of slow things:
    a letter must not wait for it."""
    calendars.read_due(now=timezone.now())
    calendars.tell_of_silent(now=timezone.now())


@shared_task(name="booking.check_zones")
def check_zones() -> None:
    """Find what no longer matches the clocks; other calendars are read again by new data."""
    zone_check.look(now=timezone.now())


@shared_task(name="booking.forget_keys")
def forget_keys() -> None:
    """Forget to which requests we answered what, after a day."""
    once.forget_old_keys(now=timezone.now())
