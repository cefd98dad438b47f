"""What a restored database must not do: send what went already, or let in who was signed out since."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db.models import Q

from practice.backup import heartbeats
from practice.backup.engine.refusals import in_utc
from practice.core.reasons import because
from practice.mail.kinds import KINDS
from practice.mail.retention import NO_WORDS
from practice.models import Letter

State = Letter.State
#: Codes and the like: a late one helps nobody, and its reader asks for another.
NOT_ASKED = [name for name, kind in KINDS.items() if kind.blank_after_sending or kind.needs_no_person]


def end_sessions() -> int:
    """End all sessions, and forget what was cached: someone may have signed out after the backup."""
    ended = Session.objects.all().delete()[0]
    cache.clear()
    return ended


def hold_emails(*, made_at: datetime, now: datetime) -> int:
    """Have a person decide about each email that was due by now; return how many wait for that.

    Nobody knows which of them went after the backup was made. Those that are due later did not, and go.
    """
    waiting = Letter.objects.filter(
        Q(state=State.PLANNED, due_at__lte=now) | Q(state=State.CLAIMED),
    )
    codes = waiting.filter(kind__in=NOT_ASKED)
    codes.update(state=State.CANCELLED, claim=None, why=because("too_late"), blanked_at=now, **NO_WORDS)
    why = because("restored_since", made=in_utc(made_at))
    return waiting.update(state=State.UNKNOWN, claim=None, leased_until=None, why=why)


def record_restored(made_at: datetime) -> None:
    """Note the backup as the last good one: the database itself was copied before that was written."""
    heartbeats.record_made(made_at)
