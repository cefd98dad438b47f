"""The check of the portal for the owner's page: recordings that wait or could not be used."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.models import RecordingUpload
from portal.queries import uploads_in_trouble
from practice.health.findings import Finding, State

#: Longer than any one recording is worked on, twice.
TOO_LONG = timedelta(hours=1)
UNDER_WAY = (RecordingUpload.State.WAITING, RecordingUpload.State.WORKING)


def recordings(now: datetime) -> Finding:
    """Say whether a recording was refused, or waits for longer than an hour."""
    stuck = Q(state__in=UNDER_WAY, created_at__lt=now - TOO_LONG)
    wrong = stuck | Q(pk__in=uploads_in_trouble().values("pk"))
    oldest = RecordingUpload.objects.filter(wrong).order_by("created_at", "pk").first()
    if oldest is None:
        return Finding("none waits", _("No recording is waiting."))
    return Finding(
        "a recording waits or was refused",
        _("A recording is waiting or could not be used."),
        State.ATTENTION,
        _("Its page says why. Clients hear the recording from before until then."),
        since=oldest.created_at,
        page="workspace_lessons",
        link=_("Open lessons"),
    )
