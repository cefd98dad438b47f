"""Whose record somebody at work may open: notes, practice, noticings, pain, questions. Strangers get 404."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from booking.models import Appointment
from portal.models import Assignment
from practice.models import User

NOBODY_YET = (Appointment.State.HELD, Appointment.State.RELEASED)


def records_of(user: User) -> QuerySet[User]:
    """The clients whose record this person may open, by name.

    The owner: everybody who is or was a client. A practitioner: who has or had an appointment with them, or
    was given something by them. The front desk and clients themselves: nobody.
    """
    if user.is_superuser:
        return User.objects.filter(Q(role=User.Role.CLIENT) | Exists(_appointments()))
    if not user.is_staff or user.role != User.Role.PRACTITIONER:
        return User.objects.none()
    given = Assignment.objects.filter(client=OuterRef("pk"), assigned_by__user=user)
    return User.objects.filter(Exists(_appointments().filter(practitioner__user=user)) | Exists(given))


def _appointments() -> QuerySet[Appointment]:
    return Appointment.objects.filter(client=OuterRef("pk")).exclude(state__in=NOBODY_YET)


def may_open(user: User, client: User) -> bool:
    """Whether somebody at work may open this client's record."""
    return records_of(user).filter(pk=client.pk).exists()


def sees_records(user: User) -> bool:
    """Whether somebody at work sees health words at all: the owner and practitioners, not the front desk."""
    return user.is_staff and user.role in (User.Role.OWNER, User.Role.PRACTITIONER)


def client_for(user: User, pk: int) -> User:
    """The client of that id, for somebody who may open their record. Raises Http404 as if there were none."""
    found = records_of(user).filter(pk=pk).first()
    if found is None:
        raise Http404("no such client for you")
    return found
