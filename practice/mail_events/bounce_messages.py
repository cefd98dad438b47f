"""PURE. Reports in emails that mail servers send: delivery status (RFC 3464) and complaints (RFC 5965).

Also the two older forms of bounces without fields, qmail's and Exim's. A message is anyone's: nothing in it
is trusted but an ID of ours, which only a receiver of the email knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_string
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from practice.mail_events.report import BOUNCED, COMPLAINED, DEFERRED, DELIVERED, Report
from practice.mail_events.smtp_answer import smtp_answer

#: What `Action` means to us. "relayed" and "expanded" say nothing about the reader's own mailbox.
ACTIONS = {"failed": BOUNCED, "delayed": DEFERRED, "delivered": DELIVERED}
#: Feedback-Type: what its reader pressed, or what a provider took for theft.
COMPLAINTS = {"abuse", "fraud"}
#: Printable ASCII, as ours are: a database takes no NUL and no half of a character.
MESSAGE_ID = re.compile(r"<[!-;=?A-~]{1,200}@[!-;=?A-~]{1,200}>")
#: Where plain-text bounces begin to quote the email that came back. No part of these patterns matches in two
#: ways: anyone can send a message on which the reader would work for hours.
COPY_BEGINS = re.compile(r"^--[^\n]*\b(?:copy of|returned message)\b[^\n]*$", re.I | re.M)
QMAIL = re.compile(r"^Hi\. This is the ", re.M)
QMAIL_REASON = re.compile(r"^<([^<>\s@]{1,200}@[^<>\s@]{1,200})>:[ \t]*\n(.*?)(?=\n\s*\n|\Z)", re.M | re.S)
MOST_RECIPIENTS = 50


def reports_of(message: Message) -> list[Report]:
    """Return what a message reports; nothing for a message that is no report."""
    parts = list(message.walk())
    if fields := _first(parts, "message/feedback-report"):
        return list(_complaints(message, fields, parts))
    if status := _first(parts, "message/delivery-status"):
        return list(_statuses(message, status, parts))
    return list(_plain_bounces(message, parts))


def _first(parts: list[Message], content_type: str) -> Message | None:
    return next((part for part in parts if part.get_content_type() == content_type), None)


def _complaints(message: Message, part: Message, parts: list[Message]) -> Iterator[Report]:
    fields = _blocks(part)
    if not fields or _field(fields[0], "Feedback-Type").lower() not in COMPLAINTS:
        return
    original = _original(parts)
    named = _addresses(fields[0], "Original-Rcpt-To") or (_addresses(original, "To") if original else ())
    yield Report(
        what=COMPLAINED,
        message_ids=_ids(message, original),
        recipients=named,
        at=_time(fields[0], "Arrival-Date", "Received-Date") or _time(message, "Date"),
        said=_field(fields[0], "Feedback-Type").lower(),
        own_id=_field(message, "Message-ID"),
    )


def _statuses(message: Message, part: Message, parts: list[Message]) -> Iterator[Report]:
    blocks = _blocks(part)
    ids = _ids(message, _original(parts), *blocks[:1])
    for block in blocks[1 : MOST_RECIPIENTS + 1]:
        what = ACTIONS.get(_field(block, "Action").lower())
        if not what:
            continue
        diagnostic = _field(block, "Diagnostic-Code").partition(";")
        code, said = smtp_answer(diagnostic[2] or diagnostic[0], _status(block))
        yield Report(
            what=what,
            message_ids=ids,
            recipients=_addresses(block, "Original-Recipient") + _addresses(block, "Final-Recipient"),
            at=_time(block, "Last-Attempt-Date") or _time(message, "Date"),
            code=code,
            said=said,
            own_id=_field(message, "Message-ID"),
        )


def _status(block: Message) -> str:
    """Return the enhanced status, without the comment that some servers put behind it."""
    found = re.match(r"[245]\.\d{1,3}\.\d{1,3}", _field(block, "Status"))
    return found[0] if found else ""


def _plain_bounces(message: Message, parts: list[Message]) -> Iterator[Report]:
    """Yield the bounces of a plain text: qmail's QSBMF, and Exim's with `X-Failed-Recipients`."""
    part = _first(parts, "text/plain")
    text = _text(part) if part else ""
    begins = COPY_BEGINS.search(text)
    notice, copy = (text[: begins.start()], text[begins.end() :]) if begins else (text, "")
    quoted = message_from_string(copy.lstrip()) if copy.strip() else _original(parts)
    failed = _addresses(message, "X-Failed-Recipients")
    if QMAIL.search(notice):
        found = [(one[1], one[2]) for one in QMAIL_REASON.finditer(notice)]
    else:
        found = [(address, notice.partition(address)[2] or notice) for address in failed]
    for address, reason in found[:MOST_RECIPIENTS]:
        code, said = smtp_answer(reason)
        yield Report(
            what=DEFERRED if code and code < 500 else BOUNCED,
            message_ids=_ids(message, quoted),
            recipients=(address.lower(),),
            at=_time(message, "Date"),
            code=code,
            said=said,
            own_id=_field(message, "Message-ID"),
        )


def _blocks(part: Message) -> list[Message]:
    """Return the groups of fields of a report, also where its text was encoded."""
    inner = _inner(part)
    if any(block.keys() for block in inner):
        return [block for block in inner if block.keys()]
    text = "\n\n".join(str(one.get_payload()) for one in inner or [part])
    if _field(part, "Content-Transfer-Encoding").lower() == "base64":  # against RFC 3464, and seen
        whole = Message()
        whole["Content-Transfer-Encoding"] = "base64"
        whole.set_payload(text)
        text = _text(whole)
    return [message_from_string(block) for block in re.split(r"\n\s*\n", text.strip()) if block]


def _inner(part: Message) -> list[Message]:
    """Return the messages inside a part of type message/…; none where it is a text."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _original(parts: list[Message]) -> Message | None:
    """Return the headers of the email that is reported on."""
    for part in parts:
        if part.get_content_type() in ("message/rfc822", "message/rfc822-headers"):
            return next(iter(_inner(part)), None)
        if part.get_content_type() == "text/rfc822-headers":
            return message_from_string(_text(part))
    return None


def _ids(message: Message, *others: Message | None) -> tuple[str, ...]:
    """Return IDs of the reported email: its own header, a field of the report, what the report answers."""
    lines = [_field(one, "Message-ID") for one in others if one]
    lines += [_field(one, "Original-Message-ID") for one in (*others, message) if one]
    lines += [_field(message, "In-Reply-To"), _field(message, "References")]
    return message_ids(*lines)


def message_ids(*lines: str) -> tuple[str, ...]:
    """Return the Message-IDs in these headers, each once, in their order."""
    return tuple(dict.fromkeys(found for line in lines for found in MESSAGE_ID.findall(line[:20_000])))


def _addresses(block: Message, name: str) -> tuple[str, ...]:
    """Return the addresses of a field, such as "rfc822; <ben@example.com>", in small letters."""
    lines = [line.rpartition(";")[2] for line in map(str, block.get_all(name, []))]
    return addresses_in(lines)


def addresses_in(lines: list[str]) -> tuple[str, ...]:
    """Return the addresses in these header lines, in small letters; none where they are beyond reading."""
    try:
        found = [address.strip().lower() for _, address in getaddresses(lines)]
    except RecursionError:  # thousands of nested brackets: nobody's address
        return ()
    return tuple(address for address in found if "@" in address and address.isprintable())


def _field(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())


def _time(block: Message, *names: str) -> datetime | None:
    for name in names:
        try:
            found = parsedate_to_datetime(_field(block, name))
        except (TypeError, ValueError, IndexError, OverflowError):
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return None


def _text(part: Message) -> str:
    """Return a part's text, whatever it says of its own encoding."""
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload())
    try:
        text = payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        text = payload.decode("utf-8", "replace")
    return text.replace("\r\n", "\n")
