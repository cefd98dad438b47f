"""What happened in each of some months, counted by the database: eight queries, however many rows.

A row belongs to a month by its instant, between the bounds that the months bring along: no database has
to know of time zones.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from booking.models import Appointment, AppointmentChange, LedgerEntry, Offer
from booking.payments.accounts import outcome_of
from booking.payments.engine.ledger import DECISIONS, Outcome
from portal.models import FollowUp, PracticeEntry
from portal.practice_log.history import counting
from portal.reports.engine.figures import Counts, MonthFigures, Received, figures_of
from portal.reports.engine.months import MonthSpan
from practice.mail.queries import NEVER_WENT
from practice.models import Letter

State = Appointment.State
Counted = Iterator[tuple[int, Counts]]
Months = Sequence[MonthSpan]
#: An email was followed by practice if there was some within this time.
SOON = dt.timedelta(days=3)


def figures_in(months: Months, *, now: dt.datetime) -> tuple[MonthFigures, ...]:
    """Return the numbers of these months, which follow each other."""
    counts: dict[int, Counts] = defaultdict(Counts)
    for source in (
        *(_booked(months), _took_place(months, now), _canceled_late(months), _filled(months)),
        *(_practice(months), _sent(months), _held_back(months, now)),
    ):
        for place, counted in source:
            counts[place] += counted
    return figures_of(months, counts, _received(months))


def _within(rows: QuerySet[Any], field: str, months: Months) -> QuerySet[Any]:
    """Return the rows in these months, each with the place of its `month`."""
    place = Case(
        *(
            When(**{f"{field}__gte": month.begins, f"{field}__lt": month.ends}, then=Value(place))
            for place, month in enumerate(months)
        ),
        output_field=IntegerField(),
    )
    window = {f"{field}__gte": months[0].begins, f"{field}__lt": months[-1].ends}
    return rows.filter(**window).annotate(month=place).order_by()


def _booked(months: Months) -> Counted:
    """Yield the sessions that are not canceled: they took place, were missed, or are ahead."""
    booked = Appointment.objects.on_calendar().exclude(state=State.PENDING)
    for row in (
        _within(booked, "starts_at", months)
        .values("month")
        .annotate(
            number=Count("pk"), length=Sum("minutes"), missed=Count("pk", filter=Q(state=State.NO_SHOW))
        )
    ):
        yield (
            row["month"],
            Counts(booked=row["number"], booked_minutes=row["length"], missed=row["missed"]),
        )


def _took_place(months: Months, now: dt.datetime) -> Counted:
    """Yield the sessions that took place, whose they were, and who practiced since the one before."""
    kept = Appointment.objects.took_place(now)
    for row in (
        _since_the_one_before(_within(kept, "starts_at", months), kept)
        .values("month")
        .annotate(
            number=Count("pk"),
            length=Sum("minutes"),
            everyone=Count("client", distinct=True),
            new=Count("client", distinct=True, filter=Q(before=None)),
            back=Count("client", distinct=True, filter=Q(before__isnull=False)),
            practiced=Count("client", distinct=True, filter=Q(has_practiced=True)),
        )
    ):
        yield (
            row["month"],
            Counts(
                kept=row["number"],
                kept_minutes=row["length"],
                clients=row["everyone"],
                new_clients=row["new"],
                back=row["back"],
                practiced=row["practiced"],
            ),
        )


def _since_the_one_before(sessions: QuerySet[Any], kept: QuerySet[Any]) -> QuerySet[Any]:
    """Return sessions, each with the end of its client's one `before`, and whether they practiced since."""
    earlier = kept.filter(client=OuterRef("client"), starts_at__lt=OuterRef("starts_at"))
    between = PracticeEntry.objects.filter(
        client=OuterRef("client"), started_at__gte=OuterRef("before"), started_at__lt=OuterRef("starts_at")
    )
    return sessions.annotate(before=Subquery(earlier.order_by("-starts_at").values("ends_at")[:1])).annotate(
        has_practiced=Exists(counting(between))
    )


def _canceled_late(months: Months) -> Counted:
    """Yield the sessions that clients canceled late, one by one: each by the policy it was booked under."""
    last = AppointmentChange.objects.filter(
        appointment=OuterRef("pk"), what=AppointmentChange.What.CANCELLED
    ).order_by("-pk")
    canceled = Appointment.objects.filter(
        state=State.CANCELLED, booked_at__isnull=False, cancelled_at__isnull=False, declined=False
    )
    found = (
        _within(canceled, "starts_at", months)
        .annotate(by_us=Coalesce(Subquery(last.values("by_staff")[:1]), Value(False)))
        .only("state", "starts_at", "minutes", "policy", "free_until", "booked_at", "cancelled_at")
    )
    for one in found.iterator(chunk_size=500):
        if outcome_of(one, by_us=one.by_us) is Outcome.CANCELED_LATE:
            yield one.month, Counts(booked=1, booked_minutes=one.minutes, late=1)


def _filled(months: Months) -> Counted:
    """Yield the offers of the waitlist that were accepted, by when they were."""
    accepted = _within(Offer.objects.filter(state=Offer.State.ACCEPTED), "answered_at", months)
    for row in accepted.values("month").annotate(number=Count("pk")):
        yield row["month"], Counts(filled=row["number"])


def _practice(months: Months) -> Counted:
    """Yield how often, and how long, clients practiced at home."""
    # Continued on another device, an entry may begin later than its play-through, never earlier.
    since = PracticeEntry.objects.filter(started_at__gte=months[0].begins)
    found = _within(counting(since), "began", months)
    for row in found.values("month").annotate(times=Count("play", distinct=True), heard=Sum("heard_ms")):
        yield row["month"], Counts(practice_times=row["times"], practice_ms=row["heard"])


def _sent(months: Months) -> Counted:
    """Yield the follow-up emails that were sent, and those after which their reader soon practiced."""
    after = PracticeEntry.objects.filter(
        client=OuterRef("client"),
        started_at__gt=OuterRef("letter__sent_at"),
        started_at__lte=OuterRef("soon"),
    )
    sent = FollowUp.objects.filter(letter__state=Letter.State.SENT)
    for row in (
        _within(sent, "letter__sent_at", months)
        .annotate(soon=ExpressionWrapper(F("letter__sent_at") + SOON, output_field=DateTimeField()))
        .annotate(is_followed=Exists(counting(after)))
        .values("month")
        .annotate(number=Count("pk"), followed=Count("pk", filter=Q(is_followed=True)))
    ):
        yield row["month"], Counts(emails_sent=row["number"], emails_followed=row["followed"])


def _held_back(months: Months, now: dt.datetime) -> Counted:
    """Yield the follow-up emails that were due and not sent."""
    held = FollowUp.objects.filter(letter__state__in=NEVER_WENT, letter__due_at__lte=now)
    for row in _within(held, "letter__due_at", months).values("month").annotate(number=Count("pk")):
        yield row["month"], Counts(emails_held=row["number"])


def _received(months: Months) -> Iterator[tuple[int, Received]]:
    """Yield the money of each month, currency and way of paying; what was taken back adds up to nothing."""
    money = _within(LedgerEntry.objects.exclude(what__in=DECISIONS), "at", months)
    for row in money.values("month", "currency", "how").annotate(total=Sum("cents")):
        yield row["month"], Received(row["currency"], row["how"], row["total"])
