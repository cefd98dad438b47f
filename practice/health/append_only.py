"""The check of the rows that are only added, for the health page and the owner's."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from practice.append_only import guard
from practice.append_only.door import left_open
from practice.health.findings import Finding, State


def append_only(now: datetime) -> Finding:
    """Check that the access log and the ledgers can only be added to."""
    if missing := guard.missing():
        return Finding(
            f"The rule that logs only grow is missing ({', '.join(missing)}). Run manage.py migrate.",
            _("The database no longer protects its logs."),
            State.DOWN,
            _("Ask the person who runs your server to run “manage.py migrate”."),
        )
    if left_open():
        return Finding(
            "The door to logs that only grow was left open. Run manage.py check.",
            _("The protection of the logs was switched off and not on again."),
            State.DOWN,
            _("Ask the person who runs your server to run “manage.py check”: it says what to do."),
        )
    return Finding("stands", _("The database protects its logs."))
