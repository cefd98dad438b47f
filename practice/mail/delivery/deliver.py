"""Deliver emails, one step at a time: claim one, check it again, send it, note how it ended.

Nothing is sent inside a transaction. Any number of workers may do this at once: an email has one sender.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import datetime
from typing import Any

import structlog
from django.db import connection
from django.utils import timezone

from practice.core.reasons import because
from practice.in_language import note_facts
from practice.mail import send_check
from practice.mail.channels.lines import Lines
from practice.mail.channels.table import TRANSPORTS
from practice.mail.channels.transport import Later, NoAnswer, Refused, Unsure
from practice.mail.delivery.claims import (
    claim_next,
    claim_one,
    finish_and_claim,
    read_reader,
    settle_one_expired,
)
from practice.mail.delivery.ends import (
    changed,
    end_of,
    hold_back,
    pause_after,
    put_back,
    record_end,
    refused,
    try_again,
)
from practice.mail.delivery.prepare import checked_and_written
from practice.mail.delivery.shift import Shift
from practice.mail.kinds import kind_of
from practice.models import Letter
from practice.queries import AS_READ, one_practice, reading_once
from practice.security.crypto import Unreadable

__all__ = ["claim_one", "drain", "pause_after", "record_end", "send_one", "step"]
log = structlog.get_logger(__name__)
State = Letter.State
Exchange = Callable[[Mapping[str, Any]], Letter | None]

LOOK_EVERY = 1.0  # seconds: for codes, for expired leases, for other settings
#: How many senders a process has, and after how many emails the second one begins.
SENDERS, MANY = 2, 2
#: For how many seconds of waiting for its turn a check counts: the email in front may take its time.
CHECKED_FOR = 5.0


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
    look, following = 0.0, None

    def claims_next() -> bool:
        return shift.goes_on() and time.monotonic() < look

    with ExitStack() as this_second:
        while following or shift.goes_on():
            letter, following = following, None
            looks = letter is None and time.monotonic() >= look
            try:
                if looks:
                    # Somebody waits in front of a sign-in page: a thousand reminders must not stand before
                    # the code. And what was changed on the practice's pages counts from now on.
                    this_second.close()
                    this_second.enter_context(present_settings())
                    found = settle_or_send(timezone.now(), shift, category=Letter.Category.ACCOUNT)
                elif letter := letter or take_one(timezone.now(), shift, look_first=not shift.done):
                    following = send_taken(letter, timezone.now(), shift, claims_next)
                    found = True
                else:
                    found = False
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


def send_one(now: datetime, shift: Shift, *, category: str = "") -> bool:
    """Claim one due email and send it, if there is one; return whether there was. Raises NoAnswer."""
    letter = take_one(now, shift, category=category)
    if letter is not None:
        send_taken(letter, now, shift)
    return letter is not None


def take_one(now: datetime, shift: Shift, *, category: str = "", look_first: bool = True) -> Letter | None:
    """Claim one due email and take it in hand, if there is one.

    Nobody gets two emails at once, and nothing goes about an appointment of which an email is in hand: they
    go in their order.
    """
    return shift.take(
        lambda: claim_one(now, category, shift.lines.silent, in_hand=shift.in_hand, look_first=look_first)
    )


def send_taken(
    letter: Letter, now: datetime, shift: Shift, claims_next: Callable[[], bool] | None = None
) -> Letter | None:
    """Send an email that was taken in hand. Raises NoAnswer.

    `claims_next`: whether another one should be claimed as the end of this one is noted. It is returned, and
    is in hand.
    """

    def exchange(how: Mapping[str, Any]) -> Letter | None:
        def note(others: Collection[Letter] | None) -> Letter | None:
            def claim() -> Letter | None:
                if others is None or not (claims_next and claims_next()):
                    return None
                return claim_next(timezone.now(), silent=shift.lines.silent, in_hand=others)

            return finish_and_claim(letter, how, claim)

        return shift.exchange(letter, note)

    # Not the id of the tick that found it: what it causes in turn was caused by the same request.
    caused_by = {"request_id": letter.request_id} if letter.request_id else {}
    try:
        with structlog.contextvars.bound_contextvars(**caused_by):
            return check_and_send(letter, shift.lines, now, exchange if claims_next else None)
    finally:
        shift.put_down(letter)


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
def check_and_send(
    letter: Letter, lines: Lines, now: datetime, exchange: Exchange | None = None
) -> Letter | None:
    """Check a claimed email and send it; whatever happens, its end is noted and the others go on.

    From its conversation with the mail server until its end is noted, the other senders of this process wait:
    if the process is killed, of one email at most nobody knows whether it went. `exchange`: notes that it
    went and claims the next one, which is returned.
    """
    before: dict[str, Any] = {}
    with ExitStack() as turn:
        try:
            read_reader(letter)
            verdict = checked_and_written(letter, now, before)
            if not isinstance(verdict, send_check.Send):
                if verdict is not None:
                    hold_back(letter, verdict)
                return None
            ready = time.monotonic()
            turn.enter_context(lines.turn)
            if letter.channel in lines.silent or time.monotonic() - ready > CHECKED_FOR:
                put_back(letter, **changed(letter, before))
                return None
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
            following = note_sent(letter, now, exchange)
            sent = {"letter": letter.pk, "kind": letter.kind, "message_id": letter.message_id}
            log.info("letter sent", **sent, attempts=letter.attempts)
            return following
    return None


def note_sent(letter: Letter, now: datetime, exchange: Exchange | None) -> Letter | None:
    """Note that an email went, with the next claim if that is possible; return what was claimed."""
    if exchange:
        try:
            return exchange(end_of(letter, State.SENT, [], sent_at=now))
        except Exception:  # whatever it was: that this one went must be noted
            log.exception("letter: its end could not be noted with the next claim", letter=letter.pk)
    record_end(letter, State.SENT, [], sent_at=now)
    return None
