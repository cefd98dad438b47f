"""The oracle of `make year` knows what is owed, and finds each fault in money that was made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from tools.year.diary import Diary, Person
from tools.year.oracle.money import judge_money
from tools.year.oracle.stored import Judgment, Stored, StoredSession

# Monday, March 8, 2027, ten in the morning in Denver.
TEN = dt.datetime(2027, 3, 8, 17, tzinfo=dt.UTC)
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
BEN, OF = "ben@example.com", "a" * 32
PRICE, FEE = 9500, 4750


def booked(start: dt.datetime = TEN) -> Diary:
    """Ben has booked a session, a week before."""
    diary = Diary(people={BEN: Person("Zq", BEN, BEN, "America/Denver")})
    facts = {"practitioner": "tess", "start": start, "minutes": 60, "price": PRICE}
    diary.note(TEN - 7 * DAY, "booked", BEN, OF, **facts)
    return diary


def faults(diary: Diary, stored: Stored) -> list[str]:
    """What the oracle finds."""
    judgment = Judgment()
    judge_money(diary, stored, judgment)
    return judgment.sentences


def owed(diary: Diary, cents: int) -> bool:
    """Whether the oracle agrees that this is owed, and with no other sum."""
    right, wrong = (faults(diary, Stored(outstanding={OF: sum_})) for sum_ in (cents, cents + 1))
    return not right and len(wrong) == 1


def test_who_came_owes_the_price() -> None:
    diary = booked()
    diary.note(TEN + HOUR, "came", BEN, OF, how="later", cents=0)
    assert owed(diary, PRICE)


def test_who_stayed_away_owes_the_fee() -> None:
    diary = booked()
    diary.note(TEN + HOUR, "stayed away", BEN, OF, how="later", cents=0)
    assert owed(diary, FEE)


@pytest.mark.parametrize(
    ("before", "cents"), [(25 * HOUR, 0), (23 * HOUR, FEE)], ids=["in good time", "late"]
)
def test_only_a_late_cancel_costs_something(before: dt.timedelta, cents: int) -> None:
    diary = booked()
    diary.note(TEN - before, "canceled", BEN, OF)
    assert owed(diary, cents)


def test_nobody_can_say_whether_a_cancel_at_the_limit_was_late() -> None:
    diary = booked()
    diary.note(TEN - DAY + MINUTE, "canceled", BEN, OF)
    assert [faults(diary, Stored(outstanding={OF: cents})) for cents in (0, FEE)] == [[], []]


def test_a_late_move_does_not_make_the_cancel_free() -> None:
    diary = booked()
    diary.note(TEN - 23 * HOUR, "moved", BEN, OF, start=TEN + 9 * DAY)
    diary.note(TEN - 22 * HOUR, "canceled", BEN, OF)
    assert owed(diary, FEE)


def test_a_move_in_good_time_does() -> None:
    diary = booked()
    diary.note(TEN - 2 * DAY, "moved", BEN, OF, start=TEN + 9 * DAY)
    diary.note(TEN, "canceled", BEN, OF)
    assert owed(diary, 0)


def test_what_the_practice_cancels_costs_nothing() -> None:
    diary = booked()
    diary.note(TEN - HOUR, "canceled by the practice", BEN, OF)
    assert owed(diary, 0)


def test_what_is_waived_is_owed_again_once_it_is_charged() -> None:
    diary = booked()
    diary.note(TEN + HOUR, "came", BEN, OF, how="later", cents=0)
    diary.note(TEN + DAY, "waived", of=OF)
    assert owed(diary, 0)
    diary.note(TEN + 2 * DAY, "charged", of=OF)
    assert owed(diary, PRICE)


def test_of_who_was_erased_the_sums_stay_under_another_name() -> None:
    diary, _ = at_the_till()
    diary.note(TEN + 9 * DAY, "erasure asked", BEN, due=TEN + 16 * DAY)
    other = "b" * 32
    row = StoredSession(other, "tess", 1, TEN, TEN + HOUR, True, "completed", "")
    moved = Stored([row], paid={other: 2750}, tips={other: 1000}, receipts={1: (other, 5750)})
    assert faults(diary, moved) == []
    moved.receipts[1] = (other, 9500)
    assert len(faults(diary, moved)) == 1


# --- At the till: 47.50 with a tip of 10, a receipt of both, then 20 given back ----------------------------
def at_the_till() -> tuple[Diary, Stored]:
    diary = booked()
    diary.note(TEN + HOUR, "came", BEN, OF, how="later", cents=0)
    diary.note(TEN + DAY, "paid", of=OF, cents=4750, tip=1000)
    diary.note(TEN + 2 * DAY, "receipt", of=OF, number=1)
    diary.note(TEN + 3 * DAY, "refunded", of=OF, cents=2000)
    stored = Stored(paid={OF: 2750}, tips={OF: 1000}, outstanding={OF: 6750}, receipts={1: (OF, 5750)})
    return diary, stored


def test_payments_tips_refunds_and_receipts_add_up() -> None:
    assert faults(*at_the_till()) == []


def test_what_was_taken_back_counts_no_more() -> None:
    diary, stored = at_the_till()
    diary.note(TEN + 4 * DAY, "taken back", of=OF, entry="refund", cents=2000)
    diary.note(TEN + 4 * DAY, "taken back", of=OF, entry="tip", cents=1000)
    stored.paid[OF], stored.tips[OF], stored.outstanding[OF] = 4750, 0, 4750
    assert faults(diary, stored) == []


def refund_lost(diary: Diary, stored: Stored) -> None:
    stored.paid[OF] += 2000


def tip_settles(diary: Diary, stored: Stored) -> None:
    stored.outstanding[OF] -= 1000


def tip_twice(diary: Diary, stored: Stored) -> None:
    stored.tips[OF] += 1000


def gap_in_receipts(diary: Diary, stored: Stored) -> None:
    diary.deeds[-2].facts["number"] = 2
    stored.receipts = {2: stored.receipts[1]}


def receipt_of_too_much(diary: Diary, stored: Stored) -> None:
    stored.receipts[1] = (OF, 9500)


def receipt_of_nobody(diary: Diary, stored: Stored) -> None:
    stored.receipts[2] = (OF, 3750)


@pytest.mark.parametrize(
    ("planted", "promise"),
    [
        (refund_lost, "paid for a session"),
        (tip_twice, "paid for a session"),
        (tip_settles, "still owed"),
        (gap_in_receipts, "no gap"),
        (receipt_of_too_much, "no gap"),
        (receipt_of_nobody, "no gap"),
    ],
)
def test_each_fault_in_money_is_seen(planted: Callable[[Diary, Stored], None], promise: str) -> None:
    diary, stored = at_the_till()
    planted(diary, stored)
    assert [promise in one for one in faults(diary, stored)] == [True]
