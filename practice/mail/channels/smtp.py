"""Hand one email to the mail server, over a connection that is kept, and say how it went."""

from __future__ import annotations

import smtplib
from base64 import b64decode
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core.mail import get_connection

from practice.core.plain_text import plain_line
from practice.mail.channels import answers
from practice.mail.channels.message_bytes import WireMessage
from practice.mail.channels.transport import Later, NoAnswer, Refused, Unsure
from practice.mail.composing.headers import chosen_address, mailbox, own_address, provider_headers
from practice.models import Letter
from practice.queries import the_practice

#: The content of these attachments is the text itself; of all others, base64.
KEPT_AS_TEXT = ("text/", "application/ics")


def message_for(letter: Letter) -> WireMessage:
    """Return the email as it goes over the wire: text first, then HTML, then the calendar file.

    A calendar file is in it twice, as mail programs want it: as a third alternative (Outlook and Gmail show
    "accept, decline"), and as a file to keep (all others).
    """
    sender = mailbox(letter.from_name, own_address())
    message = WireMessage(
        subject=letter.subject,
        body=letter.text,
        from_email=settings.BOUNCE_ADDRESS or sender,  # the envelope's: bounces go there
        to=[mailbox(letter.to_name, letter.to_address)],
        reply_to=[mailbox("", letter.reply_to or own_address())],
        headers={
            **letter.headers,
            **provider_headers(letter),
            "From": sender,
            "Message-ID": letter.message_id,
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(letter.html, "text/html")
    for part in letter.attachments:
        if part["content_type"].startswith("text/calendar"):
            bare = part["content_type"].replace("; charset=UTF-8", "")  # the charset is added on the way
            message.attach_alternative(part["content"], bare)
            message.attach(part["filename"], part["content"].encode(), "application/ics")
        elif part["content_type"].startswith(KEPT_AS_TEXT):
            message.attach(part["filename"], part["content"], part["content_type"].split(";")[0])
        else:
            message.attach(part["filename"], b64decode(part["content"]), part["content_type"])
    return message


class Postbox:
    """A connection to the mail server, opened at the first email and kept for the next ones."""

    def __init__(self) -> None:
        self.connection: Any = get_connection()  # its timeout is EMAIL_TIMEOUT
        self.text_began = False  # of the email that is being sent

    def __enter__(self) -> Postbox:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        try:
            self.connection.close()
        except (OSError, smtplib.SMTPException):
            self.drop()

    def send(self, letter: Letter) -> None:
        """Send an email. Raises NoAnswer, Later, Refused or Unsure; anything else is an error of ours."""
        message = message_for(letter)
        was_kept = self.line is not None
        self.open()
        try:
            sent = self.connection.send_messages([message])
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            if self.text_began or not was_kept or not is_end_of_line(error):
                raise in_our_words(error, text_began=self.text_began) from error
            # The server, or a firewall, had closed it since the last email: nothing of this one went.
            self.send(letter)
            return
        if not sent:
            raise Later("not_accepted")

    @property
    def line(self) -> smtplib.SMTP | None:
        """Return the open connection to a mail server; None without one, and for the outbox."""
        line = getattr(self.connection, "connection", None)
        return line if isinstance(line, smtplib.SMTP) else None

    def open(self) -> None:
        """Connect, unless a connection is kept. Raises NoAnswer: this email certainly did not go."""
        if settings.EMAIL_URL and the_practice().pk and not chosen_address():
            raise NoAnswer("no_own_address")
        self.text_began = False
        if self.line is not None:
            return
        try:
            self.connection.open()
        except (smtplib.SMTPException, OSError) as error:
            self.drop()
            raise NoAnswer("no_answer", said=said(error)) from error
        if self.line is not None:
            self.watch(self.line)

    def watch(self, line: smtplib.SMTP) -> None:
        """Have a connection note when the text of an email begins to go: what fails before did not go."""
        send_text = line.data

        def data(msg: Any) -> tuple[int, bytes]:
            self.text_began = True
            return send_text(msg)

        line.data = data  # type: ignore[method-assign]

    def drop(self) -> None:
        """Close without a goodbye, which would wait half a minute for an answer on a dead connection."""
        for name in ("connection", "_partial_connection"):
            line = getattr(self.connection, name, None)
            if isinstance(line, smtplib.SMTP):
                line.close()
                setattr(self.connection, name, None)


def is_end_of_line(error: Exception) -> bool:
    """Return whether an error ends the connection: it broke, or the server says that it closes it (421)."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == 421
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return any(code == 421 for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPServerDisconnected) or not isinstance(error, smtplib.SMTPException)


def in_our_words(error: Exception, *, text_began: bool) -> Exception:
    """Return how the sending ended, for an error of the SMTP library.

    `text_began`: the text may have gone before the error.
    """
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
        return refusal(code, answer)
    if isinstance(error, smtplib.SMTPSenderRefused):  # about us, not about whom we write to
        return Later("sender_rejected", said=said(error))
    if isinstance(error, smtplib.SMTPResponseException):
        return refusal(error.smtp_code, error.smtp_error)
    return (Unsure if text_began else Later)("line_broke", said=said(error))


def refusal(code: int, answer: bytes | str) -> Exception:
    """Return Later or Refused, by the server's code."""
    words = as_text(answer)
    if code < 500 or answers.is_full(words):
        return Later("try_later", said=f"{code} {words}")
    return Refused(
        "rejected",
        said=f"{code} {words}",
        dead_address=answers.is_dead(code, words),
        wording=answers.wording(code, words),
    )


def said(error: Exception) -> str:
    """Return the server's answer, or the name of the error."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {as_text(error.smtp_error)}"
    return as_text(str(error)) or type(error).__name__


def as_text(answer: bytes | str) -> str:
    """Return a server's answer on one short line of visible characters, without a full stop at its end."""
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return plain_line(text)[:200].rstrip(".")
