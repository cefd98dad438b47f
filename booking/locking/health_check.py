"""The check of the overlap guard, for the health page and the owner's."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from booking.locking import overlap_guard
from practice.health.findings import Finding, State


def no_overlap(now: datetime) -> Finding:
    """Check that the overlap guard is in the database."""
    if not overlap_guard.is_installed():
        return Finding(
            "The rule against overlapping appointments is missing. Run manage.py migrate.",
            _("The database no longer prevents double bookings."),
            State.DOWN,
            _("Ask the person who runs your server to run “manage.py migrate”. Check new bookings."),
        )
    return Finding("stands", _("The database prevents double bookings."))
