"""The check of the last good backup, for the health page and the owner's."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from practice.backup import heartbeats
from practice.health.findings import Finding, State


def last_backup(now: datetime) -> Finding:
    """Check that the last good backup is not too old, where backups are set up."""
    if not settings.BACKUP_TO:
        return Finding("are not set up", _("No backups are set up here."))
    state = heartbeats.state()
    why = " The last try failed: the log says why." if state.failure else ""
    age = f"{int((now - state.made).total_seconds() // 3600)} h" if state.made else ""
    if state.needs_a_person(now):
        made = f"The last good backup is {age} old." if age else "No backup was ever made."
        return Finding(
            made + why,
            _("The last backup is too old.") if state.made else _("No backup was ever made."),
            State.DOWN,
            _("Ask the person who runs your server to run “manage.py backup”: it says what is wrong."),
            since=state.made,
        )
    if not age:
        return Finding("the first one is due", _("The first backup is made within minutes."))
    return Finding(f"the last one is {age} old.{why}", _("Backups are made."))
