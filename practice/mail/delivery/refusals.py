"""Refusals by a mail server: about the recipient, or about us. Several about us stop a kind for a while.

One morning with a broken DNS record refuses every email we send. It must mark nobody's address as dead, and
must not go on all day: after three refusals in the same words to different people within an hour, the kind
waits for an hour, and the owner is told.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from practice.mail.kinds import KINDS
from practice.mail.post import post
from practice.models import Letter, User

WITHIN = timedelta(hours=1)
SEVERAL = 3
LONGEST = 120
TOLD = "mail_refused"

#: RFC 3463: no such recipient. 5.2.1 is a mailbox that takes nothing, which counts only if it says for good.
DEAD = {"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10"}
ENHANCED = re.compile(r"^(\d\.\d{1,3}\.\d{1,3})(?![\d.])")
FULL = re.compile(r"\b(mailbox|quota|storage)\b.*\b(full|exceeded|limit)\b|\bover ?quota\b", re.I)
RECIPIENT = re.compile(r"\b(user|mailbox|recipient|account)\b", re.I)
ABSENT = re.compile(
    r"\bunknown\b|\b(does not|doesn.?t|did not|didn.?t) exist\b|\bno such\b|\bnot found\b|\bno mailbox\b",
    re.I,
)
OURS = re.compile(r"\bsender\b|\bfrom address\b", re.I)


def is_dead(code: int, words: str) -> bool:
    """Return whether this answer proves that the recipient does not exist. `words`: without the code."""
    found = ENHANCED.match(words)
    if found:
        closed = found[1] == "5.2.1" and "disabled" in words.lower()
        return found[1] in DEAD or closed
    about_them = bool(RECIPIENT.search(words) and ABSENT.search(words)) and not OURS.search(words)
    return code in (550, 553) and about_them


def is_full(words: str) -> bool:
    """Return whether the mailbox exists and cannot take anything just now."""
    found = ENHANCED.match(words)
    return found[1] == "5.2.2" if found else bool(FULL.search(words))


def wording(code: int, words: str) -> str:
    """Return a refusal as it reads to anybody: without addresses, numbers and names of servers."""
    plain = re.sub(r"\S+@\S+|\S*\d\S*|<[^>]*>", " ", words.lower())
    return f"{code} {' '.join(plain.split())}"[:LONGEST]


def stopped_until(kind: str, now: datetime) -> datetime | None:
    """Return until when nothing of this kind is tried; None: it may go."""
    lately = Letter.objects.filter(kind=kind, refused_at__gt=now - WITHIN, refused_at__lte=now)
    groups = (
        lately.order_by()
        .values("refusal")
        .annotate(people=Count("to_address", distinct=True), last=Max("refused_at"))
    )
    ends = [group["last"] + WITHIN for group in groups if group["people"] >= SEVERAL]
    return max(ends, default=None)


def tell_owner(letter: Letter, *, said: str, now: datetime) -> None:
    """Write to the owner once for each stop of a kind, if this refusal caused it. `said`: the answer."""
    until = stopped_until(letter.kind, now)
    if until is None or letter.kind == TOLD or letter.kind not in KINDS:
        return
    which = salted_hmac("practice.refusals", letter.refusal).hexdigest()[:12]
    for owner in User.objects.owners():
        post(
            TOLD,
            key=f"refused:{letter.kind}:{which}:{now:%Y%m%dT%H}:{owner.pk}",
            to=owner,
            context={
                "first_name": owner.first_name,
                "said": said,
                "several": SEVERAL,
                "act_url": f"{settings.SITE_URL}{reverse('workspace_letters')}?show=wrong",
                "act_words": _("See the failed emails"),
                "why": _("You’re receiving this because you own the practice."),
            },
            now=now,
        )
