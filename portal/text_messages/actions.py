"""Confirm a number, and plan the texts of sessions that are booked already."""

from __future__ import annotations

from datetime import datetime

from booking.owner_settings.actions.resync_reminders import plan_texts
from practice.models import User
from practice.texting.actions import consent


def confirm_number(client: User, code: str, *, now: datetime) -> bool:
    """Confirm the client's number with the code that was texted to it; return whether the code was right."""
    if consent.confirm(client, code, now=now) is None:
        return False
    plan_texts(client, now=now)
    return True


def choose_way(client: User, way: str, *, now: datetime) -> None:
    """Set how reminders come, from the next one on."""
    consent.set_way(client, way)
    plan_texts(client, now=now)
