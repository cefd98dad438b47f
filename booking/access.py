"""Whom somebody at work finds to book for. Whose record they may open is another question."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from booking.models import Appointment
from practice.models import User

NOBODY_YET = (Appointment.State.HELD, Appointment.State.RELEASED)


def clients_seen_by(user: User) -> QuerySet[User]:
    """The clients somebody at work finds by name: a practitioner own ones, owner and front desk everybody."""
    theirs = Appointment.objects.filter(client=OuterRef("pk")).exclude(state__in=NOBODY_YET)
    if user.role == User.Role.PRACTITIONER:
        return User.objects.filter(Exists(theirs.filter(practitioner__user=user)))
    return User.objects.filter(Q(role=User.Role.CLIENT) | Exists(theirs))


def clients_called(user: User, words: str) -> QuerySet[User]:
    """Of these, who is called so or has an address like it."""
    return clients_seen_by(user).filter(Q(name__icontains=words) | Q(email__icontains=words))
