"""Rules for whose days, calendars and clients somebody at work sees.

Whose record they may open is another question (`portal/records/access.py`). How much each role reaches is in
`practice/access/roles.py`; here is only which rows are somebody's own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404

from booking.models import (
    Appointment,
    AppointmentChange,
    AppointmentQuerySet,
    BlockedTime,
    Closure,
    attended_filter,
)
from booking.wording import note_of
from practice.access import rows
from practice.core import clock
from practice.models import Practitioner, User
from practice.queries import practice_zone, the_practice
from practice.search.queries import best_matches, people_matching

State = Appointment.State
FEW = 2000  # people whose words are looked up one by one
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
    if rows.may_all(user, "appointments"):
        theirs = Appointment.objects.filter(client=OuterRef("pk")).without_holds()
        return User.objects.filter(Q(role=User.Role.CLIENT) | Exists(theirs), merged_into=None)
    if not rows.may(user, "appointments"):
        return User.objects.none()
    attended, booked = sessions_that_introduce(user)
    is_client = Exists(attended.filter(client=OuterRef("pk")))
    has_booked = Exists(booked.filter(correspondent=OuterRef("pk")))
    return User.objects.filter(is_client | has_booked).exclude(pk=user.pk)


def sessions_that_introduce(user: User) -> tuple[AppointmentQuerySet, AppointmentQuerySet]:
    """Return the sessions by which a practitioner knows their client, and those by which the booker."""
    own = Appointment.objects.filter(practitioner__user=user).without_holds()
    return own.exclude(unconfirmed_claims()), own.filter(confirmed_at__isnull=False)


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


def clients_found(user: User, words: str, *, count: int) -> list[User]:
    """Return the first clients `user` sees whose name, address or phone number begins with `words`."""
    people = clients_seen_by(user).select_related("correspondent")
    region = the_practice().region
    return best_matches(people, words, region=region, count=count, among=_known_few(user))


def _known_few(user: User) -> set[int] | None:
    """Return the ids of the people a practitioner knows; None for those who know all, or very many."""
    if rows.may_all(user, "appointments") or not rows.may(user, "appointments"):
        return None
    attended, booked = sessions_that_introduce(user)
    found: set[int] = set()
    for sessions, whose in ((attended, "client"), (booked, "correspondent")):
        pks = sessions.filter(**{f"{whose}__isnull": False}).order_by().values_list(whose, flat=True)
        found.update(pks.distinct()[: FEW + 1])
    return found if len(found) <= FEW else None


def people_named(people: QuerySet[User], words: str) -> QuerySet[User]:
    """Return people whose name, address or phone number has these words, however they are written."""
    return people_matching(people, words, region=the_practice().region)


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


def reads_why_blocked(user: User, blocked: BlockedTime) -> bool:
    """Return whether somebody reads why a time is blocked: its practitioner, the owner, and who wrote it."""
    if rows.may_all(user, "reasons") or blocked.made_by_id == user.pk:
        return True
    return rows.may(user, "records") and blocked.practitioner.user_id == user.pk


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
