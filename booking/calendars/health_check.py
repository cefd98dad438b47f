"""The check of other calendars, for the health page and the owner's."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from booking.calendars.queries import not_read
from practice.health.findings import Finding, State


def calendars(now: datetime) -> Finding:
    """Say whether every other calendar was read within a day; never red, since its owner is told."""
    silent = list(not_read(now=now)[:100])
    if not silent:
        return Finding("are read", _("Other calendars are read."))
    return Finding(
        f"{len(silent)} not read for a day",
        _("A calendar of yours can’t be read, so clients can book over what is in it."),
        State.ATTENTION,
        _("The calendars page says why, and since when."),
        since=silent[0].silent_since,  # type: ignore[attr-defined]
        page="workspace_calendars",
        link=_("Other calendars"),
    )
