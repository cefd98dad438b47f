"""Enter a number for text messages, confirm it with a code, choose how reminders come, and stop."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from practice.mail.channels.transport import Recipient
from practice.mail.post import post
from practice.models import Letter, TextNumber, User
from practice.security.limits import counting
from practice.texting.words import text_words

TEXTS_VERSION = 1
#: Codes that one person may ask for, and that may go to one number, within a day.
CODES_A_DAY, DAY = 5, timedelta(days=1)


def texts_text(practice_name: str) -> str:
    """Return what a person agrees to, word for word; a new wording is a new `TEXTS_VERSION`."""
    return _(
        "%(practice)s may text me at this number about my sessions: reminders, and times that open up while "
        "I’m on the waitlist. A few texts for each session; message and data rates may apply. I can stop "
        "them here, or by replying STOP. Replying HELP says who to ask."
    ) % {"practice": practice_name}


@transaction.atomic
def enter_number(user: User, number: str, *, way: str, text: str, now: datetime) -> TextNumber:
    """Keep a number and text a code to it; the number before it may not be texted any more.

    The number they confirmed already only gets the new `way`. `text`: what they agree to by typing the code.
    Raises TooMany.
    """
    current = _current(user)
    if current and current.number == number and current.given_at and not current.stopped_at:
        set_way(user, way)
        return current
    _withdraw(user, now)
    fresh = TextNumber.objects.create(
        user=user, number=number, way=way, version=TEXTS_VERSION, text=text, created_at=now
    )
    _send_code(fresh, now)
    return fresh


@transaction.atomic
def send_code_again(user: User, *, now: datetime) -> bool:
    """Text another code to a number that waits for one; return whether it does. Raises TooMany."""
    current = _current(user)
    if current is None or current.given_at:
        return False
    _send_code(current, now)
    return True


@transaction.atomic
def confirm(user: User, code: str, *, now: datetime) -> TextNumber | None:
    """Confirm the number with the code that was texted to it; None for a wrong or an old code."""
    current = _current(user)
    if current is None or not current.takes_codes(now):
        return None
    mine = TextNumber.objects.filter(pk=current.pk)
    if not constant_time_compare(current.code, _digest(current, code)):
        mine.update(code_tries=F("code_tries") + 1)
        return None
    mine.update(given_at=now, code="", stopped_at=None, stopped_why="")
    current.refresh_from_db()
    return current


def set_way(user: User, way: str) -> None:
    """Set how reminders come: by email, by text message, or both."""
    TextNumber.objects.filter(user=user, withdrawn_at=None).update(way=way)


@transaction.atomic
def withdraw(user: User, *, now: datetime) -> None:
    """Withdraw the consent: nothing is texted any more. What waits is canceled when it is due."""
    _current(user)
    _withdraw(user, now)


def _current(user: User) -> TextNumber | None:
    """Return the person's number under a lock: two changes of it wait for each other."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return TextNumber.objects.current(user)


def _withdraw(user: User, now: datetime) -> None:
    current = TextNumber.objects.filter(user=user, withdrawn_at=None)
    current.filter(given_at=None).delete()  # nobody agreed to anything yet
    current.update(withdrawn_at=now, code="")


def _send_code(row: TextNumber, now: datetime) -> None:
    code = f"{secrets.randbelow(10**6):06}"
    limits = {f"text-code-by:{row.user_id}": CODES_A_DAY, f"text-code-to:{row.number}": CODES_A_DAY}
    with counting(limits, window=DAY, now=now):
        TextNumber.objects.filter(pk=row.pk).update(code=_digest(row, code), code_sent_at=now, code_tries=0)
        post(
            "text_code",
            key=f"text-code:{row.pk}:{now:%Y%m%dT%H%M%S.%f}",
            to=Recipient(row.user.name, row.number, row.user),
            channel=Letter.Channel.TEXT,
            context={},
            words=text_words("text_code", {"code": code}, language=row.user.language),
            now=now,
        )


def _digest(row: TextNumber, code: str) -> str:
    said = f"{row.pk}:{row.number}:{''.join(code.split())}"
    return salted_hmac("practice.texts.code", said, algorithm="sha256").hexdigest()
