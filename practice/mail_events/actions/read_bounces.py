"""Read bounces and complaints from the mailbox that receives them, each message once."""

from __future__ import annotations

import imaplib
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from typing import Any

import structlog
from django.utils import timezone

from practice.core.plain_text import plain_line
from practice.core.reasons import because
from practice.health import heartbeat
from practice.mail_events.actions.record import StillSending, record_event
from practice.mail_events.bounce_messages import reports_of
from practice.mail_events.queries import FROM_MAILBOX, MAILBOX
from practice.mail_events.report import Report
from practice.mail_events.round_trip.actions import note_return
from practice.mail_events.sources import Mailbox
from practice.models import EmailEvent

log = structlog.get_logger(__name__)
MOST_BYTES = 2_000_000  # of a message: a bounce says what happened before it quotes the email that came back
AT_ONCE = 500
SECONDS, TIMEOUT = 120.0, 30.0
SEEN, SET_ASIDE = r"(\Seen)", r"(\Seen \Flagged)"


class MailboxSilent(Exception):
    """Raised when the mailbox cannot be read. The text is the server's answer or the system's.

    `code`: of the sentence about it (`practice/mail_events/wording.py`).
    """

    def __init__(self, code: str, error: Exception) -> None:
        said = error.args[0] if error.args and isinstance(error.args[0], bytes) else str(error).encode()
        self.said = plain_line(said.decode("utf-8", "replace"))[:200].rstrip(".") or type(error).__name__
        self.code = code
        super().__init__(self.said)


def record_message(raw: bytes) -> list[EmailEvent]:
    """Record what a message reports; nothing for one that is known, or no report. Raises StillSending.

    A message is trusted only by the ID of ours that it quotes: anyone can send one.
    """
    message = message_from_bytes(raw)
    reports = reports_of(message)
    if not reports:
        note_return(message)
    return record_reports(reports)


def record_reports(reports: list[Report]) -> list[EmailEvent]:
    """Record these reports; return those that are new."""
    found = [record_event(report, source=FROM_MAILBOX, trusted=False) for report in reports]
    return [event for event in found if event]


def read_bounces(mailbox: Mailbox) -> int:
    """Record the unread messages of a mailbox; return how many reports are new. Raises MailboxSilent.

    Whether it could be read is noted, and what keeps it from being read (`unread_mailbox`).
    A message is marked read once its reports are kept, so that a crash repeats it and loses nothing. One that
    cannot be understood is flagged for a person, and stops no other. Nothing is deleted. The newest come
    first: where thousands lie unread, an email to ourselves is not taken for lost while they are read.
    """
    try:
        with _connected(mailbox) as box, _or_silent("mailbox_refused"):
            new = _read(box)
    except MailboxSilent as silent:
        heartbeat.record_trouble(MAILBOX, because(silent.code, said=silent.said), timezone.now())
        raise
    heartbeat.record_beat(MAILBOX, timezone.now())
    return new


@contextmanager
def _or_silent(code: str) -> Iterator[None]:
    """Raise MailboxSilent for what goes wrong in this step. `code`: for a refusal of the server."""
    try:
        yield
    except ssl.SSLError as error:
        raise MailboxSilent("mailbox_no_tls", error) from error
    except (imaplib.IMAP4.abort, OSError) as error:
        raise MailboxSilent("mailbox_no_answer", error) from error
    except imaplib.IMAP4.error as error:
        raise MailboxSilent(code, error) from error


def _connected(mailbox: Mailbox) -> imaplib.IMAP4:
    """Return a signed-in connection with the folder selected. Raises MailboxSilent."""
    box: imaplib.IMAP4
    with _or_silent("mailbox_no_answer"):
        if mailbox.encrypted:
            context = ssl.create_default_context()
            box = imaplib.IMAP4_SSL(mailbox.host, mailbox.port, timeout=TIMEOUT, ssl_context=context)
        else:
            box = imaplib.IMAP4(mailbox.host, mailbox.port, timeout=TIMEOUT)
    try:
        with _or_silent("mailbox_sign_in"):
            box.login(mailbox.user, mailbox.password)
        quoted = mailbox.folder.replace("\\", "\\\\").replace('"', '\\"')
        with _or_silent("mailbox_no_folder"):
            _sound(box.select(f'"{quoted}"'))
    except BaseException:
        box.shutdown()
        raise
    return box


def _read(box: imaplib.IMAP4) -> int:
    new, end = 0, time.monotonic() + SECONDS
    found = _sound(box.uid("SEARCH", "UNSEEN"))
    for uid in reversed((found[0] or b"").split()[-AT_ONCE:]):
        if time.monotonic() > end:
            break
        new += _record_one(box, uid.decode("ascii"))
    return new


def _record_one(box: imaplib.IMAP4, uid: str) -> int:
    """Record one message and mark it; return how many of its reports are new."""
    raw = _fetched(box, uid)
    flags, new = SEEN, 0
    try:
        message = message_from_bytes(raw)
        reports = reports_of(message)
        new = len(record_reports(reports))
        if not reports and not note_return(message) and len(raw) >= MOST_BYTES:
            log.warning("bounce mailbox: a large message reports nothing in its first part", uid=uid)
            flags = SET_ASIDE
    except StillSending:
        return 0  # unread, it comes again with the next reading
    except (ArithmeticError, LookupError, RecursionError, TypeError, ValueError):
        log.exception("bounce mailbox: a message cannot be understood", uid=uid)
        flags = SET_ASIDE
    _sound(box.uid("STORE", uid, "+FLAGS.SILENT", flags))
    return new


def _fetched(box: imaplib.IMAP4, uid: str) -> bytes:
    """Return a message, or as much of it as is read, without marking it read."""
    parts = _sound(box.uid("FETCH", uid, f"(BODY.PEEK[]<0.{MOST_BYTES}>)"))
    return next((bytes(part[1]) for part in parts if isinstance(part, tuple)), b"")


def _sound(answer: tuple[str, list[Any]]) -> list[Any]:
    """Return what a server answered; raise its refusal."""
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(b" ".join(part for part in answer[1] if isinstance(part, bytes)).decode())
    return answer[1]
