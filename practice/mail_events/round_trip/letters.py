"""The email that the site sends to itself."""

from __future__ import annotations

from datetime import datetime

from practice.mail.composing.headers import message_id
from practice.mail.composing.render import render
from practice.mail.post import Recipient, post
from practice.mail_events.round_trip.marks import mark_of
from practice.mail_events.round_trip.queries import KIND
from practice.models import Letter, User
from practice.queries import the_practice


def to_ourselves(address: str, *, now: datetime) -> Letter | None:
    """Plan the email to this address of ours; None if nothing can be sent there.

    Its key, and so its Message-ID, names the instant: after a restored backup it is none that went before,
    which some mailboxes would drop as a copy.
    """
    key = f"{KIND}:{now:%Y%m%dT%H%M%S.%f}"
    owner, practice = User.objects.owners().order_by("pk").first(), the_practice()
    words = render(
        KIND,
        {"sender": "", "mark": mark_of(message_id(key))},
        language=(owner.language if owner else "") or practice.language,
    )
    reader = Recipient(practice.name, address)
    return post(KIND, key=key, to=reader, context={}, words=words, now=now)
