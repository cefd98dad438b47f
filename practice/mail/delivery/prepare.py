"""The last steps before an email goes: it is judged, and its row gets its present reader and words."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from practice.core.reasons import because
from practice.mail import send_check
from practice.mail.channels.table import transport_of
from practice.mail.composing.envelope import envelope_of, name_in_head
from practice.mail.delivery import refusals
from practice.mail.delivery.claims import rewrite
from practice.models import Letter

#: What a letter's row may say otherwise while it is being sent.
WORDS = ("subject", "text", "html", "headers", "attachments", "from_name")


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
