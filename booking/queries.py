"""Reads of booking. Each is one query, and reads a window of time, never the whole history."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery

from booking.availability.engine.audience import AskerStatus, admits
from booking.models import (
    Appointment,
    AppointmentQuerySet,
    BlockedTime,
    BusyTime,
    Closure,
    Intake,
    OpeningHours,
    SessionType,
)
from booking.models.seconds import Seconds
from practice.core.clock import zone_named
from practice.models import Consent, Practice, Practitioner, User
from practice.queries import WrittenOnce

# No session is longer than half a day, and no buffer longer than a day: a session that begins further away
# does not reach into a window. It also covers the days at the window's ends, for daily limits in any zone.
REACH = timedelta(days=2)


def public_types() -> QuerySet[SessionType]:
    """Return active session types with a public page; types that only staff book have none."""
    return SessionType.objects.filter(is_active=True).exclude(who=SessionType.Who.STAFF)


def given_types() -> list[SessionType]:
    """Return public types that somebody gives, in the practice's order, for any asker."""
    return list(_given(public_types()).prefetch_related("practitioners__user"))


def bookable_types(asker: AskerStatus = "unknown") -> list[SessionType]:
    """Return types that `asker` may book, in the practice's order."""
    return [kind for kind in given_types() if admits(kind.who, asker)]


def bookable_type(slug: str) -> SessionType | None:
    """Return the type with that slug, if somebody gives it; a rule may still refuse the asker."""
    return _given(public_types()).filter(slug=slug).first()


def _given(types: QuerySet[SessionType]) -> QuerySet[SessionType]:
    return types.filter(practitioners__is_bookable=True, practitioners__user__is_active=True).distinct()


def giving(session_type: SessionType) -> list[Practitioner]:
    """Return who gives a type from `given_types`, like `practitioners_of` but without a query."""
    found = [one for one in session_type.practitioners.all() if one.is_bookable and one.user.is_active]
    return sorted(found, key=lambda person: (person.order, person.pk))


def type_and_givers(slug: str) -> tuple[SessionType | None, list[Practitioner]]:
    """Return the type with that slug and all who give it, in order, in one query; (None, []) for none."""
    found = [(row.sessiontype, row.practitioner) for row in _GIVEN.objects(slug=slug)]
    return (found[0][0] if found else None), [person for _kind, person in found]


def _given_by_whom(slug: str) -> QuerySet[Any]:
    return (
        SessionType.practitioners.through.objects.filter(
            sessiontype__in=public_types().filter(slug=slug),
            practitioner__is_bookable=True,
            practitioner__user__is_active=True,
        )
        .select_related("sessiontype", "practitioner__user", "practitioner__room")
        .order_by("practitioner__order", "practitioner_id")
    )


#: Asked for every list of free times, and to write it takes longer than to answer it.
_GIVEN = WrittenOnce(_given_by_whom, slug="a-slug-of-no-type")


def first_type() -> SessionType | None:
    """Return the first bookable session type, or None."""
    return next(iter(bookable_types()), None)


def practitioners_of(session_type: SessionType) -> list[Practitioner]:
    """Return who gives this type and can be booked, in order, with their user and room."""
    return list(
        Practitioner.objects.filter(session_types=session_type, is_bookable=True, user__is_active=True)
        .select_related("user", "room")
        .order_by("order", "id")
    )


def with_offers(session_type: SessionType) -> QuerySet[Practitioner]:
    """Return all practitioners, each with whether they give this type and can be booked: `offers`."""
    gives = SessionType.practitioners.through.objects.filter(
        practitioner=OuterRef("pk"), sessiontype=session_type
    )
    can = Q(is_bookable=True, user__is_active=True) & Q(Exists(gives))
    return Practitioner.objects.annotate(offers=ExpressionWrapper(can, output_field=BooleanField()))


def asker_status_of(user: User | AnonymousUser | None, *, now: datetime) -> AskerStatus:
    """Return what is known of a person: "unknown", "new", "returning" or "staff"."""
    if not isinstance(user, User):
        return "unknown"
    if user.is_staff:
        return "staff"
    return "returning" if has_been_here(user, now=now) else "new"


def asker_for(session_type: SessionType, user: User | AnonymousUser | None, *, now: datetime) -> AskerStatus:
    """Return what is known of a person, as far as it matters to this type: no query where it is for all."""
    if session_type.who in (SessionType.Who.NEW, SessionType.Who.RETURNING):
        return asker_status_of(user, now=now)
    return "staff" if isinstance(user, User) and user.is_staff else "unknown"


def has_been_here(client: User, *, now: datetime) -> bool:
    """Return whether one of the client's sessions has begun or taken place; a missed one does not count."""
    return Appointment.objects.filter(client=client, attendee_unclear=False).attended(now).exists()


def taken(
    practitioners: Sequence[Practitioner],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
) -> QuerySet[Appointment]:
    """Return appointments that matter to these practitioners or their rooms in `[first, until)`, by start."""
    rooms = {practitioner.room_id for practitioner in practitioners if practitioner.room_id}
    found = Appointment.objects.occupying(now).filter(
        Q(practitioner__in=practitioners) | Q(room__in=rooms),
        starts_at__gt=first - REACH,
        starts_at__lt=until + REACH,
    )
    return (found.exclude(pk=ignoring.pk) if ignoring and ignoring.pk else found).order_by("starts_at")


class TakenTime(NamedTuple):
    """The fields of taken time that the engine needs; whole rows cost three times as much.

    `start`, `end`: whole seconds since 1970, as the database reckons them: to make a datetime of a text takes
    longer than all else. A started second is taken.
    """

    practitioner_id: int
    room_id: int | None
    session_type_id: int
    start: int
    end: int
    buffer_before: int
    buffer_after: int


def taken_times(
    practitioners: Sequence[Practitioner],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
    but: Collection[int] = (),
) -> list[tuple[Any, ...]]:
    """Return what `taken` does, with only the engine's fields, as tuples in the order of `TakenTime`.

    `but`: more appointment ids to leave out.
    """
    rows = taken(practitioners, first=first, until=until, now=now, ignoring=ignoring)
    if but:
        rows = rows.exclude(pk__in=but)
    spans = {"start": Seconds("starts_at"), "end": Seconds("ends_at", up=True)}
    return list(rows.annotate(**spans).values_list(*TakenTime._fields))


def busy_elsewhere(
    practitioners: Sequence[Practitioner], *, first: datetime, until: datetime
) -> QuerySet[BusyTime, tuple[int, datetime, datetime]]:
    """Return (practitioner id, start, end) of other calendars' busy time around `[first, until)`."""
    return (
        BusyTime.objects.filter(
            calendar__practitioner__in=practitioners,
            calendar__is_active=True,
            starts_at__lt=until + REACH,
            ends_at__gt=first - REACH,
        )
        .order_by("starts_at")
        .values_list("calendar__practitioner_id", "starts_at", "ends_at")
    )


def busy_times(
    practitioners: Sequence[Practitioner], *, first: datetime, until: datetime
) -> list[tuple[int, int, int]]:
    """Return (practitioner id, start, end) of busy time that is no session around `[first, until)`.

    What other calendars call busy, and what is blocked here, in one query. In whole seconds, as `TakenTime`.
    """
    there = busy_elsewhere(practitioners, first=first, until=until).order_by()
    here = blocked_in(practitioners, first=first - REACH, until=until + REACH).order_by()
    begins, ends = Seconds("starts_at"), Seconds("ends_at", up=True)
    named = there.values_list("calendar__practitioner_id", begins, ends)
    return list(named.union(here.values_list("practitioner_id", begins, ends), all=True))


def blocked_in(
    practitioners: Iterable[Practitioner], *, first: datetime, until: datetime
) -> QuerySet[BlockedTime]:
    """Return what these practitioners have blocked in `[first, until)`, wholly or in part, by start."""
    return BlockedTime.objects.filter(
        practitioner__in=practitioners, starts_at__lt=until, ends_at__gt=first
    ).order_by("starts_at", "pk")


def weekdays_of(practitioners: Sequence[Practitioner]) -> list[int]:
    """Return the days of the week (Monday is 0) on which any of them works; if none are set, all.

    Hours that run past midnight count for both days.
    """
    found: set[int] = set()
    for weekday, opens, closes in hours_of(practitioners).values_list("weekday", "opens", "closes"):
        found.add(weekday)
        if time.min < closes <= opens:
            found.add((weekday + 1) % 7)
    return sorted(found) or list(range(7))


def hours_of(practitioners: Sequence[Practitioner]) -> QuerySet[OpeningHours]:
    """Return the weekly rules of these practitioners."""
    return OpeningHours.objects.filter(practitioner__in=practitioners)


def given_by(practitioners: Sequence[Practitioner]) -> list[tuple[int, SessionType]]:
    """Return (practitioner id, active type) for all types they give, also those only staff book."""
    links = SessionType.practitioners.through.objects.filter(
        practitioner__in=practitioners, sessiontype__is_active=True
    ).select_related("sessiontype")
    return [(link.practitioner_id, link.sessiontype) for link in links]


def closures_of(practitioners: Sequence[Practitioner], *, first: date, last: date) -> QuerySet[Closure]:
    """Return closures of these practitioners and of the practice on these days, without the reason."""
    found = Closure.objects.defer("reason")
    return found.filter(
        Q(practitioner__in=practitioners) | Q(practitioner=None), first_day__lte=last, last_day__gte=first
    )


def overlapping(
    practitioner: Practitioner,
    *,
    room: int | None,
    start: datetime,
    end: datetime,
    ignoring: Appointment | None = None,
) -> QuerySet[Appointment]:
    """Return appointments at this very time, with this practitioner or in this room."""
    found = Appointment.objects.filter(
        Q(practitioner=practitioner) | Q(room_id=room, room__isnull=False),
        occupies=True,
        starts_at__lt=end,
        starts_at__gt=start - REACH,
        ends_at__gt=start,
    )
    return found.exclude(pk=ignoring.pk) if ignoring and ignoring.pk else found


def sessions_on(practitioner: Practitioner, *, first: datetime, until: datetime) -> int:
    """Return how many sessions of the practitioner begin in `[first, until)`."""
    return Appointment.objects.filter(
        practitioner=practitioner, occupies=True, starts_at__gte=first, starts_at__lt=until
    ).count()


def live_holds(visitor: str, *, now: datetime) -> QuerySet[Appointment]:
    """Return the times this visitor holds now."""
    return Appointment.objects.open_holds(now).filter(visitor=visitor, occupies=True)


def live_holds_of_network(network: str, *, now: datetime) -> QuerySet[Appointment]:
    """Return the times held now from one network, by when they expire."""
    theirs = Q(visitor=network) | Q(visitor__startswith=f"{network}:")
    kept = Appointment.objects.open_holds(now).filter(theirs, occupies=True)
    return kept.order_by("hold_expires_at")


def unanswered(*, now: datetime) -> QuerySet[Appointment]:
    """Return requests whose time for an answer is up, the longest waiting first."""
    return (
        Appointment.objects.filter(state=Appointment.State.PENDING, answer_by__lte=now)
        .select_related("practitioner")
        .order_by("answer_by")
    )


def requests_to(practitioners: Sequence[Practitioner]) -> QuerySet[Appointment]:
    """Return requests that wait for an answer of these practitioners, the most urgent first."""
    return (
        Appointment.objects.filter(practitioner__in=practitioners, state=Appointment.State.PENDING)
        .select_related("session_type", "practitioner__user", "client", "correspondent")
        .order_by("answer_by")
    )


def appointments_of(client: User) -> AppointmentQuerySet:
    """Return the appointments a client attends, canceled ones too, by start."""
    return (
        Appointment.objects.filter(client=client)
        .without_holds()
        .select_related("session_type", "practitioner__user", "room", "client", "correspondent")
        .order_by("starts_at")
    )


def managed(user: User) -> Q:
    """Return the filter for appointments a person may see, move and cancel: own, or booked for others."""
    return Q(client=user) | Q(correspondent=user)


def managed_by(user: User) -> AppointmentQuerySet:
    """Return the person's own appointments and those booked for others, canceled ones too, by start."""
    return (
        Appointment.objects.filter(managed(user))
        .without_holds()
        .select_related("session_type", "practitioner__user", "room", "client", "correspondent")
        .order_by("starts_at")
    )


def managed_ahead(user: User, *, now: datetime) -> QuerySet[Appointment]:
    """Return those of `managed_by` that are booked or requested and not over yet."""
    return managed_by(user).not_ended(now)


def coming_to_tell(user: User, *, now: datetime) -> QuerySet[Appointment]:
    """Return those of `managed_ahead` whose emails this person gets."""
    told = Q(correspondent=user) | Q(client=user, correspondent=None)
    return managed_ahead(user, now=now).filter(told)


def agreement_of(client: User, practice: Practice) -> Consent | None:
    """Return the client's consent to the current version of the booking rules, or None."""
    return Consent.objects.filter(
        user=client,
        kind=Consent.Kind.BOOKING,
        version=practice.consent_version,
        withdrawn_at=None,
    ).first()


def not_ended_of(client: User, *, now: datetime) -> QuerySet[Appointment]:
    """Return what is booked or requested for a client and not over yet."""
    return appointments_of(client).not_ended(now)


def day_of(practitioners: Iterable[Practitioner], *, first: datetime, until: datetime) -> AppointmentQuerySet:
    """Return the practitioners' sessions in `[first, until)`, wholly or in part, missed ones too."""
    return (
        Appointment.objects.on_calendar()
        .filter(
            practitioner__in=practitioners,
            starts_at__lt=until,
            starts_at__gt=first - REACH,
            ends_at__gt=first,
        )
        .select_related("session_type", "practitioner__user", "client", "correspondent", "room")
        .order_by("starts_at")
    )


#: What a line of a day's list shows: a row has twice as many columns, and a day has many rows.
_ON_A_LIST = (
    *("uid", "state", "starts_at", "ends_at", "minutes", "buffer_before", "buffer_after", "place", "phone"),
    *("attendee_name", "attendee_unclear", "confirmed_at", "declined", "client_id"),
    *("session_type__name", "session_type__video_link"),
    *("practitioner_id", "client__name", "client__email", "correspondent__name", "correspondent__email"),
)


def listed_day_of(
    practitioners: Sequence[Practitioner], *, first: datetime, until: datetime
) -> list[Appointment]:
    """Return the rows of `day_of` with only what a line of the day's list shows."""
    found = day_of(practitioners, first=first, until=until).select_related(None)
    joined = found.select_related("session_type", "client", "correspondent")
    return with_practitioners(joined.only(*_ON_A_LIST), practitioners)


def with_practitioners(
    rows: Iterable[Appointment], practitioners: Iterable[Practitioner]
) -> list[Appointment]:
    """Return the rows, each with its practitioner of these, who were read already."""
    by_pk = {one.pk: one for one in practitioners}
    found = list(rows)
    for one in found:
        one.practitioner = by_pk[one.practitioner_id]
    return found


def held_in(
    practitioners: Iterable[Practitioner], *, first: datetime, until: datetime, now: datetime
) -> QuerySet[Appointment]:
    """Return times held in `[first, until)` now: for visitors, or for the waitlist (`offer`)."""
    kept = Appointment.objects.open_holds(now).filter(
        practitioner__in=practitioners, starts_at__gte=first, starts_at__lt=until
    )
    return kept.select_related("offer").order_by("starts_at")


def first_times(clients: Iterable[int]) -> dict[int, int]:
    """Return by client id the id of their first session, past or ahead; a missed one does not count."""
    found = (
        Appointment.objects.filter(client__in=clients, attendee_unclear=False)
        .attended_or_expected()
        .order_by("-starts_at")
        .values_list("client_id", "pk")
    )
    return dict(found)


def is_first(appointment: Appointment) -> bool:
    """Return whether this client has no session with us before this one, neither past nor booked.

    A missed session does not count: the next one is a first session again.
    """
    return known_before(appointment).is_first


@dataclass(frozen=True)
class KnownBefore:
    """What is known of the client of an appointment before it.

    `handed_in`: they ever handed in an intake. `open_intake`: the uid of the one that is not handed in yet,
    and the id of the appointment it was asked with.
    """

    is_first: bool
    handed_in: bool
    open_intake: tuple[uuid.UUID, int | None] | None


def known_before(appointment: Appointment) -> KnownBefore:
    """Return what is known of the client before this appointment, in one query."""
    if appointment.client_id is None:
        return KnownBefore(is_first=False, handed_in=False, open_intake=None)
    asked = {"client": appointment.client_id, "appointment": appointment.pk, "start": appointment.starts_at}
    [(came, handed_in, uid, asked_with)] = _KNOWN_BEFORE.all(**asked)
    return KnownBefore(not came, bool(handed_in), (uid, asked_with) if uid else None)


def _of_client(client: int, appointment: int, start: datetime) -> QuerySet[User, tuple[Any, ...]]:
    theirs = Appointment.objects.filter(client=client, attendee_unclear=False)
    before = theirs.attended(start).filter(starts_at__lt=start).exclude(pk=appointment)
    intakes = Intake.objects.filter(client=client).order_by()
    still_open = intakes.filter(handed_in_at=None)
    return (
        User.objects.filter(pk=client)
        .order_by()
        .values_list(
            Exists(before),
            Exists(intakes.filter(handed_in_at__isnull=False)),
            Subquery(still_open.values("uid")[:1]),
            Subquery(still_open.values("appointment")[:1]),
        )
    )


#: Asked for every booking, and for the emails before every session.
_KNOWN_BEFORE = WrittenOnce(_of_client, client=-21, appointment=-22, start=datetime(1901, 2, 3, tzinfo=UTC))


def in_closures(
    practitioners: Sequence[Practitioner], *, now: datetime, closures: Iterable[Closure] | None = None
) -> list[Appointment]:
    """Return what is booked or requested on days that were closed since, for a person to decide.

    `closures`: those from today on, where they are known already.
    """
    if closures is None:
        closures = closures_of(practitioners, first=now.date(), last=date.max)
    closed = [row for row in closures if row.opens is None]
    if not closed:
        return []
    ahead = Appointment.objects.filter(practitioner__in=practitioners).upcoming(now)
    rows = ahead.select_related("practitioner__user", "client", "correspondent", "session_type")
    return [one for one in rows.order_by("starts_at") if any(_falls_in(one, row) for row in closed)]


def _falls_in(appointment: Appointment, closure: Closure) -> bool:
    zone = zone_named(appointment.practitioner.zone)
    day = appointment.starts_at.astimezone(zone).date()
    concerns = closure.practitioner_id in (None, appointment.practitioner_id)
    return concerns and closure.first_day <= day <= closure.last_day
