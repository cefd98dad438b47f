"""An email behind a text message: it goes when the text does not arrive, and not when it does."""

from __future__ import annotations

from datetime import datetime, timedelta

from practice.core.reasons import because
from practice.mail.channels.text_messages.by_text import went_already
from practice.mail.send_check import Cancel, Postpone, Verdict
from practice.models import Letter, TextMessage, TextNumber

State = Letter.State
#: How long the email waits for a text that is due, and for a report on one that went.
PATIENCE, REPORTED_WITHIN = timedelta(minutes=15), timedelta(minutes=20)
LOOK_AGAIN = timedelta(minutes=2)
#: A text that failed so often may take hours more.
MOST_TRIES = 3


def only_texts(text: Letter) -> bool:
    """Return whether its reader wants texts in place of emails, and can be texted."""
    found = TextNumber.objects.reachable().filter(user=text.user_id).first() if text.user_id else None
    return found is not None and found.way == TextNumber.Way.TEXT


def verdict_beside_text(text: Letter | None, now: datetime) -> Verdict | None:
    """Return what becomes of an email whose reader prefers this text message; None: the email goes."""
    if text is None or not only_texts(text):
        return None
    if text.state in (State.PLANNED, State.CLAIMED):
        overdue = text.due_at <= now - PATIENCE or text.attempts >= MOST_TRIES
        return None if overdue else Postpone(max(now, text.due_at) + LOOK_AGAIN, because("text_first"))
    if text.state != State.SENT or not went_already(text):
        return None
    arrived = text.text_messages.filter(status=TextMessage.Status.DELIVERED).exists()
    if arrived or text.sent_at is None or text.sent_at + REPORTED_WITHIN <= now:
        return Cancel(because("text_went"))
    return Postpone(text.sent_at + REPORTED_WITHIN, because("text_first"))


def verdict_beside_email(text: Letter, now: datetime) -> Verdict | None:
    """Return what becomes of a text whose email went in its place; None: the text goes."""
    email = Letter.objects.filter(key=text.event.get("backup", "")).first()
    if email is None or not only_texts(text):
        return None
    went = email.state in (State.SENT, State.CLAIMED, State.UNKNOWN)
    return Cancel(because("email_went")) if went else None


def send_email_instead(text: Letter, *, now: datetime) -> bool:
    """Plan the email behind a text that was not delivered, if the text had replaced it; return whether.

    It is checked once more when it leaves: for a session that is over, it does not go.
    """
    email = Letter.objects.filter(key=text.event.get("backup", ""), state=State.CANCELLED).first()
    if email is None or not any(one["code"] == "text_went" for one in email.why):
        return False
    return bool(
        Letter.objects.filter(pk=email.pk, state=State.CANCELLED).update(
            state=State.PLANNED,
            claim=None,
            attempts=0,
            due_at=now,
            not_after=None,
            why=because("text_failed"),
        )
    )
