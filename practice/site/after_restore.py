"""What follows a restore before the practice opens: migrations, erasures of later days, emails held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.core.management import call_command
from django.db import connections

from booking.appointments.actions.approve import decline_unanswered
from booking.holds.actions.hold import release_expired
from booking.locking import overlap_guard
from portal.erasure.actions.erase import NotErased, erase
from practice.backup.actions.after_restore import end_sessions, hold_emails, record_restored
from practice.backup.erased import ErasedRecord
from practice.backup.places import Trouble
from practice.mail_events.round_trip.actions import forget_what_did_not_return
from practice.models import Erasure, User

Say = Callable[[str], None]


def open_again(made_at: datetime, erased: Iterable[ErasedRecord], *, now: datetime, say: Say) -> list[str]:
    """Bring a restored database to this version and make it safe to open; return what a person must do.

    Raises Trouble when it cannot be opened.
    """
    migrate(say)
    if not overlap_guard.is_installed():
        raise Trouble("The rule against double bookings is not in the restored database.")
    ended = end_sessions()
    say(f"Sign-ins: {ended} ended. Everyone signs in again.")
    left = erase_again(erased, now=now, say=say)
    # What the next minute would do by itself, so that its emails are held back too.
    release_expired()
    decline_unanswered()
    held = hold_emails(made_at=made_at, now=now)
    say(f"Emails: {held} that were due by now wait for a decision. Later ones go when they are due.")
    forget_what_did_not_return()
    record_restored(made_at)
    if held:
        left.append(f"Decide about {held} emails: on Today, under “Needs attention”, or on the page Emails.")
    return left


def migrate(say: Say) -> None:
    """Apply all migrations and create what belongs to them."""
    say("Migrations …")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    connections.close_all()


def erase_again(erased: Iterable[ErasedRecord], *, now: datetime, say: Say) -> list[str]:
    """Erase everyone who was erased after the backup was made; return whom a person must erase."""
    done, left = 0, []
    for one in erased:
        client = User.objects.filter(pk=one.number).first()
        if client is None or Erasure.proof_of(client) != one.proof:
            continue  # came after the backup, or was erased with a record merged with theirs
        try:
            erase(client, now=now)
            done += 1
        except NotErased as refusal:
            left.append(f"Erase the client with number {one.number} (manage.py erase_client): {refusal}")
    say(f"Erased again: {done}, who had been erased after the backup.")
    return left
