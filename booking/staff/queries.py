"""Reads of the people who work here."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from booking.models import Appointment
from practice.access.roles import AT_WORK
from practice.models import Practitioner, User


def staff() -> QuerySet[User]:
    """Return everybody with a role at work, first those whose account is open."""
    found = User.objects.filter(role__in=AT_WORK).select_related("practitioner__room")
    return found.order_by("-is_active", "name", "pk")


def practitioner_of(user: User) -> Practitioner | None:
    """Return somebody's row as a practitioner, or None."""
    return Practitioner.objects.filter(user=user).select_related("room").first()


def booked_with(practitioner: Practitioner, *, now: datetime) -> QuerySet[Appointment]:
    """Return the sessions ahead with a practitioner, the next first."""
    found = Appointment.objects.not_ended(now).filter(practitioner=practitioner)
    return found.select_related("session_type").order_by("starts_at", "pk")
