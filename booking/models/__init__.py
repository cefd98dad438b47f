"""The models of booking. Import them from here."""

from booking.models.appointment import Appointment, AppointmentChange, IdempotencyKey, sealed_at
from booking.models.imported import BusyTime, CalendarFeed, ImportedCalendar
from booking.models.intake import Intake, IntakeQuestion
from booking.models.offering import Closure, OpeningHours, Place, SessionType
from booking.models.packages import Package, PackageUse
from booking.models.waitlist import Offer, WaitlistEntry

__all__ = [
    "Appointment",
    "AppointmentChange",
    "BusyTime",
    "CalendarFeed",
    "Closure",
    "IdempotencyKey",
    "ImportedCalendar",
    "Intake",
    "IntakeQuestion",
    "Offer",
    "OpeningHours",
    "Package",
    "PackageUse",
    "Place",
    "SessionType",
    "WaitlistEntry",
    "sealed_at",
]
