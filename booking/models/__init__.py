"""The rows of booking. Import models from here."""

from booking.models.appointment import Appointment, AppointmentChange, IdempotencyKey
from booking.models.offering import Closure, OpeningHours, SessionType

__all__ = ["Appointment", "AppointmentChange", "Closure", "IdempotencyKey", "OpeningHours", "SessionType"]
