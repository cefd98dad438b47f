"""What is measured of booking and lessons: bookings of the last hour, and recordings that wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from booking.models import AppointmentChange
from portal.models import RecordingUpload
from practice.observability.measures import Measure, Reading

HOUR = timedelta(hours=1)
UNDER_WAY = (RecordingUpload.State.WAITING, RecordingUpload.State.WORKING)


def bookings(now: datetime) -> Reading:
    """Return how many appointments were booked or requested in the last hour."""
    yield "", AppointmentChange.objects.filter(at__gt=now - HOUR, what__in=AppointmentChange.MADE).count()


def recordings(now: datetime) -> Reading:
    """Return how many recordings wait or are being prepared."""
    yield "", RecordingUpload.objects.filter(state__in=UNDER_WAY).count()


MEASURES = (
    Measure("portal_bookings_last_hour", "Appointments booked or requested in the last hour.", bookings),
    Measure("portal_recordings_waiting", "Recordings that wait or are being prepared.", recordings),
)
