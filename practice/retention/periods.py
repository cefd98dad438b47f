"""Periods after which things are removed, each with its chore. What the owner may choose is on `Practice`.

Each chore takes the instant and says how much it threw away; with `dry` it only counts. Registered in
`PracticeConfig.ready()`, done every hour by `practice.retention.chores`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db import connection, models
from django.db.models import Exists, OuterRef

from practice.mail.retention import AT_ONCE
from practice.models import EmailEvent, Letter, TextNumber
from practice.models.letter import NAMES_SOMEONE
from practice.queries import the_practice

OUTBOX = timedelta(days=7)
#: How long a merge of two records can be undone; its ledger goes then (`portal/merging/actions/undo.py`).
MERGE_DAYS = 30
UNCONFIRMED = timedelta(days=7)
UNCONFIRMED_NUMBER = timedelta(days=1)
VISITORS = timedelta(days=2)
#: How long an erasure waits, in case the client changes their mind (`portal/erasure/actions/request.py`).
ERASURE_WAITS = timedelta(days=7)
#: A recording that does not go on arriving (`portal/recordings/actions/receive.py`).
UPLOADS = timedelta(days=7)
#: The cells of a file from another system (`booking/moving_in/actions/retention.py`).
IMPORTED = timedelta(days=14)


def email_ledger() -> timedelta:
    """Return how long it is kept whom an email went to; that it went stays."""
    return timedelta(days=the_practice().keep_email_addresses_days)


def expired_sessions(now: datetime, *, dry: bool = False) -> int:
    """Remove sessions that sign nobody in any more."""
    return gone(Session.objects.filter(expire_date__lt=now), dry=dry)


def ended_sign_ins(now: datetime, *, dry: bool = False) -> int:
    """Forget from which address and browser somebody was signed in, once they are not any more."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gte=now)
    return gone(UserSession.objects.filter(~Exists(alive)), dry=dry)


def expired_cache(now: datetime, *, dry: bool = False) -> int:
    """Remove rows of the cache that count no more: they name network and email addresses."""
    expired = connection.ops.adapt_datetimefield_value(now.replace(microsecond=0))
    with connection.cursor() as cursor:
        if dry:
            cursor.execute("SELECT COUNT(*) FROM practice_cache WHERE expires < %s", [expired])
            return int(cursor.fetchone()[0])
        cursor.execute("DELETE FROM practice_cache WHERE expires < %s", [expired])
        return int(cursor.rowcount)


def old_addresses(now: datetime, *, dry: bool = False) -> int:
    """Empty whom an email went to, and subjects that name clients; kind, time and end stay in the ledger."""
    over = Letter.objects.filter(NAMES_SOMEONE, due_at__lt=now - email_ledger()).exclude(
        state__in=(Letter.State.PLANNED, Letter.State.CLAIMED)
    )
    if dry:
        return over.count()
    count = 0
    while some := list(over.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_ONCE]):
        found = Letter.objects.filter(pk__in=some)
        found.filter(category=Letter.Category.NOTICE).update(subject="")
        count += found.update(to_address="", to_name="")
    return count


def old_email_events(now: datetime, *, dry: bool = False) -> int:
    """Remove what was reported about emails: the answers of mail servers may name an address."""
    return gone(EmailEvent.objects.filter(at__lt=now - email_ledger()), dry=dry)


def old_office_log(now: datetime, *, dry: bool = False) -> int:
    """Remove what the back office noted about changes."""
    return gone(
        LogEntry.objects.filter(action_time__lt=now - timedelta(days=the_practice().keep_office_log_days)),
        dry=dry,
    )


def old_outbox(now: datetime, *, dry: bool = False) -> int:
    """Remove emails that were written to files instead of being sent."""
    old = [path for path in _outbox() if path.stat().st_mtime < (now - OUTBOX).timestamp()]
    for path in () if dry else old:
        path.unlink(missing_ok=True)
    return len(old)


def _outbox() -> Iterator[Path]:
    yield from Path(settings.OUTBOX_DIR).glob("*.eml")


def gone(rows: models.QuerySet[Any], *, dry: bool) -> int:
    """Remove these rows, or only count them."""
    return rows.count() if dry else rows.delete()[0]


def unconfirmed_numbers(now: datetime, *, dry: bool = False) -> int:
    """Forget numbers for text messages that were entered and never confirmed."""
    return gone(TextNumber.objects.filter(given_at=None, created_at__lt=now - UNCONFIRMED_NUMBER), dry=dry)


CHORES = (
    *(expired_sessions, ended_sign_ins, expired_cache),
    *(old_addresses, old_email_events, old_office_log, old_outbox, unconfirmed_numbers),
)
