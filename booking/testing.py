"""Builders for tests: session types, opening hours and appointments."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from booking.models import Appointment, OpeningHours, Place, SessionType
from practice.models import Practitioner, User


def make_session_type(*practitioners: Practitioner, **fields: Any) -> SessionType:
    """Make a 60-minute type without buffers, notice or limits, bookable for a year."""
    fields = {
        "slug": "session",
        "name": "Session",
        "minutes": 60,
        "price_cents": 9500,
        "step": 60,
        "notice_hours": 0,
        "horizon_days": 365,
        **fields,
    }
    kind = SessionType.objects.create(**fields)
    kind.practitioners.set(practitioners)
    return kind


def open_every_day(practitioner: Practitioner, opens: str = "09:00", closes: str = "17:00") -> None:
    """Set the same opening hours on all seven days."""
    OpeningHours.objects.bulk_create(
        OpeningHours(
            practitioner=practitioner,
            weekday=weekday,
            opens=dt.time.fromisoformat(opens),
            closes=dt.time.fromisoformat(closes),
            past_midnight=closes <= opens and closes != "00:00",
        )
        for weekday in range(7)
    )


def make_appointment(
    *,
    session_type: SessionType,
    practitioner: Practitioner,
    start: dt.datetime,
    client: User | None,
    **fields: Any,
) -> Appointment:
    """Make an appointment as its signed-in client would have, as a row without checking any rule."""
    minutes, place = fields.pop("minutes", session_type.minutes), fields.pop("place", session_type.place)
    return Appointment.objects.create(
        **{
            "session_type": session_type,
            "practitioner": practitioner,
            "room": practitioner.room if place == Place.PRACTICE else None,
            "place": place,
            "client": client,
            "attendee_name": client.name if client else "",
            "starts_at": start,
            "ends_at": start + dt.timedelta(minutes=minutes),
            "minutes": minutes,
            "state": Appointment.State.BOOKED,
            "price_cents": session_type.price_cents,
            "confirmed_at": timezone.now() if client else None,
            **fields,
        }
    )
