"""Periods after which things are removed, with one chore for each, and the table of the privacy page.

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
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from practice.accounts.address_changes import LIVES_FOR
from practice.mail.retention import AT_ONCE
from practice.models import EmailEvent, Letter, Practice, TextNumber
from practice.models.letter import NAMES_SOMEONE

LEDGER = timedelta(days=730)  # whom an email went to; that it went stays
OFFICE_LOG = timedelta(days=730)
OUTBOX = timedelta(days=7)
#: How long a merge of two records can be undone; its ledger goes then (`portal/merging/actions/undo.py`).
MERGE_DAYS = 30
UNCONFIRMED = timedelta(days=7)
UNCONFIRMED_NUMBER = timedelta(days=1)
VISITORS = timedelta(days=2)


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
    over = Letter.objects.filter(NAMES_SOMEONE, due_at__lt=now - LEDGER).exclude(
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
    return gone(EmailEvent.objects.filter(at__lt=now - LEDGER), dry=dry)


def old_office_log(now: datetime, *, dry: bool = False) -> int:
    """Remove what the back office noted about changes."""
    return gone(LogEntry.objects.filter(action_time__lt=now - OFFICE_LOG), dry=dry)


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


def how_long(practice: Practice) -> list[tuple[str, str]]:
    """Return the table of the privacy page: what, and how long it is kept."""
    month = settings.SESSION_COOKIE_AGE // (24 * 3600)
    return [
        (_("Your record: appointments, notes, what you told us"), _("until you ask us to erase it")),
        (
            _("The dates, prices and payments of your sessions, without your name"),
            _("as long as tax law requires"),
        ),
        (_("A time you held but did not book"), _("10 minutes; the scrambled number, 2 days")),
        (_("Answers you started but did not submit"), _after(practice.keep_unfinished_intakes_days)),
        (
            _("The text of an email (a sign-in code is deleted right away)"),
            _days(practice.keep_letter_bodies_days),
        ),
        (_("The address an email went to, and whether it arrived"), _("2 years")),
        (_("A number for text messages that was not confirmed"), _days(UNCONFIRMED_NUMBER.days)),
        (_("A number you confirmed for text messages"), _("as long as your record")),
        (_("A question you asked without an account"), _days(180)),
        (_("An account that was never confirmed"), _days(UNCONFIRMED.days)),
        (_("A sign-in: when, which browser, from which address"), _signed_in(month)),
        (_("The address you signed in with before, so that a change can be undone"), _days(LIVES_FOR.days)),
        (_("Counts of sign-in tries, with the address that was typed"), _("until they no longer count")),
        (_("Our answer to a program that booked through the API"), _("24 hours")),
        (_("Who changed what in the back office"), _("2 years")),
        (_("How two records of yours were merged, so that it can be undone"), _days(MERGE_DAYS)),
        (_("Who opened your record"), _("as long as your record")),
        (_("A recording that was not uploaded to its end"), _days(7)),
        (_("A list of clients that the practice brought along from another system"), _days(14)),
        (_("Backups"), _("until they’re replaced; ask us when")),
    ]


def _days(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": days}


def _after(days: int) -> str:
    return ngettext("%(days)s day after the session", "%(days)s days after the session", days) % {
        "days": days
    }


def _signed_in(days: int) -> str:
    return _("until you sign out, or up to %(days)s days") % {"days": days}
