"""The models of booking. Import them from here."""

from booking.models.appointment import (
    Appointment,
    AppointmentChange,
    AppointmentQuerySet,
    IdempotencyKey,
    sealed_at,
)
from booking.models.appointment_states import attended_filter
from booking.models.availability_version import AvailabilityVersion
from booking.models.blocked import BlockedTime
from booking.models.imported import BusyTime, CalendarFeed, ImportedCalendar
from booking.models.imports import Import, ImportRow
from booking.models.intake import Intake, IntakeQuestion
from booking.models.offering import Closure, OpeningHours, Place, SessionType
from booking.models.packages import Package, PackageUse
from booking.models.payments import LedgerEntry, Receipt
from booking.models.waitlist import Offer, WaitlistEntry

__all__ = [
    "Appointment",
    "AppointmentChange",
    "AppointmentQuerySet",
    "AvailabilityVersion",
    "BlockedTime",
    "BusyTime",
    "CalendarFeed",
    "Closure",
    "IdempotencyKey",
    "Import",
    "ImportRow",
    "ImportedCalendar",
    "Intake",
    "IntakeQuestion",
    "LedgerEntry",
    "Offer",
    "OpeningHours",
    "Package",
    "PackageUse",
    "Place",
    "Receipt",
    "SessionType",
    "WaitlistEntry",
    "attended_filter",
    "sealed_at",
]
