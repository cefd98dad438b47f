"""Deliver emails, one step at a time: claim one, check it again, send it, note how it ended.

Nothing is sent inside a transaction. Any number of workers may do this at once: an email has one sender.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.utils import timezone

from practice.core import wall_time
from practice.core.reasons import Reasons, because
from practice.in_language import note_facts
from practice.mail import send_check
from practice.mail.channels.lines import Lines
from practice.mail.channels.table import TRANSPORTS, transport_of
from practice.mail.channels.transport import Later, NoAnswer, Refused, Unsure
from practice.mail.composing.envelope import envelope_of, name_in_head
from practice.mail.delivery import refusals
from practice.mail.delivery.claims import TRIES, claim_one, finish, rewrite, settle_one_expired
from practice.mail.kinds import kind_of
from practice.mail.retention import NO_WORDS
from practice.models import Letter
from practice.queries import AS_READ, one_practice
from practice.security.crypto import Unreadable

log = structlog.get_logger(__name__)
State = Letter.State

FIRST_PAUSE, LONGEST_PAUSE = 30.0, 3600.0  # seconds between tries
LOOK_EVERY = 1.0  # seconds: for codes, for expired leases, for other settings
#: What a letter's row may say otherwise while it is being sent.
WORDS = ("subject", "text", "html", "headers", "attachments", "from_name")


def drain(
    *, stop: Callable[[], bool] = lambda: False, limit: int | None = None, seconds: float = 50.0
) -> int:
    """Deliver until nothing is due, `stop()` says so, `limit` emails are done or `seconds` are over.

    Returns how many emails were dealt with. If a channel's server does not answer, its letters wait; it ends
    when no channel is left.
    """
    done, end, look = 0, time.monotonic() + seconds, 0.0
    silent: set[str] = set()
    with Lines() as lines, ExitStack() as this_second:
        while not stop() and done != limit and time.monotonic() < end:
            looks = time.monotonic() >= look
            try:
                if looks:
                    # Somebody waits in front of a sign-in page: a thousand reminders must not stand before
                    # the code. And what was changed on the practice's pages counts from now on.
                    this_second.close()
                    this_second.enter_context(present_settings())
                    found = step(lines=lines, category=Letter.Category.ACCOUNT, silent=silent)
                else:
                    found = send_one(timezone.now(), lines, silent=silent, look_first=not done)
            except NoAnswer as error:
                log.warning("letters wait: no answer", channel=error.channel, why=str(error))
                silent.add(error.channel)
                if silent >= set(TRANSPORTS):
                    break
                continue
            if found:
                done += 1
            elif looks:
                look = time.monotonic() + LOOK_EVERY
            else:
                break
    return done


def step(
    *,
    now: datetime | None = None,
    lines: Lines | None = None,
    category: str = "",
    silent: Collection[str] = (),
) -> bool:
    """Deal with one email that is due at `now` (default: this moment); return whether there was one.

    Raises NoAnswer when its channel's server cannot be reached: the email is as it was, and all others of the
    channel wait. `silent`: channels that are left out.
    """
    now = now or timezone.now()
    if settle_one_expired(now):
        return True
    if lines is not None:
        return send_one(now, lines, category=category, silent=silent)
    with Lines() as own:
        return send_one(now, own, category=category, silent=silent)


def send_one(
    now: datetime,
    lines: Lines,
    *,
    category: str = "",
    silent: Collection[str] = (),
    look_first: bool = True,
) -> bool:
    """Claim one due email and send it, if there is one; return whether there was. Raises NoAnswer."""
    letter = claim_one(now, category, silent, look_first=look_first)
    if letter is None:
        return False
    check_and_send(letter, lines, now)
    return True


@contextmanager
def present_settings() -> Iterator[None]:
    """Use the practice and the languages of its texts as they are when this begins, each read once."""
    if AS_READ.get() is None:
        note_facts(None)
    with one_practice():
        yield


@present_settings()
def check_and_send(letter: Letter, lines: Lines, now: datetime) -> None:
    """Check a claimed email and send it; whatever happens, its end is noted and the others go on."""
    before: dict[str, Any] = {}
    try:
        verdict = checked(letter, now)
        if not isinstance(verdict, send_check.Send):
            hold_back(letter, verdict)
            return
        if not update_recipient(letter):
            return
        before = {name: getattr(letter, name) for name in WORDS}
        if verdict.fresh and not update_content(letter, verdict.fresh):
            return
        lines.send(letter)
    except NoAnswer as error:
        # Nobody heard of this letter: it does not count as a try, and it stays due, so that its age shows.
        waits = {"state": State.PLANNED, "claim": None, "attempts": letter.attempts - 1}
        finish(letter, why=error.why, **waits, **changed(letter, before))
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
        log.info("letter sent", letter=letter.pk, kind=letter.kind, attempts=letter.attempts)


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


def changed(letter: Letter, before: dict[str, Any]) -> dict[str, Any]:
    """Return what the row said before, where it says something else now."""
    return {name: value for name, value in before.items() if getattr(letter, name) != value}


def hold_back(letter: Letter, verdict: send_check.Verdict) -> None:
    """Hold back an email that must not go now, or not at all."""
    if isinstance(verdict, send_check.Postpone):
        waits: dict[str, Any] = {"state": State.PLANNED, "claim": None, "attempts": letter.attempts - 1}
        if letter.not_after and verdict.lives_on:  # it lives as long after its new time as after the old one
            waits["not_after"] = letter.not_after + (verdict.due_at - letter.due_at)
        waits["due_wall"] = wall_time.converted(letter.due_wall, verdict.due_at)
        finish(letter, due_at=verdict.due_at, why=verdict.why, **waits)
    elif isinstance(verdict, send_check.Miss):
        record_end(letter, State.MISSED, verdict.why)
    elif isinstance(verdict, send_check.NeedsPerson):
        record_end(letter, State.FAILED, verdict.why + because("tell_them"))
    elif isinstance(verdict, send_check.Cancel):
        record_end(letter, State.CANCELLED, verdict.why, **purged(letter, verdict))


def purged(letter: Letter, verdict: send_check.Cancel) -> dict[str, Any]:
    """Return the fields of a canceled email that must be emptied."""
    if not verdict.purge:
        return {}
    gone = NO_WORDS | {"headers": {}, "blanked_at": timezone.now()}
    return gone if letter.user_id else gone | {"to_name": "", "to_address": ""}


def refused(letter: Letter, error: Refused, now: datetime, **back: Any) -> None:
    """Note a final refusal. A dead address is marked; a refusal that is about us marks nobody."""
    if error.dead_address:
        transport_of(letter).block(letter.to_address, detail=error.said)
        record_end(letter, State.FAILED, error.why, **back)
        return
    record_end(letter, State.FAILED, error.why, refused_at=now, refusal=error.wording, **back)
    refusals.tell_owner(letter, said=str(error), now=now)


def try_again(letter: Letter, why: Reasons, now: datetime, **back: Any) -> None:
    """Plan another try after a pause, or fail after eight. `back`: what the row shall say again."""
    if letter.attempts >= TRIES:
        record_end(letter, State.FAILED, why + because("eight_tries"), **back)
        return
    again = now + pause_after(letter.attempts)
    finish(letter, state=State.PLANNED, claim=None, due_at=again, why=why, **back)


def pause_after(tries: int) -> timedelta:
    """Return the pause: 30 s, 90 s, 4.5 min, 13.5 min, 40 min, 1 h, 1 h, with jitter (3 h in all)."""
    spread = random.uniform(0.75, 1.25)  # noqa: S311  (many letters must not come back in one instant)
    return timedelta(seconds=min(FIRST_PAUSE * 3 ** (tries - 1) * spread, LONGEST_PAUSE))


def record_end(letter: Letter, state: str, why: Reasons, **more: Any) -> None:
    """Write down the end of an email. A text that holds a secret is not kept."""
    if state == State.FAILED and kind_of(letter).needs_no_person:
        state = State.CANCELLED
    if kind_of(letter).blank_after_sending:
        more |= NO_WORDS | {"blanked_at": timezone.now()}
    # An unknown one keeps its claim, see `settle_one_expired`.
    finish(letter, state=state, why=why, **more)
