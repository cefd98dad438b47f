"""Changing a client's email preferences, and their plan for practicing.

A pause moves no email by itself: whether one goes is judged when it is about to.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from portal.followups.queue import replan
from portal.followups.send_check import lock
from portal.models import ClientProfile, FollowUp
from practice.consents.actions.letter_preferences import agree_to_letters, decline_letters
from practice.core.clock import day_bounds
from practice.mail.suppression import complained, lift_suppressions
from practice.models import Consent, Letter, User
from practice.queries import the_practice, zone_of

PAUSES = (1, 2, 4)  # weeks
#: How long a client who stopped the emails by mistake can undo it without signing in.
UNDO_FOR = dt.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class EmailPreferences:
    """The form of preferences as a value. `zone`: "" is the practice's. Weekdays: 0 is Monday; none: any."""

    letter_at: dt.time
    weekdays: tuple[int, ...]
    zone: str
    reminders: bool
    plan: str
    obstacle: str


@transaction.atomic
def save_preferences(client: User, wishes: EmailPreferences, *, now: dt.datetime) -> None:
    """Save the preferences; plan waiting emails anew where hour, weekdays or zone changed."""
    # Two forms at once wait for each other here.
    stored = User.objects.select_for_update(no_key=True).get(pk=client.pk)
    before = _when(stored)
    stored.zone, stored.wants_reminders = wishes.zone, wishes.reminders
    stored.save(update_fields=["zone", "wants_reminders"])
    ClientProfile.objects.keep(
        stored,
        letter_at=wishes.letter_at,
        letter_weekdays=sorted(wishes.weekdays),
        plan=wishes.plan,
        obstacle=wishes.obstacle,
    )
    if _when(stored) != before:
        replan(stored, now=now)


def pause(client: User, weeks: int, *, now: dt.datetime) -> dt.datetime:
    """Pause emails between sessions for some weeks (one of `PAUSES`, else ValueError), from the day of `now`.

    Returns the first instant at which one may come again: the beginning of a day in the client's zone.
    """
    if weeks not in PAUSES:
        raise ValueError(f"a pause lasts {PAUSES} weeks")
    zone = zone_of(client.zone, practice=the_practice())
    until, _end = day_bounds(now.astimezone(zone).date() + dt.timedelta(weeks=weeks), zone)
    ClientProfile.objects.keep(client, paused_until=until)
    return until


def end_pause(client: User) -> None:
    """End the pause: emails may come again from now on."""
    ClientProfile.objects.filter(user=client).update(paused_until=None)


@transaction.atomic
def stop_letters(client: User, *, now: dt.datetime) -> None:
    """Stop emails between sessions, until the client asks for them again."""
    lock(client.pk)
    FollowUp.objects.filter(client=client, letter__state=Letter.State.PLANNED).update(stopped=True)
    decline_letters(client, now=now)


@transaction.atomic
def start_letters(client: User, *, now: dt.datetime) -> None:
    """Start emails between sessions again, with the canceled ones that are still to come."""
    agree_to_letters(client, now=now)
    ask_again(client)
    _call_back(client, now=now)
    replan(client, now=now)


def ask_again(client: User) -> None:
    """Lift the mark of an email reported as unwanted, since the client asks for emails, signed in."""
    if complained(client.email):
        lift_suppressions(client.email or "")


def may_undo(client: User, *, now: dt.datetime) -> bool:
    """Return whether the emails were stopped in the last day: by mistake perhaps, or by a scanner."""
    said = Consent.objects.filter(user=client, kind=Consent.Kind.LETTERS).order_by("-withdrawn_at")
    return (
        said.exists()
        and not said.filter(withdrawn_at=None).exists()
        and said.filter(withdrawn_at__gt=now - UNDO_FOR).exists()
    )


def set_reminders(client: User, *, wanted: bool) -> None:
    """Set whether reminders come before a session. Confirmations come in any case."""
    User.objects.filter(pk=client.pk).update(wants_reminders=wanted)


def _when(client: User) -> tuple[object, ...]:
    page = ClientProfile.objects.of(client)
    return client.zone, page.letter_at, sorted(page.letter_weekdays)


def _call_back(client: User, *, now: dt.datetime) -> None:
    """Plan again what stopping the emails canceled and is not due yet. The rest stays canceled."""
    called_off = Letter.objects.filter(state=Letter.State.CANCELLED, due_at__gt=now)
    stopped = FollowUp.objects.filter(client=client, stopped=True)
    for follow_up in stopped.filter(letter__in=called_off):
        called_off.filter(follow_up=follow_up).update(state=Letter.State.PLANNED, why=follow_up.why)
    stopped.update(stopped=False)
