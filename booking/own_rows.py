"""Which rows of booking are somebody's own, for `practice/access/rows.py`."""

from __future__ import annotations

from django.db.models import Q

from booking.access import clients_seen_by
from booking.models import (
    Appointment,
    AppointmentChange,
    BusyTime,
    CalendarFeed,
    Closure,
    ImportedCalendar,
    Offer,
    OpeningHours,
    Package,
    PackageUse,
    SessionType,
    WaitlistEntry,
)
from practice.access import rows
from practice.access.roles import Verb
from practice.models import User


def register() -> None:
    """Called once, when the app is ready."""
    rows.register(User, _people)
    rows.register(Appointment, rows.by("practitioner__user"))
    rows.register(AppointmentChange, rows.by("appointment__practitioner__user"))
    rows.register(OpeningHours, rows.by("practitioner__user"))
    rows.register(Closure, _closures)
    rows.register(ImportedCalendar, rows.by("practitioner__user"))
    rows.register(BusyTime, rows.by("calendar__practitioner__user"))
    rows.register(CalendarFeed, rows.by("owner"))
    rows.register(WaitlistEntry, _wishes)
    rows.register(Offer, rows.by("appointment__practitioner__user"))
    rows.register(Package, lambda user, _verb: Q(client__in=clients_seen_by(user)))
    rows.register(PackageUse, lambda user, _verb: Q(package__client__in=clients_seen_by(user)))


def _people(user: User, verb: Verb) -> Q:
    """Oneself, and the clients one knows by name; a colleague who comes as a client changes their own row."""
    known = Q(pk__in=clients_seen_by(user).values("pk"))
    return Q(pk=user.pk) | (known & Q(role=User.Role.CLIENT) if verb == "change" else known)


def _closures(user: User, verb: Verb) -> Q:
    """One's own closed days; those of the whole practice are seen."""
    own = Q(practitioner__user=user)
    return own if verb == "change" else own | Q(practitioner=None)


def _wishes(user: User, _verb: Verb) -> Q:
    """Who waits for a time with this one, or with anybody of a type that this one gives."""
    offered = SessionType.objects.filter(practitioners__user=user).values("pk")
    return Q(practitioner__user=user) | Q(practitioner=None, session_type__in=offered)
