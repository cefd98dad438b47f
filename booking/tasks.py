"""Periodic tasks of booking: primitive arguments, no rule inside."""

from celery import shared_task
from django.utils import timezone

from booking.appointments.actions import approve
from booking.calendars.actions import imported
from booking.holds.actions import hold
from booking.locking import idempotency
from booking.moving_in.actions.work import work_on_next
from booking.offers import actions as offers_actions
from booking.owner_settings.actions import resync_reminders
from booking.waitlist.actions import join
from booking.zone_changes.actions import check_zones as zone_changes_check_zones


@shared_task(name="booking.release_holds")
def release_holds() -> None:
    """Release holds whose ten minutes are over."""
    hold.release_expired()


@shared_task(name="booking.decline_unanswered")
def decline_unanswered() -> None:
    """Decline requests that nobody has answered in time."""
    approve.decline_unanswered()


@shared_task(name="booking.follow_the_owner")
def follow_the_owner() -> None:
    """Replan waiting reminders after the owner chose other hours."""
    resync_reminders.resync()


@shared_task(name="booking.waitlist")
def waitlist() -> None:
    """Pass lapsed offers on to the next person; offer what was freed at night in the morning."""
    offers_actions.lapse_due()
    offers_actions.offer_again()
    join.end_past(now=timezone.now())


@shared_task(name="booking.read_calendars")
def read_calendars() -> None:
    """Read the practitioners' other calendars, and report those that cannot be read.

    In the queue for slow tasks: no email must wait for it.
    """
    imported.read_due(now=timezone.now())
    imported.tell_of_silent(now=timezone.now())


@shared_task(name="booking.work_on_imports")
def work_on_imports() -> None:
    """Check, import or undo some portions of the import that waits longest; the next tick goes on.

    In the queue for slow tasks: no email must wait for it.
    """
    work_on_next(pause=0.05)


@shared_task(name="booking.check_zones")
def check_zones() -> None:
    """Find bookings that no longer match the clocks; have other calendars read again with new data."""
    zone_changes_check_zones.find_mismatches(now=timezone.now())


@shared_task(name="booking.forget_keys")
def forget_keys() -> None:
    """Forget the API's kept answers after a day."""
    idempotency.forget_old_keys(now=timezone.now())
