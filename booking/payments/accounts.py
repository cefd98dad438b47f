"""The account of each session: what it is charged, what was paid, and what is outstanding. Reads only."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from booking.access import reads_reasons_of
from booking.models import Appointment, AppointmentChange, LedgerEntry, PackageUse, Receipt
from booking.payments.engine import ledger
from booking.payments.engine.ledger import Balance, Charge, Outcome
from booking.policy.settlement import Settlement, settlements_of
from booking.policy.terms import late_fee, policy_of, window_of
from practice.access import rows
from practice.core.clock import day_bounds
from practice.models import User
from practice.queries import practice_zone, the_practice

State = Appointment.State
What = AppointmentChange.What
Entry = LedgerEntry.What
#: The sum of an appointment's or a package's money without tips. What was taken back adds up to nothing.
IN_BALANCE = ~Q(what=Entry.TIP) & ~Q(corrects__what=Entry.TIP)
#: Of a practice that records no payments, everything is outstanding.
MOST_LISTED = 300


@dataclass(frozen=True)
class Account:
    """A session's account. `fee`: what a late cancel or an absence costs by its policy."""

    appointment: Appointment
    settlement: Settlement
    charge: Charge
    entries: tuple[LedgerEntry, ...]
    balance: Balance

    @property
    def outstanding(self) -> int:
        """Return what is still to be paid, in cents."""
        return self.balance.outstanding

    @property
    def currency(self) -> str:
        """Return the currency it was booked in."""
        return self.appointment.currency

    @property
    def may_be_charged(self) -> bool:
        """Return whether a fee could be charged now: one that was waived, or none by itself."""
        if self.balance.is_waived:
            return True
        return self.charge.has_optional_fee and self.balance.charged == 0

    @property
    def may_be_waived(self) -> bool:
        """Return whether something is outstanding that could be waived."""
        return self.outstanding > 0

    @property
    def has_money(self) -> bool:
        """Return whether anything was paid that still counts."""
        return bool(self.balance.paid or self.balance.tips)

    def if_missed(self) -> Balance:
        """Return how the account would stand if the client did not come."""
        missed = Charge(
            self.charge.price,
            late_fee(policy_of(self.appointment), self.appointment.price_cents),
            Outcome.MISSED,
            self.charge.is_covered,
        )
        return ledger.balance_of(missed, [one.entry for one in self.entries])

    def if_attended(self) -> Balance:
        """Return how the account would stand if the session took place."""
        attended = Charge(self.charge.price, 0, Outcome.TAKES_PLACE, self.charge.is_covered)
        return ledger.balance_of(attended, [one.entry for one in self.entries])


def account_of(appointment: Appointment) -> Account:
    """Return the account of an appointment, in two queries; of a canceled one in three."""
    return accounts_of([appointment])[appointment.pk]


def accounts_of(appointments: Collection[Appointment]) -> dict[int, Account]:
    """Return the account of each appointment by its id, in two queries; in three if one is canceled."""
    settlements = settlements_of(appointments)
    entries: dict[int, list[LedgerEntry]] = {one.pk: [] for one in appointments}
    found = LedgerEntry.objects.filter(appointment__in=appointments).select_related("by").defer("note")
    for entry in found.order_by("pk"):
        entries[entry.appointment_id or 0].append(entry)
    by_us = _canceled_by_us([one for one in appointments if one.state == State.CANCELLED])
    return {
        one.pk: _account(one, settlements[one.pk], entries[one.pk], by_us=one.pk in by_us)
        for one in appointments
    }


def _account(
    appointment: Appointment, settlement: Settlement, entries: list[LedgerEntry], *, by_us: bool
) -> Account:
    charge = charge_of(appointment, settlement, by_us=by_us)
    balance = ledger.balance_of(charge, [one.entry for one in entries])
    return Account(appointment, settlement, charge, tuple(entries), balance)


def charge_of(appointment: Appointment, settlement: Settlement, *, by_us: bool = False) -> Charge:
    """Return what a session is charged, by its own price and policy. `by_us`: canceled by who works here."""
    outcome = outcome_of(appointment, by_us=by_us)
    fee = late_fee(policy_of(appointment), appointment.price_cents)
    return Charge(
        price=appointment.price_cents,
        fee=0 if outcome in (Outcome.TAKES_PLACE, Outcome.CANCELED) else fee,
        outcome=outcome,
        is_covered=settlement.is_covered,
    )


def outcome_of(appointment: Appointment, *, by_us: bool) -> Outcome:
    """Return what became of it. A request that was never approved, or was declined, costs nothing."""
    if appointment.state == State.NO_SHOW:
        return Outcome.MISSED
    if appointment.state != State.CANCELLED:
        return Outcome.TAKES_PLACE
    ended = appointment.cancelled_at
    if ended is None or appointment.booked_at is None or window_of(appointment, ended) == "free":
        return Outcome.CANCELED
    return Outcome.CANCELED_LATE_BY_US if by_us else Outcome.CANCELED_LATE


def _canceled_by_us(appointments: Collection[Appointment]) -> set[int]:
    """Return the ids of those that somebody who works here canceled last."""
    if not appointments:
        return set()
    ended = AppointmentChange.objects.filter(appointment__in=appointments, what=What.CANCELLED)
    last = dict(ended.order_by("pk").values_list("appointment_id", "by_staff"))
    return {pk for pk, by_staff in last.items() if by_staff}


def reason_of(user: User, entry: LedgerEntry) -> str:
    """Return an entry's reason for who may read it: the session's practitioner, the owner, its author."""
    if entry.what not in ledger.DECISIONS or entry.appointment is None:
        return ""
    return entry.note if entry.by_id == user.pk or reads_reasons_of(user, entry.appointment) else ""


def latest_receipt(appointment: Appointment) -> Receipt | None:
    """Return the receipt that stands for an appointment: the last one issued."""
    return Receipt.objects.filter(appointment=appointment).order_by("-number").first()


def receipts_of(payer: User) -> QuerySet[Receipt]:
    """Return the receipts made out to a person that stand, the newest first."""
    found = Receipt.objects.filter(payer=payer, replaced_by=None).exclude(content={})
    return found.select_related("appointment__session_type", "appointment__practitioner").order_by("-number")


def seen_by(user: User, first: date, last: date) -> QuerySet[LedgerEntry]:
    """Return the money that was recorded on these days, as far as somebody at work sees it."""
    zone = practice_zone(the_practice())
    begins, ends = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    found = LedgerEntry.objects.filter(at__gte=begins, at__lt=ends).exclude(what__in=ledger.DECISIONS)
    return (
        rows.for_person(user, found)
        .select_related(
            "by",
            "appointment__practitioner__user",
            "appointment__session_type",
            "package__client",
            "package__session_type",
        )
        .defer("note", "package__note", "appointment__override_note", "appointment__address")
        .order_by("at", "pk")
    )


def outstanding_seen_by(user: User, *, now: datetime) -> list[Account]:
    """Return the sessions that are over and not paid, the oldest first; of very many, the latest."""
    found = rows.for_person(user, unsettled(now=now))
    found = found.select_related("practitioner__user", "session_type", "client", "correspondent")
    accounts = accounts_of(list(found.order_by("-starts_at", "-pk")[:MOST_LISTED]))
    return [one for one in reversed(accounts.values()) if one.outstanding > 0]


def unsettled(*, now: datetime) -> QuerySet[Any]:
    """Return appointments on which something may be outstanding: a few too many, judged one by one after."""
    entries = LedgerEntry.objects.filter(appointment=OuterRef("pk")).order_by()
    paid = entries.filter(IN_BALANCE).values("appointment").annotate(sum=Sum("cents")).values("sum")
    decided = entries.filter(what__in=ledger.DECISIONS).order_by("-pk").values("what")[:1]
    late = AppointmentChange.objects.filter(appointment=OuterRef("pk"), what=What.CANCELLED, by_staff=False)
    canceled = Q(state=State.CANCELLED)
    owing = Q(booked_at__isnull=False, declined=False) & (Exists(late) | Q(decided=Entry.CHARGED))
    found = Appointment.objects.ended(now).without_holds().exclude(state=State.PENDING)
    found = found.filter(price_cents__gt=0)
    since = the_practice().payments_since
    if since is not None:
        found = found.filter(starts_at__gte=day_bounds(since, practice_zone(the_practice()))[0])
    covered = PackageUse.objects.filter(appointment=OuterRef("pk"), given_back_at=None)
    return (
        found.annotate(paid=Coalesce(Subquery(paid), 0), decided=Coalesce(Subquery(decided), Value("")))
        .filter(~canceled | owing)
        .filter(~Exists(covered), price_cents__gt=F("paid"))
        .exclude(decided=Entry.WAIVED)
    )
