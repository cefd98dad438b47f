"""Write a report on the email it is about, once, and draw what follows from it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from practice.core.locales.email_addresses import ascii_address
from practice.core.plain_text import plain_line
from practice.core.reasons import because
from practice.mail import suppression
from practice.mail.channels import answers
from practice.mail.delivery import refusals
from practice.mail.kinds import kind_of
from practice.mail_events.queries import letter_of
from practice.mail_events.report import Report, report_id
from practice.models import EmailEvent, Letter, Suppression

log = structlog.get_logger(__name__)
State, What = Letter.State, EmailEvent.What
#: Of a row that is tried again because the line broke: it may have gone.
MAY_HAVE_GONE = Q(state=State.UNKNOWN) | Q(state=State.PLANNED, attempts__gt=0)
#: A clock that runs ahead of ours by more is not believed.
AHEAD = timedelta(minutes=5)

_answered: list[Callable[[Letter, datetime], None]] = []


class StillSending(Exception):
    """Raised when the email is being sent at this moment: the report has to come again a little later."""


def on_answer(follow: Callable[[Letter, datetime], None]) -> None:
    """Register what follows when a reader answers an email. Called by apps in `ready()`."""
    if follow not in _answered:
        _answered.append(follow)


@transaction.atomic
def record_event(
    report: Report, *, source: str, trusted: bool, now: datetime | None = None
) -> EmailEvent | None:
    """Write a report down with what follows from it; None when it was known, or is about no email of ours.

    `trusted`: its sender proved who they are. Raises StillSending.
    """
    now = now or timezone.now()
    pk = letter_of(report, trusted=trusted, now=now)
    if pk is None:
        log.info("email report: not about an email of ours", source=source, what=report.what)
        return None
    # Locked: of two reports about one email, the second is judged by what the first has left.
    letter = Letter.objects.select_for_update().filter(pk=pk).first()
    if letter is None:  # erased since it was found
        return None
    if letter.state == State.CLAIMED:
        raise StillSending
    event, fresh = EmailEvent.objects.get_or_create(
        report_id=report_id(report, source),
        defaults={
            "letter": letter,
            "what": report.what,
            "at": _believed(report.at, now),
            "recorded_at": now,
            "source": source,
            "said": plain_line(report.answer)[:200].rstrip("."),
        },
    )
    if not fresh:
        return None
    _follow(letter, event, report, now)
    log.info("email report", letter=letter.pk, kind=letter.kind, what=event.what, source=source)
    return event


def _believed(at: datetime | None, now: datetime) -> datetime:
    """Return when it happened. Sent before it can have been, or after now, counts as now."""
    if at is None:
        return now
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return now if at > now + AHEAD or at.year < 2000 else at


def _follow(letter: Letter, event: EmailEvent, report: Report, now: datetime) -> None:
    if event.what == What.DELIVERED:
        _arrived(letter, event, Q(state=State.FAILED))
    elif kind_of(letter).is_to_ourselves:
        _came_back_to_ourselves(letter, event)
    elif event.what == What.COMPLAINED:
        _arrived(letter, event)
        if address := letter.to_address or next(iter(report.recipients), ""):
            suppression.suppress(address, cause=Suppression.Cause.COMPLAINT, detail=event.said)
    elif event.what == What.BOUNCED:
        _came_back(letter, event, report, now)
    elif event.what == What.ANSWERED:
        _arrived(letter, event)
        for follow in _answered:
            follow(letter, now)


def _came_back_to_ourselves(letter: Letter, event: EmailEvent) -> None:
    """Note that an email to ourselves bounced. Whatever else is said of it marks and tells nobody."""
    if event.what == What.BOUNCED and not letter.reports.filter(what=What.DELIVERED).exists():
        why = because("bounced" if event.said else "bounced_silently", said=event.said)
        _change(letter, MAY_HAVE_GONE | Q(state=State.SENT), state=State.CANCELLED, why=why)


def _arrived(letter: Letter, event: EmailEvent, also: Q | None = None) -> None:
    """Settle an email that may not have gone, or seemed to have failed: it arrived."""
    if letter.reports.filter(what=What.BOUNCED, at__gte=event.at).exists():
        return
    _change(
        letter,
        MAY_HAVE_GONE | also if also else MAY_HAVE_GONE,
        state=State.SENT,
        why=[],
        sent_at=letter.sent_at or event.at,
        refused_at=None,
        refusal="",
    )


def _came_back(letter: Letter, event: EmailEvent, report: Report, now: datetime) -> None:
    """Have a bounced email stand before a person, and mark its address if the answer proves it dead."""
    if letter.reports.filter(what=What.DELIVERED, at__gt=event.at).exists():
        return
    dead = answers.is_dead(report.code, report.said)
    more: dict[str, Any] = {}
    if not dead and report.code >= 500 and not answers.is_full(report.said):
        more = {"refused_at": now, "refusal": answers.wording(report.code, report.said)}
    code = "bounced" if event.said else "bounced_silently"
    why = because(code, said=event.said)
    failed = _change(letter, MAY_HAVE_GONE | Q(state=State.SENT), state=State.FAILED, why=why, **more)
    if dead and {letter.to_address, ascii_address(letter.to_address)} & set(report.recipients):
        suppression.suppress(letter.to_address, cause=Suppression.Cause.BOUNCE, detail=event.said)
    elif failed and more:
        refusals.tell_owner(letter, said=event.said, now=now)


def _change(letter: Letter, where: Q, **how: Any) -> bool:
    """Change the email if it is in one of these states; whoever still holds a claim on it loses it."""
    changed = Letter.objects.filter(where, pk=letter.pk).update(claim=None, leased_until=None, **how)
    for name, value in how.items() if changed else ():
        setattr(letter, name, value)
    return bool(changed)
