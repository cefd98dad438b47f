"""What is owed and what is outstanding, in whole cents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking.payments.engine.ledger import (
    CHARGED,
    CORRECTION,
    PAYMENT,
    REFUND,
    TIP,
    WAIVED,
    Balance,
    Charge,
    Entry,
    Outcome,
    Why,
    balance_of,
    may_correct,
    tax_in,
)

SESSION = Charge(price=9500, fee=4750, outcome=Outcome.TAKES_PLACE)
MISSED = Charge(price=9500, fee=4750, outcome=Outcome.MISSED)
OURS = Charge(price=9500, fee=4750, outcome=Outcome.CANCELED_LATE_BY_US)


def entries(*said: tuple) -> list[Entry]:
    """Entries numbered from 1: (what, cents) or (CORRECTION, cents, which it corrects)."""
    return [Entry(number, one[0], one[1], *one[2:]) for number, one in enumerate(said, start=1)]


def stands(balance: Balance) -> tuple[int, int, int, int]:
    return balance.outstanding, balance.credit, balance.paid, balance.tips


@pytest.mark.parametrize(
    ("charge", "said", "outstanding", "credit", "paid", "tips"),
    [
        # A refund of a payment that was then waived: nothing more is asked for.
        (SESSION, [(PAYMENT, 9500), (REFUND, -9500), (WAIVED, 0)], 0, 0, 0, 0),
        # Partly paid, the rest waived, and charged after all.
        (SESSION, [(PAYMENT, 5000), (WAIVED, 0)], 0, 0, 5000, 0),
        (SESSION, [(PAYMENT, 5000), (WAIVED, 0), (CHARGED, 0)], 4500, 0, 5000, 0),
        # Paid ahead in full, then missed: only the fee is owed.
        (MISSED, [(PAYMENT, 9500)], 0, 4750, 9500, 0),
        (MISSED, [(PAYMENT, 9500), (REFUND, -4750)], 0, 0, 4750, 0),
        (MISSED, [], 4750, 0, 0, 0),
        (MISSED, [(WAIVED, 0)], 0, 0, 0, 0),
        # We canceled late: nothing, unless somebody says so.
        (OURS, [], 0, 0, 0, 0),
        (OURS, [(CHARGED, 0)], 4750, 0, 0, 0),
        (OURS, [(CHARGED, 0), (WAIVED, 0)], 0, 0, 0, 0),
        # A tip settles nothing, and a mistake is as if it had never been.
        (SESSION, [(TIP, 1000)], 9500, 0, 0, 1000),
        (SESSION, [(PAYMENT, 9500), (CORRECTION, -9500, 1)], 9500, 0, 0, 0),
        (SESSION, [(TIP, 1000), (CORRECTION, -1000, 1), (PAYMENT, 9500)], 0, 0, 9500, 0),
        (SESSION, [(PAYMENT, 9500), (REFUND, -500), (CORRECTION, 500, 2)], 0, 0, 9500, 0),
        # A package covers it, whatever became of it.
        (Charge(9500, 4750, Outcome.MISSED, is_covered=True), [], 0, 0, 0, 0),
        (Charge(9500, 0, Outcome.CANCELED), [(PAYMENT, 9500)], 0, 9500, 9500, 0),
        (Charge(0, 0, Outcome.TAKES_PLACE), [], 0, 0, 0, 0),
    ],
)
def test_an_account_adds_up(charge, said, outstanding, credit, paid, tips) -> None:
    assert stands(balance_of(charge, entries(*said))) == (outstanding, credit, paid, tips)


@pytest.mark.parametrize(
    ("charge", "why"),
    [
        (SESSION, Why.SESSION),
        (MISSED, Why.LATE_FEE),
        (Charge(9500, 0, Outcome.MISSED), Why.CANCELED),  # a policy without a fee
        (Charge(9500, 0, Outcome.TAKES_PLACE, is_covered=True), Why.PACKAGE),
        (Charge(0, 0, Outcome.TAKES_PLACE), Why.FREE),
    ],
)
def test_a_balance_says_what_is_owed_for(charge, why) -> None:
    assert balance_of(charge, []).why is why


def test_a_payment_that_was_refunded_cannot_be_taken_back_before_its_refund() -> None:
    refunded = entries((PAYMENT, 9500), (REFUND, -500))
    assert not may_correct(refunded, 1)
    assert may_correct(refunded, 2)
    assert may_correct([*refunded, Entry(3, CORRECTION, 500, 2)], 1)


def test_nothing_is_taken_back_twice_and_no_word_on_a_fee_is() -> None:
    assert not may_correct(entries((TIP, 500), (CORRECTION, -500, 1)), 1)
    assert not may_correct(entries((TIP, 500), (CORRECTION, -500, 1)), 2)
    assert not may_correct(entries((WAIVED, 0)), 1)


@pytest.mark.parametrize(
    ("cents", "hundredths", "tax"),
    [(9500, 810, 712), (10000, 2000, 1667), (-10000, 2000, -1667), (103, 300, 3), (9500, 0, 0), (0, 770, 0)],
)
def test_the_tax_in_a_sum_is_rounded_once_and_alike_for_refunds(cents, hundredths, tax) -> None:
    assert tax_in(cents, hundredths) == tax


@given(st.lists(st.tuples(st.sampled_from([PAYMENT, TIP]), st.integers(1, 20000)), max_size=6), st.data())
def test_taking_everything_back_leaves_nothing_paid(said, data) -> None:
    found = entries(*said)
    for one in data.draw(st.permutations(found)):
        assert may_correct(found, one.number)
        found.append(Entry(len(found) + 1, CORRECTION, -one.cents, one.number))
    assert stands(balance_of(SESSION, found)) == (9500, 0, 0, 0)
