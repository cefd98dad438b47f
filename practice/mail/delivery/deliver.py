"""Deliver emails, one step at a time: claim one, check it again, send it, note how it ended.

Nothing is sent inside a transaction. Any number of workers may do this at once: an email has one sender.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import connection, transaction
from django.utils import timezone

from practice.core.reasons import because
from practice.in_language import note_facts
from practice.mail import send_check
from practice.mail.channels.lines import Lines
from practice.mail.channels.table import TRANSPORTS, transport_of
from practice.mail.channels.transport import Later, NoAnswer, Refused, Unsure
from practice.mail.composing.envelope import envelope_of, name_in_head
from practice.mail.delivery import refusals
from practice.mail.delivery.claims import claim_one, rewrite, settle_one_expired
from practice.mail.delivery.ends import (
    changed,
    hold_back,
    pause_after,
    put_back,
    record_end,
    refused,
    try_again,
)
from practice.mail.kinds import kind_of
from practice.models import Letter
from practice.queries import AS_READ, one_practice, reading_once
from practice.security.crypto import Unreadable

__all__ = ["claim_one", "drain", "pause_after", "record_end", "send_one", "step"]
log = structlog.get_logger(__name__)
State = Letter.State

LOOK_EVERY = 1.0  # seconds: for codes, for expired leases, for other settings
#: How many senders a process has, and after how many emails the second one begins.
SENDERS, MANY = 2, 2
#: For how many seconds of waiting for its turn a check counts: the email in front may take its time.
CHECKED_FOR = 5.0
#: What a letter's row may say otherwise while it is being sent.
WORDS = ("subject", "text", "html", "headers", "attachments", "from_name")


@dataclass
class Shift:
    """What the senders of one process share: the connections, the emails in hand, how many are done."""

    lines: Lines
    goes_on: Callable[[], bool] = lambda: True
    limit: int | None = None
    done: int = 0
    in_hand: list[Letter] = field(default_factory=list)
    counting: threading.Lock = field(default_factory=threading.Lock)

    def take(self, claim: Callable[[], Letter | None]) -> Letter | None:
        """Take an email in hand, one sender after another; None when there is none, or enough were taken."""
        with self.counting:
            enough = self.limit is not None and self.done + len(self.in_hand) >= self.limit
            letter = None if enough else claim()
            if letter is not None:
                self.in_hand.append(letter)
            return letter

    def put_down(self, letter: Letter) -> None:
        """Have an email in hand no more."""
        with self.counting:
            self.in_hand.remove(letter)

    def count(self) -> None:
        """Count an email, or a lease, that was dealt with."""
        with self.counting:
            self.done += 1


def drain(
    *,
    stop: Callable[[], bool] = lambda: False,
    limit: int | None = None,
    seconds: float = 50.0,
    senders: int = 1,
) -> int:
    """Deliver until nothing is due, `stop()` says so, `limit` emails are done or `seconds` are over.

    Returns how many emails were dealt with. If a channel's server does not answer, its letters wait; it ends
    when no channel is left. With two `senders`, one prepares the next email while the other talks to the mail
    server or waits for the disk; they have one connection and take turns at it.
    """
    end = time.monotonic() + seconds
    helpers: list[Future[None]] = []
    with Lines() as lines, ThreadPoolExecutor(max(1, senders - 1)) as pool:
        shift = Shift(lines, lambda: not stop() and time.monotonic() < end, limit)
        for number, _ in enumerate(one_after_another(shift), 1):
            # Another connection would not see what a transaction around us has written.
            if number == MANY and not connection.in_atomic_block:
                helpers = [pool.submit(help_out, shift) for _ in range(senders - 1)]
    for helper in helpers:
        helper.result()  # raises what ended it
    return shift.done


def help_out(shift: Shift) -> None:
    """Be another sender of this process, in a thread with a database connection of its own."""
    try:
        for _ in one_after_another(shift):
            pass
    finally:
        connection.close()


def one_after_another(shift: Shift) -> Iterator[None]:
    """Deal with emails until there is no more to do; yield after each."""
    look = 0.0
    with ExitStack() as this_second:
        while shift.goes_on():
            looks = time.monotonic() >= look
            try:
                if looks:
                    # Somebody waits in front of a sign-in page: a thousand reminders must not stand before
                    # the code. And what was changed on the practice's pages counts from now on.
                    this_second.close()
                    this_second.enter_context(present_settings())
                    found = settle_or_send(timezone.now(), shift, category=Letter.Category.ACCOUNT)
                else:
                    found = send_one(timezone.now(), shift, look_first=not shift.done)
            except NoAnswer as error:
                log.warning("letters wait: no answer", channel=error.channel, why=str(error))
                if shift.lines.silent >= set(TRANSPORTS):
                    return
                continue
            if found:
                shift.count()
                yield
            elif looks:
                look = time.monotonic() + LOOK_EVERY
            else:
                return


def step(*, now: datetime | None = None, lines: Lines | None = None, silent: Collection[str] = ()) -> bool:
    """Deal with one email that is due at `now` (default: this moment); return whether there was one.

    Raises NoAnswer when its channel's server cannot be reached: the email is as it was, and all others of the
    channel wait. `silent`: channels that are left out.
    """
    with nullcontext(lines) if lines else Lines() as used:
        used.silent.update(silent)
        return settle_or_send(now or timezone.now(), Shift(used))


def settle_or_send(now: datetime, shift: Shift, *, category: str = "") -> bool:
    """Settle an email whose sender is gone, else send one; return whether there was one. Raises NoAnswer."""
    return settle_one_expired(now) or send_one(now, shift, category=category)


def send_one(now: datetime, shift: Shift, *, category: str = "", look_first: bool = True) -> bool:
    """Claim one due email and send it, if there is one; return whether there was. Raises NoAnswer.

    Nobody gets two emails at once, and nothing goes about an appointment of which an email is in hand: they
    go in their order.
    """

    def claim() -> Letter | None:
        silent, in_hand = shift.lines.silent, shift.in_hand
        return claim_one(now, category, silent, in_hand=in_hand, look_first=look_first)

    letter = shift.take(claim)
    if letter is None:
        return False
    # Not the id of the tick that found it: what it causes in turn was caused by the same request.
    caused_by = {"request_id": letter.request_id} if letter.request_id else {}
    try:
        with structlog.contextvars.bound_contextvars(**caused_by):
            check_and_send(letter, shift.lines, now)
    finally:
        shift.put_down(letter)
    return True


@contextmanager
def present_settings() -> Iterator[None]:
    """Use the practice, the languages of its texts, and what many emails share as they are when this begins.

    Each is read once.
    """
    if AS_READ.get() is None:
        note_facts(None)
    with one_practice(), reading_once():
        yield


@present_settings()
def check_and_send(letter: Letter, lines: Lines, now: datetime) -> None:
    """Check a claimed email and send it; whatever happens, its end is noted and the others go on.

    From its conversation with the mail server until its end is noted, the other senders of this process wait:
    if the process is killed, of one email at most nobody knows whether it went.
    """
    before: dict[str, Any] = {}
    with ExitStack() as turn:
        try:
            verdict = checked_and_written(letter, now, before)
            if not isinstance(verdict, send_check.Send):
                if verdict is not None:
                    hold_back(letter, verdict)
                return
            ready = time.monotonic()
            turn.enter_context(lines.turn)
            if letter.channel in lines.silent or time.monotonic() - ready > CHECKED_FOR:
                put_back(letter, **changed(letter, before))
                return
            lines.send(letter)
        except NoAnswer as error:
            # It stays due, so that its age shows.
            put_back(letter, why=error.why, **changed(letter, before))
            lines.silent.add(letter.channel)
            error.channel = letter.channel
            raise
        except Refused as error:
            refused(letter, error, now, **changed(letter, before))
        except Later as error:
            try_again(letter, error.why, now, **changed(letter, before))
        except Unsure as error:
            if kind_of(letter).resend_when_unsure:
                try_again(letter, error.why, now, **changed(letter, before))
            else:
                record_end(letter, State.UNKNOWN, error.why + because("may_have_gone"))
        except Unreadable:  # tried again like the others: the key may be given back to us
            log.warning("letter: its words cannot be opened", letter=letter.pk, kind=letter.kind)
            try_again(letter, because("undecryptable"), now, **changed(letter, before))
        except Exception as error:
            log.exception("letter: cannot be sent", letter=letter.pk, kind=letter.kind)
            why = because("our_error", what=type(error).__name__)
            try_again(letter, why, now, **changed(letter, before))
        else:
            record_end(letter, State.SENT, [], sent_at=now)
            sent = {"letter": letter.pk, "kind": letter.kind, "message_id": letter.message_id}
            log.info("letter sent", **sent, attempts=letter.attempts)


def checked_and_written(letter: Letter, now: datetime, before: dict[str, Any]) -> send_check.Verdict | None:
    """Return the verdict on an email; if it may go, its row has its present reader and words.

    None: the claim is no longer ours. `before`: filled with what the row said. What a check notes and the
    words that it gives are one transaction.
    """
    with transaction.atomic() if send_check.is_judged(letter) else nullcontext():
        verdict = checked(letter, now)
        if not isinstance(verdict, send_check.Send):
            return verdict
        if not update_recipient(letter):
            return None
        before |= {name: getattr(letter, name) for name in WORDS}
        return verdict if verdict.fresh is None or update_content(letter, verdict.fresh) else None


def checked(letter: Letter, now: datetime) -> send_check.Verdict:
    """Return the verdict on an email. Its words are opened only if it may go: canceling needs no key."""
    verdict = send_check.check_before_sending(letter, now)
    if not isinstance(verdict, send_check.Send):
        return verdict
    if until := refusals.stopped_until(letter, now):
        return send_check.Postpone(until, because("kind_stopped"), lives_on=False)
    letter.open_words()
    return verdict if letter.text else send_check.Cancel(because("text_gone"))


def update_recipient(letter: Letter) -> bool:
    """Write the present recipient on the email's row; return False if the claim is no longer ours."""
    new = {name: value for name, value in envelope_of(letter).items() if getattr(letter, name) != value}
    return rewrite(letter, **new) if new else True


def update_content(letter: Letter, fresh: send_check.Fresh) -> bool:
    """Write what will be sent on the email's row, before it goes; return False if the claim is not ours."""
    more: dict[str, Any] = {}
    if fresh.attachments is not None:
        more["attachments"] = [asdict(each) for each in fresh.attachments]
    if fresh.from_name:
        more["from_name"] = name_in_head(fresh.from_name)
    return rewrite(
        letter,
        subject=fresh.words.subject,
        text=fresh.words.text,
        html=fresh.words.html,
        headers=transport_of(letter).headers(fresh.headers),
        **more,
    )
