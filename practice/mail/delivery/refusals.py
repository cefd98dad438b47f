"""Refusals by a server that are about us: several of them stop a kind of email for a while.

One morning with a broken DNS record refuses every email we send. It must mark nobody's address as dead, and
must not go on all day: after three refusals in the same words to different people within an hour, the kind
waits for an hour, and the owner is told.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _  # worded in the reader’s language, by `render`

from practice.mail.kinds import KINDS
from practice.mail.post import post
from practice.models import Letter, User
from practice.models.written_queries import WrittenOnce
from practice.queries import read_once

WITHIN = timedelta(hours=1)
SEVERAL = 3
TOLD = "mail_refused"
#: How many refusals this process has noted.
_noted = {"refusals": 0}
#: (people, last) of each wording; asked for every email that leaves.
_GROUPS = WrittenOnce(
    lambda kind, channel, since, until: (
        Letter.objects.filter(kind=kind, channel=channel, refused_at__gt=since, refused_at__lte=until)
        .order_by()
        .values("refusal")
        .annotate(people=Count("to_address", distinct=True), last=Max("refused_at"))
        .values_list("people", "last")
    ),
    kind="a-kind",
    channel="a-channel",
    since=datetime(1901, 2, 3, tzinfo=UTC),
    until=datetime(1901, 2, 4, tzinfo=UTC),
)


def stopped_until(letter: Letter, now: datetime) -> datetime | None:
    """Return until when nothing of this kind is tried on its channel; None: it may go.

    The same for many emails, so it is read once a second, and again after a refusal that this process notes.
    """

    def read() -> datetime | None:
        lately = _GROUPS.all(kind=letter.kind, channel=letter.channel, since=now - WITHIN, until=now)
        return max((last + WITHIN for people, last in lately if people >= SEVERAL), default=None)

    return read_once(("refusals", letter.kind, letter.channel, _noted["refusals"]), read)


def tell_owner(letter: Letter, *, said: str, now: datetime) -> None:
    """Write to the owner once for each stop of a kind, if this refusal caused it. `said`: the answer."""
    _noted["refusals"] += 1
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
