"""What the gateway tells us: how a message went, what it cost, and that somebody replied STOP or START."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.utils import timezone

from practice.core.texts.replies import Reply, reply_in
from practice.mail.channels.text_messages.answers import STATUSES, earlier_than, is_dead
from practice.mail.channels.text_messages.by_text import keep_report, stop_number
from practice.mail.channels.text_messages.gateway import Report
from practice.mail.channels.text_messages.table import gateway
from practice.mail.channels.transport import Ended, Refused
from practice.models import Letter, TextMessage, TextNumber
from practice.texting.send_check import send_email_instead

log = structlog.get_logger(__name__)
Status = TextMessage.Status
#: Prices come minutes to hours after a message; what has none by then is not asked for again.
ASK_AFTER, ASK_UNTIL, AT_ONCE = timedelta(minutes=10), timedelta(days=3), 100


def note_status(reference: str, *, sid: str, said: str, error: str, now: datetime) -> bool:
    """Note how a message went; return whether that was news.

    `reference`: ours; `said`: the gateway's own word. A report that is repeated, that comes after a later
    one, or is about a message that is not ours, changes nothing.
    """
    letter = Letter.objects.filter(message_id=reference, channel=Letter.Channel.TEXT).first()
    if letter is None or said not in STATUSES or not sid:
        return False
    row = keep_report(Report(sid=sid), letter)
    return row.letter_id == letter.pk and advance(row, STATUSES[said], error=error, now=now)


def advance(row: TextMessage, status: str, *, error: str, now: datetime) -> bool:
    """Move a message on to a later status; return whether it was earlier. An email goes for a failed one."""
    changed = TextMessage.objects.filter(pk=row.pk, status__in=earlier_than(status)).update(
        status=status, error=error[:10]
    )
    if changed and status == Status.FAILED and row.letter is not None:
        if is_dead(error):
            stop_number(row.letter.to_address, why=TextNumber.Stopped.DEAD)
        send_email_instead(row.letter, now=now)
    return bool(changed)


def note_reply(number: str, text: str, *, named: str = "") -> Reply | None:
    """Obey a reply: STOP ends all texts to that number, START allows them again. Returns what it was."""
    reply = reply_in(text, named)
    if reply is Reply.STOP:
        stop_number(number, why=TextNumber.Stopped.REPLY)
    elif reply is Reply.START:
        stopped = TextNumber.objects.filter(number=number, stopped_why=TextNumber.Stopped.REPLY)
        stopped.filter(withdrawn_at=None).update(stopped_at=None, stopped_why="")
    return reply


def read_prices(*, now: datetime | None = None) -> int:
    """Ask the gateway for what messages of the last days cost, and how they went; return how many it told."""
    now, to, priced = now or timezone.now(), gateway(), 0
    if to is None:
        return 0
    waiting = TextMessage.objects.filter(
        price=None, sent_at__gt=now - ASK_UNTIL, sent_at__lte=now - ASK_AFTER
    ).exclude(error__gt="", status=Status.FAILED)
    for row in waiting.select_related("letter").order_by("sent_at")[:AT_ONCE]:
        try:
            report = to.read(row.sid)
        except Refused as error:  # about this message alone: the others are asked for all the same
            log.warning("text: no report", sid=row.sid, why=str(error))
            continue
        except Ended as error:
            log.warning("text: no report", sid=row.sid, why=str(error))
            break
        advance(row, report.status, error=report.error, now=now)
        priced += _price(row, report)
    return priced


def _price(row: TextMessage, report: Report) -> int:
    """Keep what a message cost, once it is known; return how many rows that were."""
    if report.price is None:
        return 0
    found = TextMessage.objects.filter(pk=row.pk, price=None)
    return found.update(
        price=report.price, currency=report.currency, segments=report.segments or row.segments
    )
