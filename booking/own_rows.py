"""The rule for which rows of booking are somebody's own, for `practice/access/rows.py`."""

from __future__ import annotations

from django.db.models import Q

from booking.access import clients_seen_by
from booking.models import (
    Appointment,
    AppointmentChange,
    BlockedTime,
    BusyTime,
    CalendarFeed,
    Closure,
    ImportedCalendar,
    LedgerEntry,
    Offer,
    OpeningHours,
    Package,
    PackageUse,
    Receipt,
    SessionType,
    WaitlistEntry,
)
from practice.access import rows
from practice.access.roles import Verb
from practice.models import SearchWord, User


def register() -> None:
    """Register the rules. Called once, when the app is ready."""
    rows.register(User, _people)
    rows.register(SearchWord, lambda user, verb: Q(user__in=User.objects.filter(_people(user, verb))))
    rows.register(Appointment, rows.owned_by("practitioner__user"))
    rows.register(AppointmentChange, rows.owned_by("appointment__practitioner__user"))
    rows.register(OpeningHours, rows.owned_by("practitioner__user"))
    rows.register(Closure, _closures)
    rows.register(BlockedTime, rows.owned_by("practitioner__user"))
    rows.register(ImportedCalendar, rows.owned_by("practitioner__user"))
    rows.register(BusyTime, rows.owned_by("calendar__practitioner__user"))
    rows.register(CalendarFeed, rows.owned_by("owner"))
    rows.register(WaitlistEntry, _wishes)
    rows.register(Offer, rows.owned_by("appointment__practitioner__user"))
    rows.register(Package, lambda user, _verb: Q(client__in=clients_seen_by(user)))
    rows.register(PackageUse, lambda user, _verb: Q(package__client__in=clients_seen_by(user)))
    rows.register(LedgerEntry, _payments)
    rows.register(Receipt, rows.owned_by("appointment__practitioner__user"))


def _payments(user: User, _verb: Verb) -> Q:
    """Return what was paid for one's own sessions, and for packages of clients one knows."""
    return Q(appointment__practitioner__user=user) | Q(package__client__in=clients_seen_by(user))


def _people(user: User, verb: Verb) -> Q:
    """Return oneself and clients one knows by name; staff who are clients too change only their own row."""
    known = Q(pk__in=clients_seen_by(user).values("pk"))
    return Q(pk=user.pk) | (known & Q(role=User.Role.CLIENT) if verb == "change" else known)


def _closures(user: User, verb: Verb) -> Q:
    """Return one's own closed days; to see, also those of the whole practice."""
    own = Q(practitioner__user=user)
    return own if verb == "change" else own | Q(practitioner=None)


def _wishes(user: User, _verb: Verb) -> Q:
    """Return wishes for this practitioner, or for anybody of a type that they give."""
    offered = SessionType.objects.filter(practitioners__user=user).values("pk")
    return Q(practitioner__user=user) | Q(practitioner=None, session_type__in=offered)
