"""Plan an email: one row, written in the same transaction as its cause. Nothing is sent here."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from practice import queries
from practice.core import wall_time
from practice.mail.channels.table import TRANSPORTS
from practice.mail.channels.transport import Recipient
from practice.mail.composing.envelope import NAME_LONGEST, name_in_head, name_in_to
from practice.mail.composing.render import Rendered, render
from practice.mail.kinds import KINDS
from practice.models import Letter, User
from practice.security.same_work import rolled_back_unless

log = structlog.get_logger(__name__)
__all__ = ["NAME_LONGEST", "Attachment", "Recipient", "post", "posted_together", "posted_unless_undone"]
#: Within `posted_together`: the emails planned so far, by key.
WAITING: ContextVar[dict[str, Letter] | None] = ContextVar("emails to be written together", default=None)


@dataclass(frozen=True)
class Attachment:
    """An attached file. Text is kept as it is, anything else in base64; a calendar file names its method."""

    filename: str
    content_type: str
    content: str

    @classmethod
    def calendar(cls, content: str, *, method: str, filename: str = "invite.ics") -> Attachment:
        """Return a calendar file; the method must be the one inside its content."""
        return cls(filename, f"text/calendar; method={method}; charset=UTF-8", content)

    @classmethod
    def pdf(cls, content: bytes, *, filename: str) -> Attachment:
        """Return a PDF."""
        return cls(filename, "application/pdf", b64encode(content).decode("ascii"))


@queries.one_practice()
def post(
    kind: str,
    *,
    key: str,
    to: User | Recipient,
    context: dict[str, Any],
    about: str = "",
    due_at: datetime | None = None,
    due_in: ZoneInfo | None = None,
    not_after: datetime | None = None,
    attachments: Iterable[Attachment] = (),
    from_name: str = "",
    channel: str = Letter.Channel.EMAIL,
    headers: Mapping[str, str] | None = None,
    words: Rendered | None = None,
    event: Mapping[str, Any] | None = None,
    word: str = "",
    now: datetime | None = None,
) -> Letter | None:
    """Plan an email in the caller's transaction: it goes if the transaction is committed, and never else.

    Returns the existing email of the same `key`, whatever became of it; None without a usable address.
    `due_at` (default: now) and `not_after` (default: by the kind) are instants. `due_in`: the zone by whose
    clocks `due_at` was wished, if it was. `to`: a user, where they are reached on this channel; a `Recipient`
    has an address of its own.
    `words`: in place of the kind's templates, for emails that are worded when they leave (`send_check.Send`).
    `event`: what happened, in JSON values without a word anybody wrote; `word`: what somebody wrote.
    Within `posted_together` the row is written later. Raises KeyError for an unknown kind.
    """
    rules, waiting = KINDS[kind], WAITING.get()
    standing = Letter.objects.filter(key=key).first() if waiting is None else waiting.get(key)
    if standing:
        return standing
    transport = TRANSPORTS[channel]
    reader = to if isinstance(to, Recipient) else transport.recipient(to)
    address = transport.usable_address(reader)
    if not address:
        log.info("no letter: no usable address", kind=kind)
        return None
    sender = name_in_head(from_name)
    words = words or render(
        kind,
        {"to": to, "sender": sender, **context},
        language=reader.user.language if reader.user else translation.get_language() or "",
    )
    due_at = due_at or now or timezone.now()
    practice = queries.the_practice()
    letter = Letter(
        key=key,
        kind=kind,
        category=rules.category,
        about=about,
        user=reader.user,
        channel=channel,
        to_name=name_in_to(reader.name),
        to_address=address,
        from_name=sender or name_in_head(practice.name),
        reply_to=transport.reply_to(),
        subject=words.subject,
        text=words.text,
        html=words.html,
        event=dict(event or {}),
        word=word,
        headers=transport.headers(headers or {}),
        attachments=[asdict(each) for each in attachments],
        message_id=transport.message_id(key),
        due_at=due_at,
        due_wall=wall_time.wall_time_text(due_at, due_in) if due_in else "",
        not_after=not_after or (due_at + rules.lives_for if rules.lives_for else None),
        request_id=structlog.contextvars.get_contextvars().get("request_id", ""),
    )
    if waiting is None:
        return _put(letter)
    waiting[key] = letter
    return letter


@contextmanager
def posted_together() -> Iterator[None]:
    """Write the emails that are planned within when it ends, all in one statement.

    For emails of one cause, whose rows nobody needs yet: until then they have no id. One whose key stands
    already is left as it stands. Nothing is written after an exception. Within another one, what waits there
    is written first: of emails due at one instant, the one planned first leaves first.
    """
    _write_waiting()
    token = WAITING.set({})
    try:
        yield
        _write_waiting()
    finally:
        WAITING.reset(token)


@contextmanager
def posted_unless_undone(wanted: bool) -> Iterator[None]:
    """Do as `posted_together`, and undo everything within unless it is `wanted`: the work is the same."""
    _write_waiting()  # what waits from before is not undone
    with rolled_back_unless(wanted), posted_together():
        yield


def _write_waiting() -> None:
    if waiting := WAITING.get():
        Letter.objects.bulk_create(waiting.values(), ignore_conflicts=True)
        waiting.clear()


def _put(letter: Letter) -> Letter:
    """Write the row; of two at once with one key, the second gets the row of the first."""
    try:
        with transaction.atomic():
            letter.save(force_insert=True)
    except IntegrityError:
        if standing := Letter.objects.filter(key=letter.key).first():
            return standing
        raise
    return letter
