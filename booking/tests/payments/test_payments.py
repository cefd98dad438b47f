"""Recording, refunding, taking back and waiving, as rows that only grow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from booking.appointments.actions.cancel import cancel
from booking.models import LedgerEntry
from booking.packages.actions import sell, use_for
from booking.payments.accounts import account_of, outstanding_seen_by, reason_of, seen_by
from booking.payments.actions.fee import charge, waive
from booking.payments.actions.record import NotRecorded, correct, record, refund
from booking.payments.actions.wrap_up import PACKAGE, SessionPayment, use_package
from booking.payments.engine.ledger import Outcome, Why
from booking.testing import make_session_type
from booking.tests.payments.conftest import session_of
from booking.tests.people import denver
from practice.models import Practice
from practice.testing import make_user

pytestmark = pytest.mark.engines
NOON = denver("2027-03-02 12:00")


def paid(one: Any, cents: int = 9500, *, by: Any, key: str = "k", how: str = "cash", **more: Any) -> Any:
    return record(one, cents=cents, how=how, by=by, key=key, now=NOON, **more)


def test_a_form_sent_twice_pays_once(one, faye) -> None:
    first, again = paid(one, by=faye, tip_cents=500), paid(one, by=faye, tip_cents=500)
    assert first == again
    assert list(LedgerEntry.objects.values_list("what", "cents")) == [("payment", 9500), ("tip", 500)]


@pytest.mark.parametrize("other", [{"cents": 9000}, {"how": "card"}, {"tip_cents": 1}])
def test_a_page_that_says_something_else_the_second_time_is_refused(one, faye, other) -> None:
    paid(one, by=faye)
    with pytest.raises(NotRecorded, match="something else already"):
        paid(one, by=faye, **other)
    assert LedgerEntry.objects.count() == 1


def test_more_than_is_outstanding_is_refused_and_the_message_names_the_tip(one, faye) -> None:
    with pytest.raises(NotRecorded, match=r"Only \$95 is outstanding. Enter anything extra as a tip."):
        paid(one, 10000, by=faye)
    paid(one, by=faye)
    with pytest.raises(NotRecorded, match="Nothing is outstanding"):
        paid(one, 1, by=faye, key="second")


def test_a_refund_larger_than_what_was_paid_is_refused(one, faye) -> None:
    paid(one, 5000, by=faye, tip_cents=4500)
    with pytest.raises(NotRecorded, match=r"Only \$50 was paid"):
        refund(one, cents=5001, how="cash", by=faye, key="r", now=NOON)
    refund(one, cents=5000, how="cash", by=faye, key="r", now=NOON)
    with pytest.raises(NotRecorded, match=r"Only \$0 was paid"):
        refund(one, cents=1, how="cash", by=faye, key="s", now=NOON)
    assert account_of(one).outstanding == 9500


def test_a_refund_sent_twice_is_one_refund(one, faye) -> None:
    paid(one, by=faye)
    for _ in range(2):
        refund(one, cents=2000, how="cash", by=faye, key="r", now=NOON)
    assert account_of(one).balance.paid == 7500


@pytest.mark.parametrize("cents", [0, -100])
def test_nothing_and_less_than_nothing_are_refused(one, faye, cents) -> None:
    with pytest.raises(NotRecorded, match="above zero"):
        paid(one, cents, by=faye)
    with pytest.raises(NotRecorded, match="above zero"):
        refund(one, cents=cents, how="cash", by=faye, key="r", now=NOON)


def test_a_way_that_does_not_exist_is_refused(one, faye) -> None:
    with pytest.raises(NotRecorded, match="choose how"):
        paid(one, by=faye, how="later")


def test_a_mistake_is_taken_back_by_a_row_of_its_own_once(one, faye) -> None:
    (entry,) = paid(one, by=faye)
    assert correct(entry, by=faye, now=NOON) == correct(entry, by=faye, now=NOON)
    assert list(LedgerEntry.objects.values_list("what", "how", "cents")) == [
        ("payment", "cash", 9500),
        ("correction", "cash", -9500),
    ]
    assert account_of(one).outstanding == 9500


def test_a_payment_that_was_refunded_is_not_taken_back(one, faye) -> None:
    (entry,) = paid(one, by=faye)
    refund(one, cents=100, how="cash", by=faye, key="r", now=NOON)
    with pytest.raises(NotRecorded, match="Take the refund back first"):
        correct(entry, by=faye, now=NOON)


def test_waiving_needs_a_reason_and_something_outstanding(one, faye) -> None:
    with pytest.raises(NotRecorded, match="say why"):
        waive(one, reason="  ", by=faye, key="w", now=NOON)
    waive(one, reason="A gift", by=faye, key="w", now=NOON)
    assert account_of(one).outstanding == 0
    with pytest.raises(NotRecorded, match="Nothing is outstanding"):
        waive(one, reason="Again", by=faye, key="x", now=NOON)
    charge(one, by=faye, key="c", now=NOON)
    assert account_of(one).outstanding == 9500


def test_a_reason_is_encrypted_and_read_by_its_author_the_practitioner_and_the_owner(
    one, faye, jonah, tess
) -> None:
    entry = waive(one, reason="Her mother died", by=faye, key="w", now=NOON)
    entry.refresh_from_db()
    other = make_user("Finn", role="front_desk")
    readers = {user.name: reason_of(user, entry) for user in (faye, tess.user, jonah.user, other)}
    assert readers == {
        "Faye Moss": "Her mother died",
        "Tess Marlow": "Her mother died",
        "Jonah Reyes": "",
        "Finn": "",
    }


def test_a_missed_session_owes_its_late_fee_by_the_policy_it_was_booked_under(session, tess, ann) -> None:
    Practice.objects.update(late_percent=100)  # a new policy changes no old booking
    missed = session_of(session, tess, ann, "2027-03-02 09:00", state="no_show")
    account = account_of(missed)
    assert (account.outstanding, account.balance.why) == (4750, Why.LATE_FEE)


def test_a_client_who_cancels_late_owes_the_fee_and_in_time_nothing(session, tess, ann) -> None:
    late = session_of(session, tess, ann, "2027-03-03 09:00")
    in_time = session_of(session, tess, ann, "2027-03-09 09:00")
    for found in (late, in_time):
        cancel(found, by=ann, now=NOON)
        found.refresh_from_db()
    assert [account_of(found).outstanding for found in (late, in_time)] == [4750, 0]


def test_what_we_cancel_late_costs_nothing_unless_we_say_so(session, tess, ann, faye) -> None:
    late = session_of(session, tess, ann, "2027-03-03 09:00")
    cancel(late, by=faye, now=NOON)
    late.refresh_from_db()
    account = account_of(late)
    assert (account.charge.outcome, account.outstanding) == (Outcome.CANCELED_LATE_BY_US, 0)
    assert account.may_be_charged
    charge(late, by=faye, key="c", now=NOON)
    assert account_of(late).outstanding == 4750


def test_a_declined_request_can_never_be_charged(session, tess, ann, faye) -> None:
    asked = session_of(session, tess, ann, "2027-03-03 09:00", state="pending", booked_at=None)
    cancel(asked, by=faye, now=NOON)
    asked.refresh_from_db()
    with pytest.raises(NotRecorded, match="nothing to charge"):
        charge(asked, by=faye, key="c", now=NOON)


def test_a_package_owes_nothing_even_when_missed(session, tess, ann) -> None:
    sell(session, client=ann, sessions=3, price_cents=24000, by=tess.user, now=NOON)
    covered = session_of(session, tess, ann, "2027-03-02 09:00")
    assert use_for(covered, now=NOON)
    type(covered).objects.filter(pk=covered.pk).update(state="no_show")
    covered.refresh_from_db()
    assert account_of(covered).balance.why is Why.PACKAGE


def test_a_wrap_up_by_a_package_that_is_not_there_is_refused(session, tess, ann) -> None:
    booked = session_of(session, tess, ann, "2027-03-02 09:00")
    with pytest.raises(NotRecorded, match="No package"):
        use_package(booked, SessionPayment(key="k", how=PACKAGE), now=NOON)


def test_a_package_that_is_paid_at_its_sale_is_in_the_day_list(session, tess, ann, faye) -> None:
    sell(session, client=ann, sessions=3, price_cents=24000, by=faye, now=NOON, how="card")
    (entry,) = seen_by(faye, NOON.date(), NOON.date())
    assert (entry.cents, entry.how, entry.package.client) == (24000, "card", ann)


def outstanding(user: Any) -> list[tuple[str, int]]:
    return [(one.appointment.attendee_name, one.outstanding) for one in outstanding_seen_by(user, now=NOON)]


def test_outstanding_lists_who_owes_what_and_leaves_out_what_nobody_owes(session, tess, jonah, faye) -> None:
    """Each session is another person's, named after what became of it."""
    free = make_session_type(tess, slug="free", name="Free", price_cents=0)

    hours = iter(range(24))

    def made(name: str, when: str = "", kind: Any = session, **fields: Any) -> Any:
        when = when or f"2027-03-01 {next(hours):02}:00"
        return session_of(kind, tess, make_user(f"{name} X", email=f"{name}@x.example"), when, **fields)

    made("Unpaid", state="completed")
    made("Missed", state="no_show")
    made("Over", "2027-03-02 11:00", state="booked")
    made("Begun", "2027-03-02 12:00", state="booked")
    made("Coming", "2027-03-05 09:00", state="booked")
    made("Free", kind=free, state="completed")
    paid(made("Paid", state="completed"), by=faye, key="1")
    paid(made("Partly", state="completed"), 5000, by=faye, key="2", tip_cents=4500)
    (wrong,) = paid(made("Undone", state="completed"), by=faye, key="3")
    correct(wrong, by=faye, now=NOON)
    waive(made("Waived", state="completed"), reason="Gift", by=faye, key="4", now=NOON)
    late, ours = made("Late", "2027-03-03 09:00"), made("Ours", "2027-03-03 13:00")
    cancel(late, by=late.client, now=NOON)
    cancel(ours, by=faye, now=NOON)
    assert outstanding(faye) == [
        *(("Unpaid X", 9500), ("Missed X", 4750), ("Partly X", 4500), ("Undone X", 9500)),
        *(("Over X", 9500), ("Late X", 4750)),
    ]
    assert outstanding(jonah.user) == []
    Practice.objects.update(payments_since=dt.date(2027, 3, 2))
    assert outstanding(faye) == [("Over X", 9500), ("Late X", 4750)]


def test_the_outstanding_list_costs_the_same_for_one_and_for_twenty(
    session, tess, faye, django_assert_num_queries
) -> None:
    for number in range(20):
        client = make_user(f"C{number}", email=f"c{number}@x.example")
        session_of(
            session,
            tess,
            client,
            f"2027-02-{number + 1:02} 09:00",
            state="no_show" if number % 2 else "completed",
        )
    with django_assert_num_queries(4):  # the practice, the sessions, what pays for them, what was paid
        assert len(outstanding_seen_by(faye, now=NOON)) == 20
