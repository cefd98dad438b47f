"""Help somebody with their sign-in: end their sessions, or remove a second factor they lost."""

from __future__ import annotations

import datetime as dt

import structlog
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import F

from practice.access.actions.open_record import log_action
from practice.accounts.account_notice_texts import send_notice
from practice.models import User

log = structlog.get_logger(__name__)


class NothingToReset(Exception):
    """Raised when the person has no second factor. The text says so."""


def end_sessions(user: User) -> int:
    """Sign `user` out everywhere, from now on; return how many browsers were known to be signed in.

    Every session carries the count that is raised here, so none is missed, known or not.
    """
    with transaction.atomic():
        User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
        known = list(UserSession.objects.filter(user=user))
        for session in known:
            session.end()
    return len(known)


def end_sessions_of(user: User, *, by: User, now: dt.datetime) -> int:
    """Sign `user` out everywhere, for the owner, and write it down where `user` can read it."""
    with transaction.atomic():
        count = end_sessions(user)
        log_action(by, user, "access:sessions_ended", now=now)
    log.info("sessions ended", of=user.pk, by=by.pk)
    return count


def reset_second_step(user: User, *, by: User | None, now: dt.datetime) -> int:
    """Remove every second factor of `user`: app, passkeys, recovery codes. Return how many there were.

    They are signed out, told by email, and set up a new one after signing in with a code. `by`: None from
    the server's command line. Raises NothingToReset.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update().get(pk=user.pk)
        count, _ = Authenticator.objects.filter(user=locked).delete()
        if not count:
            raise NothingToReset(f"{locked.name} has no second step set up.")
        end_sessions(locked)
        log_action(by, locked, "access:step_reset", now=now)
        if locked.email:
            send_notice("practice/second_step_reset", locked.email, user=locked)
    log.info("second step reset", of=user.pk, by=by.pk if by else "command line")
    return count
