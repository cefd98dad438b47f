"""Reads of booking. Each is one query, and touches a window of time, never the whole history."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from booking.availability.engine.audience import Asker, admits
from booking.models import Appointment, BusyTime, Closure, OpeningHours, SessionType
from booking.states import CAME, DECIDED, NOBODY_YET, STANDS
from practice.core.clock import zone_named
from practice.models import Consent, Practice, Practitioner, User

# No session is longer than half a day, and no buffer longer than a day: what begins further away does not
# reach into a window. It also covers the days at the window's ends, for daily limits in any zone.
REACH = timedelta(days=2)


def public_types() -> QuerySet[SessionType]:
    """What has a page of its own for everybody; what only people at work book has none."""
    return SessionType.objects.filter(is_active=True).exclude(who=SessionType.Who.STAFF)


def given_types() -> list[SessionType]:
    """Of these, what somebody gives, in the practice's order; whether it is for whoever asks or not."""
    return list(_given(public_types()).prefetch_related("practitioners__user"))


def bookable_types(asker: Asker = "unknown") -> list[SessionType]:
    """What can be booked by whoever asks, in the practice's order."""
    return [kind for kind in given_types() if admits(kind.who, asker)]


def bookable_type(slug: str) -> SessionType | None:
    """The one of that slug, when somebody gives it; a rule may still keep it from whoever asks."""
    return _given(public_types()).filter(slug=slug).first()


def _given(types: QuerySet[SessionType]) -> QuerySet[SessionType]:
    return types.filter(practitioners__is_bookable=True, practitioners__user__is_active=True).distinct()


def giving(session_type: SessionType) -> list[Practitioner]:
    """Who gives a type that `given_types` brought, from what it read along: as `practitioners_of`."""
    found = [one for one in session_type.practitioners.all() if one.is_bookable and one.user.is_active]
    return sorted(found, key=lambda person: (person.order, person.pk))


def type_and_givers(slug: str) -> tuple[SessionType | None, list[Practitioner]]:
    """The one of that slug and all who give it, in order, in one query; None and nobody for none."""
    rows = (
        SessionType.practitioners.through.objects.filter(
            sessiontype__in=public_types().filter(slug=slug),
            practitioner__is_bookable=True,
            practitioner__user__is_active=True,
        )
        .select_related("sessiontype", "practitioner__user", "practitioner__room")
        .order_by("practitioner__order", "practitioner_id")
    )
    found = [(row.sessiontype, row.practitioner) for row in rows]
    return (found[0][0] if found else None), [person for _kind, person in found]


def first_type() -> SessionType | None:
    """The first of them: what "come in" leads to."""
    return next(iter(bookable_types()), None)


def practitioners_of(session_type: SessionType) -> list[Practitioner]:
    """Who offers this session type and can be booked, in order, with their user and room."""
    return list(
        Practitioner.objects.filter(session_types=session_type, is_bookable=True, user__is_active=True)
        .select_related("user", "room")
        .order_by("order", "id")
    )


def asker_of(user: User | AnonymousUser | None, *, now: datetime) -> Asker:
    """What is known of whoever asks: of a visitor nothing, of a client whether they have been here."""
    if not isinstance(user, User):
        return "unknown"
    if user.is_staff:
        return "staff"
    return "returning" if has_been_here(user, now=now) else "new"


def has_been_here(client: User, *, now: datetime) -> bool:
    """Whether a session of theirs has begun or taken place; one they did not come to does not count."""
    theirs = Appointment.objects.filter(client=client, state__in=CAME, attendee_unclear=False)
    return theirs.filter(starts_at__lte=now).exists()


def standing(now: datetime) -> Q:
    """What takes up time now: a hold that has run out does not, though its row is not swept yet."""
    return Q(occupies=True) & ~Q(state=Appointment.State.HELD, hold_expires_at__lte=now)


def taken(
    practitioners: Sequence[Practitioner],
    *,
    first: datetime,
    until: datetime,
    now: datetime,
    ignoring: Appointment | None = None,
) -> QuerySet[Appointment]:
    """Appointments that can matter to these practitioners or their rooms in `[first, until)`, by start."""
    rooms = {practitioner.room_id for practitioner in practitioners if practitioner.room_id}
    found = Appointment.objects.filter(
        Q(practitioner__in=practitioners) | Q(room__in=rooms),
        standing(now) | Q(state__in=DECIDED),
        starts_at__gt=first - REACH,
        starts_at__lt=until + REACH,
    )
    return (found.exclude(pk=ignoring.pk) if ignoring and ignoring.pk else found).order_by("starts_at")


class TakenTime(NamedTuple):
    """What the engine asks of an appointment that takes up time; whole rows cost three times as much."""

    practitioner_id: int
    room_id: int | None
    session_type_id: int
    starts_at: datetime
    ends_at: datetime
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
) -> list[TakenTime]:
    """As `taken`, with no more than the engine asks. `but`: ids of more appointments to leave out."""
    rows = taken(practitioners, first=first, until=until, now=now, ignoring=ignoring)
    if but:
        rows = rows.exclude(pk__in=but)
    return [TakenTime(*row) for row in rows.values_list(*TakenTime._fields)]


def busy_elsewhere(
    practitioners: Sequence[Practitioner], *, first: datetime, until: datetime
) -> QuerySet[BusyTime, tuple[int, datetime, datetime]]:
    """(practitioner id, start, end) of what their other calendars call busy around `[first, until)`."""
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


def weekdays_of(practitioners: Sequence[Practitioner]) -> list[int]:
    """The days of the week (Monday is 0) on which any of them works every week; if none are set, all.

    Hours that run past midnight count for both days.
    """
    found: set[int] = set()
    for weekday, opens, closes in hours_of(practitioners).values_list("weekday", "opens", "closes"):
        found.add(weekday)
        if time.min < closes <= opens:
            found.add((weekday + 1) % 7)
    return sorted(found) or list(range(7))


def hours_of(practitioners: Sequence[Practitioner]) -> QuerySet[OpeningHours]:
    """The weekly rules of these practitioners."""
    return OpeningHours.objects.filter(practitioner__in=practitioners)


def given_by(practitioners: Sequence[Practitioner]) -> list[tuple[int, SessionType]]:
    """What each of these practitioners gives, by their id; also what only people at work book."""
    links = SessionType.practitioners.through.objects.filter(
        practitioner__in=practitioners, sessiontype__is_active=True
    ).select_related("sessiontype")
    return [(link.practitioner_id, link.sessiontype) for link in links]


def closures_of(practitioners: Sequence[Practitioner], *, first: date, last: date) -> QuerySet[Closure]:
    """The closures of these practitioners, and of the whole practice, that touch these days. Not why."""
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
    """Whoever has this very time, with this practitioner or in this room: what no override can move."""
    found = Appointment.objects.filter(
        Q(practitioner=practitioner) | Q(room_id=room, room__isnull=False),
        occupies=True,
        starts_at__lt=end,
        starts_at__gt=start - REACH,
        ends_at__gt=start,
    )
    return found.exclude(pk=ignoring.pk) if ignoring and ignoring.pk else found


def sessions_on(practitioner: Practitioner, *, first: datetime, until: datetime) -> int:
    """How many sessions of the practitioner begin in `[first, until)`."""
    return Appointment.objects.filter(
        practitioner=practitioner, occupies=True, starts_at__gte=first, starts_at__lt=until
    ).count()


def live_holds(visitor: str, *, now: datetime) -> QuerySet[Appointment]:
    """The times this visitor keeps now."""
    return Appointment.objects.filter(
        visitor=visitor, state=Appointment.State.HELD, occupies=True, hold_expires_at__gt=now
    )


def live_holds_of_network(network: str, *, now: datetime) -> QuerySet[Appointment]:
    """The times everybody behind one address keeps now, the first to run out first."""
    theirs = Q(visitor=network) | Q(visitor__startswith=f"{network}:")
    kept = Appointment.objects.filter(theirs, state=Appointment.State.HELD, occupies=True)
    return kept.filter(hold_expires_at__gt=now).order_by("hold_expires_at")


def unanswered(*, now: datetime) -> QuerySet[Appointment]:
    """Requests whose time for an answer is up, the longest waiting first."""
    return (
        Appointment.objects.filter(state=Appointment.State.PENDING, answer_by__lte=now)
        .select_related("practitioner")
        .order_by("answer_by")
    )


def requests_to(practitioners: Sequence[Practitioner]) -> QuerySet[Appointment]:
    """What waits for an answer of these practitioners, the most pressing first."""
    return (
        Appointment.objects.filter(practitioner__in=practitioners, state=Appointment.State.PENDING)
        .select_related("session_type", "practitioner__user", "client", "correspondent")
        .order_by("answer_by")
    )


def expired_holds(*, now: datetime) -> QuerySet[Appointment]:
    """Holds whose time is up and that still stand in the way."""
    return Appointment.objects.filter(state=Appointment.State.HELD, hold_expires_at__lte=now)


def appointments_of(client: User) -> QuerySet[Appointment]:
    """The appointments a client attends, cancelled ones too, the next first by start."""
    return (
        Appointment.objects.filter(client=client)
        .exclude(state__in=NOBODY_YET)
        .select_related("session_type", "practitioner__user", "room", "client", "correspondent")
        .order_by("starts_at")
    )


def managed(user: User) -> Q:
    """Appointments that somebody may see, move and cancel: their own, and what they booked for others."""
    return Q(client=user) | Q(correspondent=user)


def managed_by(user: User) -> QuerySet[Appointment]:
    """Their own appointments and those they booked for others, cancelled ones too, by start."""
    return (
        Appointment.objects.filter(managed(user))
        .exclude(state__in=NOBODY_YET)
        .select_related("session_type", "practitioner__user", "room", "client", "correspondent")
        .order_by("starts_at")
    )


def managed_ahead(user: User, *, now: datetime) -> QuerySet[Appointment]:
    """Of these, what is booked and not over yet."""
    return managed_by(user).filter(state__in=STANDS, ends_at__gt=now)


def coming_to_tell(user: User, *, now: datetime) -> QuerySet[Appointment]:
    """What is booked ahead and about which this person is written to."""
    told = Q(correspondent=user) | Q(client=user, correspondent=None)
    return managed_ahead(user, now=now).filter(told)


def agreement_of(client: User, practice: Practice) -> Consent | None:
    """That a client agreed to the rules of booking as they stand now, the last time; None if never."""
    return Consent.objects.filter(
        user=client,
        kind=Consent.Kind.BOOKING,
        version=practice.consent_version,
        text=practice.treatment_consent,
        withdrawn_at=None,
    ).first()


def upcoming_of(client: User, *, now: datetime) -> QuerySet[Appointment]:
    """What is booked for a client and not over yet."""
    return appointments_of(client).filter(state__in=STANDS, ends_at__gt=now)


def day_of(
    practitioners: Iterable[Practitioner], *, first: datetime, until: datetime
) -> QuerySet[Appointment]:
    """The practitioners' sessions that lie, wholly or in part, in `[first, until)`: booked, come or not."""
    return (
        Appointment.objects.filter(
            practitioner__in=practitioners,
            starts_at__lt=until,
            starts_at__gt=first - REACH,
            ends_at__gt=first,
            state__in=(*STANDS, *DECIDED),
        )
        .select_related("session_type", "practitioner__user", "client", "correspondent", "room")
        .order_by("starts_at")
    )


def held_in(
    practitioners: Iterable[Practitioner], *, first: datetime, until: datetime, now: datetime
) -> QuerySet[Appointment]:
    """Times kept in `[first, until)` at this moment: by visitors, or for the waitlist (`offer`)."""
    kept = Appointment.objects.filter(
        practitioner__in=practitioners,
        state=Appointment.State.HELD,
        hold_expires_at__gt=now,
        starts_at__gte=first,
        starts_at__lt=until,
    )
    return kept.select_related("offer").order_by("starts_at")


def first_times(clients: Iterable[int]) -> dict[int, int]:
    """Of each client the id of their first session, past or ahead; one they did not come to is none."""
    found = (
        Appointment.objects.filter(client__in=clients, attendee_unclear=False)
        .filter(state__in=(*CAME, Appointment.State.PENDING))
        .order_by("-starts_at")
        .values_list("client_id", "pk")
    )
    return dict(found)


def is_first(appointment: Appointment) -> bool:
    """Whether this client has no session with us before this one, neither past nor booked.

    One they did not come to is none: whoever comes after it comes for the first time.
    """
    if appointment.client_id is None:
        return False
    theirs = Appointment.objects.filter(
        client=appointment.client_id, state__in=CAME, attendee_unclear=False
    ).exclude(pk=appointment.pk)
    return not theirs.filter(starts_at__lt=appointment.starts_at).exists()


def in_closures(practitioners: Sequence[Practitioner], *, now: datetime) -> list[Appointment]:
    """What is booked or asked for on days that were closed since: each wants a person to decide."""
    closed = [row for row in closures_of(practitioners, first=now.date(), last=date.max) if row.opens is None]
    if not closed:
        return []
    ahead = Appointment.objects.filter(
        practitioner__in=practitioners, state__in=STANDS, starts_at__gt=now
    ).select_related("practitioner__user", "client", "correspondent", "session_type")
    return [one for one in ahead.order_by("starts_at") if any(_falls_in(one, row) for row in closed)]


def _falls_in(appointment: Appointment, closure: Closure) -> bool:
    zone = zone_named(appointment.practitioner.zone)
    day = appointment.starts_at.astimezone(zone).date()
    concerns = closure.practitioner_id in (None, appointment.practitioner_id)
    return concerns and closure.first_day <= day <= closure.last_day
