"""Removing accounts that somebody signed up for and never confirmed."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress, EmailConfirmation
from django.db.models import Exists, OuterRef, QuerySet

from booking.models import Appointment
from portal.erasure.actions.erase import NotErased, erase
from portal.erasure.person import person_of
from portal.erasure.table import TABLE
from practice.models import Letter, SearchWord, User
from practice.queries import in_batches
from practice.retention.periods import UNCONFIRMED

#: What signing up alone leaves.
OF_SIGNING_UP = {User, EmailAddress, EmailConfirmation, Letter, SearchWord}


def forget_unconfirmed(now: dt.datetime, *, dry: bool = False) -> int:
    """Erase accounts never confirmed that have nothing else here, and return how many."""
    found = [
        user
        for some in in_batches(never_confirmed(now=now), "created_at")
        for user in _without_sessions(some)
        if has_nothing_else(user)
    ]
    return len(found) if dry else sum(_erased(user, now=now) for user in found)


def _without_sessions(some: list[User]) -> list[User]:
    """Return those who never booked: the others stay, and are not looked for in all tables every hour."""
    booked = Appointment.objects.filter(client__in=[one.pk for one in some]).values_list("client", flat=True)
    have = set(booked.order_by().distinct())
    return [one for one in some if one.pk not in have]


def never_confirmed(*, now: dt.datetime) -> QuerySet[User]:
    """Return old enough clients with only unconfirmed addresses, as whom nobody ever signed in."""
    addresses = EmailAddress.objects.filter(user=OuterRef("pk"))
    return User.objects.clients().filter(
        Exists(addresses),
        ~Exists(addresses.filter(verified=True)),
        last_login=None,
        merged_into=None,
        created_at__lt=now - UNCONFIRMED,
    )


def has_nothing_else(user: User) -> bool:
    """Return whether signing up is all they did."""
    person = person_of(user)
    return not any(line.rows(person).exists() for line in TABLE if line.model not in OF_SIGNING_UP)


def _erased(user: User, *, now: dt.datetime) -> bool:
    try:
        erase(user, now=now)
    except NotErased:  # an email is on its way: in an hour
        return False
    return True
