"""The check of the mailbox for bounces, for the health page and the owner's."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from practice.health.findings import Finding, State
from practice.mail_events.queries import unread_mailbox


def bounces(now: datetime) -> Finding:
    """Say whether the mailbox for bounces was read within a day; never red, since the owner is told."""
    if settings.BOUNCE_MAILBOX is None:
        return Finding("no mailbox is set", _("No mailbox for returned emails is set up."))
    unread = unread_mailbox(now)
    if unread is None:
        return Finding("are read", _("The mailbox for returned emails is read."))
    return Finding(
        "not read for a day",
        _("We can’t read the mailbox for bounced emails."),
        State.ATTENTION,
        _("The person who runs your server can correct it: the setting BOUNCE_MAILBOX."),
        since=unread.at,
    )
