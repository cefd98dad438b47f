"""Whose day somebody at work sees, whose calendars they keep, whom they find to book for.

Whose record they may open is another question.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from booking.models import Appointment
from practice.models import Practitioner, User

NOBODY_YET = (Appointment.State.HELD, Appointment.State.RELEASED)


def practitioners_for(user: User) -> list[Practitioner]:
    """Whose day somebody sees: a practitioner their own; the owner and the front desk everybody's."""
    everybody = Practitioner.objects.select_related("user")
    if user.role == User.Role.PRACTITIONER:
        return list(everybody.filter(user=user))
    return list(everybody)


def keeps_calendars_of(user: User, practitioner: Practitioner) -> bool:
    """Whether somebody keeps this one's calendars: the owner everybody's, a practitioner their own."""
    own = user.role == User.Role.PRACTITIONER and practitioner.user_id == user.pk
    return own or user.role == User.Role.OWNER


def clients_seen_by(user: User) -> QuerySet[User]:
    """The clients somebody at work finds by name: a practitioner own ones, owner and front desk everybody."""
    theirs = Appointment.objects.filter(client=OuterRef("pk")).exclude(state__in=NOBODY_YET)
    if user.role == User.Role.PRACTITIONER:
        return User.objects.filter(Exists(theirs.filter(practitioner__user=user)))
    return User.objects.filter(Q(role=User.Role.CLIENT) | Exists(theirs))


def clients_called(user: User, words: str) -> QuerySet[User]:
    """Of these, who is called so or has an address like it."""
    return clients_seen_by(user).filter(Q(name__icontains=words) | Q(email__icontains=words))
