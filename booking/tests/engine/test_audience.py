"""Who may book: of a visitor nothing is known, and nothing is told."""

import pytest

from booking.availability.engine.slots import first_refusal, starts, why_none
from booking.tests.engine.sample_practice import LONG_BEFORE, at, hour_type, open_daily

TEN = at("2027-06-01 10:00")
ASKERS = ("unknown", "new", "returning", "staff")


@pytest.mark.parametrize(
    ("who", "admitted"),
    [
        ("anyone", ASKERS),
        ("new", ("unknown", "new", "staff")),
        ("returning", ("returning", "staff")),
        ("staff", ("staff",)),
    ],
)
def test_who_is_admitted(who, admitted):
    service = hour_type(who=who)

    found = [
        one
        for one in ASKERS
        if first_refusal(service, open_daily((9, 17)), TEN, now=LONG_BEFORE, asker=one) is None
    ]

    assert found == [*admitted]


def test_it_is_asked_before_the_time_is():
    refusal = first_refusal(
        hour_type(who="staff"), open_daily(), at("2020-01-01 03:00"), now=LONG_BEFORE, asker="new"
    )

    assert (refusal.rule, dict(refusal.params)) == ("who", {"who": "staff", "asker": "new"})


def test_nothing_is_listed_for_who_may_not_book_and_the_reason_is_that():
    span = {"first": TEN, "until": at("2027-06-08 10:00"), "now": LONG_BEFORE, "asker": "returning"}

    assert starts(hour_type(who="new"), open_daily((9, 17)), **span) == []
    assert why_none(hour_type(who="new"), open_daily((9, 17)), **span).rule == "who"
