"""Refusals by a server that are about us: several of them stop a kind of email for a while.

One morning with a broken DNS record refuses every email we send. It must mark nobody's address as dead, and
must not go on all day: after three refusals in the same words to different people within an hour, the kind
waits for an hour, and the owner is told.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _  # worded in the reader’s language, by `render`

from practice.mail.kinds import KINDS
from practice.mail.post import post
from practice.models import Letter, User

WITHIN = timedelta(hours=1)
SEVERAL = 3
TOLD = "mail_refused"


def stopped_until(letter: Letter, now: datetime) -> datetime | None:
    """Return until when nothing of this kind is tried on its channel; None: it may go."""
    lately = Letter.objects.filter(
        kind=letter.kind, channel=letter.channel, refused_at__gt=now - WITHIN, refused_at__lte=now
    )
    groups = (
        lately.order_by()
        .values("refusal")
        .annotate(people=Count("to_address", distinct=True), last=Max("refused_at"))
    )
    ends = [group["last"] + WITHIN for group in groups if group["people"] >= SEVERAL]
    return max(ends, default=None)


def tell_owner(letter: Letter, *, said: str, now: datetime) -> None:
    """Write to the owner once for each stop of a kind, if this refusal caused it. `said`: the answer."""
    until = stopped_until(letter, now)
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
                "by_text": letter.channel == Letter.Channel.TEXT,
                "act_url": f"{settings.SITE_URL}{reverse('workspace_letters')}?show=wrong",
                "act_words": _("See the failed emails"),
                "why": _("You’re receiving this because you own the practice."),
            },
            now=now,
        )
