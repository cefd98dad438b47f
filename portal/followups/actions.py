"""What somebody at work does about a client's follow-ups: hold back, send sooner, cancel, dismiss."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from portal.followups.engine.facts import FOLLOW_UP
from portal.followups.send_check import lock
from portal.models import FollowUp
from practice.core import wall_time
from practice.core.reasons import Reasons, because
from practice.mail.kinds import KINDS
from practice.models import Letter, User
from practice.queries import the_practice, zone_of

A_WEEK = dt.timedelta(days=7)


def dismiss(client: User, *, now: dt.datetime) -> int:
    """Take the client off the list of who needs a person, and return how many rows changed.

    Their follow-ups stay stopped. Asked again, it changes no row and returns 0.
    """
    asking = FollowUp.objects.filter(client=client, asks_human=True, cleared_at__isnull=True)
    return asking.update(cleared_at=now)


@transaction.atomic
def cancel_one(follow_up: FollowUp, *, by: User) -> bool:
    """Cancel one email that waits; False if it was sent, claimed or canceled in the meantime."""
    lock(follow_up.client_id)
    why = because("by_hand:canceled", name=by.first_name)
    return bool(_waiting(follow_up).update(state=Letter.State.CANCELLED, why=why))


@transaction.atomic
def hold_back(follow_up: FollowUp, *, by: User) -> bool:
    """Let one email that waits go a week later, at the same hour; False as for `cancel_one`."""
    client, letter = lock(follow_up.client_id), _waiting(follow_up).first()
    if client is None or letter is None:
        return False
    zone = zone_of(client.zone, practice=the_practice())
    later = (letter.due_at.astimezone(zone) + A_WEEK).astimezone(dt.UTC)
    return _due(follow_up, client, later, because("by_hand:held_back", name=by.first_name))


@transaction.atomic
def send_sooner(follow_up: FollowUp, *, by: User, now: dt.datetime) -> bool:
    """Let one email that waits go now, unless a rule still holds it back; False as for `cancel_one`."""
    client = lock(follow_up.client_id)
    if client is None:
        return False
    return _due(follow_up, client, now, because("by_hand:sooner", name=by.first_name))


def _waiting(follow_up: FollowUp) -> QuerySet[Letter]:
    return Letter.objects.filter(pk=follow_up.letter_id or 0, state=Letter.State.PLANNED)


def _due(follow_up: FollowUp, client: User, due_at: dt.datetime, why: Reasons) -> bool:
    """Plan it for that moment; it differs from its plan's reason, so planning again keeps the day."""
    zone, lives = zone_of(client.zone, practice=the_practice()), KINDS[FOLLOW_UP].lives_for
    moved = _waiting(follow_up).update(
        due_at=due_at,
        due_wall=wall_time.wall_time_text(due_at, zone),
        not_after=due_at + lives if lives else None,
        why=why,
    )
    if moved:  # the email's row forgets it once it is sent
        follow_up.why = [*follow_up.why, *why]
        follow_up.save(update_fields=["why"])
    return bool(moved)
