"""Times in the names of rows, which the back office shows."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

from practice.core.formatting import moment


def moment_of(instant: datetime) -> str:
    """Return an instant on the clock in use, named: the practice's in the back office, else UTC."""
    zone = timezone.get_current_timezone()
    known = zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")
    return moment(instant, known, name_zone=True, year=True)
