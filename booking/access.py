"""Rules for whose days, calendars and clients somebody at work sees.

Whose record they may open is another question (`portal/records/access.py`). How much each role reaches is in
`practice/access/roles.py`; here is only which rows are somebody's own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Exists, Func, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Replace
from django.http import Http404

from booking.models import Appointment, AppointmentChange, Closure, attended_filter
from booking.wording import note_of
from practice.access import rows
from practice.core import clock
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice

State = Appointment.State
FEWEST_DIGITS, MOST_DIGITS = 3, 9
PHONE_SIGNS = frozenset("0123456789+-.()/ ")
A_MONTH = timedelta(days=30.5)


def practitioners_for(user: User) -> list[Practitioner]:
    """Return whose days somebody sees: a practitioner their own; the owner and the front desk all."""
    everybody = Practitioner.objects.select_related("user")
    if rows.may_all(user, "appointments"):
        return list(everybody)
    return list(everybody.filter(user=user)) if rows.may(user, "appointments") else []


def keeps_calendars_of(user: User, practitioner: Practitioner) -> bool:
    """Return whether somebody keeps these calendars: the owner all, a practitioner their own."""
    if rows.may_all(user, "calendars", "change"):
        return True
    return rows.may(user, "calendars", "change") and practitioner.user_id == user.pk


def clients_seen_by(user: User) -> QuerySet[User]:
    """Return the clients somebody at work knows by name: owner and front desk all, a practitioner their own.

    A booking under the address of a known person, which that person has not confirmed, makes nobody an own
    client: otherwise anybody who types an address would learn whose it is. A booker for an own client is
    known once they confirmed the booking.
    """
    theirs = Appointment.objects.filter(client=OuterRef("pk")).without_holds()
    if rows.may_all(user, "appointments"):
        return User.objects.filter(Q(role=User.Role.CLIENT) | Exists(theirs))
    if not rows.may(user, "appointments"):
        return User.objects.none()
    named = theirs.filter(practitioner__user=user).exclude(unconfirmed_claims())
    booked = Appointment.objects.filter(correspondent=OuterRef("pk"), confirmed_at__isnull=False)
    booked = booked.without_holds().filter(practitioner__user=user)
    return User.objects.filter(Exists(named) | Exists(booked)).exclude(pk=user.pk)


def unconfirmed_claims() -> Q:
    """Return the filter for unconfirmed claims: booked by somebody who may not read the client's record."""
    return Q(is_claim=True, confirmed_at=None)


def opening(now: datetime) -> Q:
    """Return the filter for appointments that open their client's record to the practitioner now.

    A session that takes place, from its beginning and for the practice's months after it; a future one that
    its client confirmed. None while nobody has said whose it is. See `docs/roles.md`.
    """
    since = now - A_MONTH * the_practice().record_months
    ahead = Q(state=State.BOOKED, confirmed_at__isnull=False, ends_at__gt=now)
    return ((attended_filter(now) & Q(starts_at__gt=since) & ~unconfirmed_claims()) | ahead) & Q(
        attendee_unclear=False
    )


def clients_named(user: User, words: str) -> QuerySet[User]:
    """Return the clients `user` sees whose name, address or phone number contains `words`."""
    return people_named(clients_seen_by(user), words).select_related("correspondent")


def people_named(people: QuerySet[User], words: str) -> QuerySet[User]:
    """Return people whose name, address or phone number contains `words`, however the number is written."""
    found = Q(name__icontains=words) | Q(email__icontains=words)
    digits = "".join(sign for sign in words if sign.isdecimal() and sign.isascii())
    if len(digits) < FEWEST_DIGITS or not set(words) <= PHONE_SIGNS:
        return people.filter(found)
    # The last digits only: a number may be written with or without the country's code.
    return people.alias(digits=digits_of("phone")).filter(found | Q(digits__contains=digits[-MOST_DIGITS:]))


def digits_of(field: str) -> Func:
    """Return a database expression for a phone number without the signs between its digits."""
    bare: Func = Cast(field, CharField())
    for sign in "+-.()/ ":
        bare = Replace(bare, Value(sign), Value(""))
    return bare


def reads_reasons_of(user: User, appointment: Appointment) -> bool:
    """Return whether somebody reads why a rule was passed: the session's practitioner and the owner do."""
    if rows.may_all(user, "reasons"):
        return True
    return rows.may(user, "records") and appointment.practitioner.user_id == user.pk


def reads_why_closed(user: User, closure: Closure) -> bool:
    """Return whether somebody reads why a day is closed: the practitioner of that day and the owner do."""
    if rows.may_all(user, "reasons"):
        return True
    whose = closure.practitioner
    return rows.may(user, "records") and whose is not None and whose.user_id == user.pk


def reason_for(user: User, change: AppointmentChange) -> str:
    """Return a change's note for a reader who may read it, or who wrote it; else ""."""
    own = change.by_id is not None and change.by_id == user.pk
    names_only = change.what == AppointmentChange.What.HANDED_OVER
    if names_only or own or reads_reasons_of(user, change.appointment):
        return note_of(change, locale=the_practice().locale)
    return ""


def zone_at_work(user: User) -> ZoneInfo:
    """Return the zone the day is shown in: the practitioner's own, or the practice's."""
    own = Practitioner.objects.filter(user=user).first()
    return clock.zone_named(own.zone) if own else practice_zone(the_practice())


def appointment_seen_by(user: User, uid: Any) -> Appointment:
    """Return the appointment, if it is on a day this person sees; 404 for all others."""
    found = (
        Appointment.objects.select_related(
            "session_type", "practitioner__user", "client", "correspondent", "room"
        )
        .filter(uid=uid, practitioner__in=practitioners_for(user))
        .without_holds()
        .first()
    )
    if found is None:
        raise Http404
    return found
