"""The judge of `make chaos` finds each broken promise in a record that was made up to break it."""

import datetime as dt
from collections.abc import Iterable

import pytest

from tools.chaos.oracle import Arrival, Kill, Record, Row, judge

TEN = dt.datetime(2027, 3, 2, 17, tzinfo=dt.UTC)
EMAIL, BEN = "<1@example.com>", "ben@example.com"


def after(seconds: float) -> dt.datetime:
    """So many seconds after ten."""
    return TEN + dt.timedelta(seconds=seconds)


def row(kind: str = "reminder", state: str = "sent", **fields: object) -> Row:
    return Row(**{"kind": kind, "state": state, "to": BEN, "has_reason": state != "sent", **fields})


def arrivals(*seconds: float, answered: bool = True, name: str = EMAIL) -> list[Arrival]:
    """Copies that were taken then."""
    return [Arrival(name, BEN, after(at), after(at), answered) for at in seconds]


def faults(one: Row, copies: Iterable[Arrival] = (), **fields: object) -> list[str]:
    """What the judge says of a record with one email that was planned."""
    return judge(Record(planned={EMAIL}, arrivals=list(copies), **fields), {EMAIL: one}).faults


@pytest.mark.parametrize(
    ("one", "copies", "fields"),
    [
        (row(), arrivals(1), {}),
        (row(), arrivals(1, 9), {"kills": [Kill(after(5))]}),
        (row(), arrivals(1, 9, answered=False), {}),
        (row("follow_up", "unknown"), arrivals(1), {}),
        (row("follow_up", "unknown"), [], {}),
        (row(state="failed"), [], {"refused": {EMAIL}}),
        (row(state="failed"), [], {"refused": {BEN}}),
        (row("sign_in_code", "missed", not_after=after(3)), [], {}),
        (row("confirmation"), arrivals(1), {"told_booked": {BEN}}),
        (row("confirmation", "failed"), [], {"refused": {EMAIL}, "told_booked": {BEN}}),
    ],
)
def test_what_is_promised_is_no_fault(one, copies, fields):
    assert faults(one, copies, **fields) == []


@pytest.mark.parametrize(
    ("one", "copies", "fields", "said"),
    [
        (row(), [], {}, "never arrived"),
        (row(state="planned"), [], {}, "still planned"),
        (row(state="claimed"), arrivals(1), {}, "still claimed"),
        (row(state="unknown"), arrivals(1), {}, "left to a person"),
        (row("follow_up", "unknown", has_reason=False), [], {}, "without a reason"),
        (row(state="failed"), [], {}, "no server refused it"),
        (row(state="missed"), [], {}, "never too late"),
        (row("follow_up"), arrivals(1, 9, answered=False), {}, "arrived 2 times"),
        (row("text_reminder"), arrivals(1, 9), {"kills": [Kill(after(5))]}, "arrived 2 times"),
        (row(), arrivals(1, 9), {}, "not killed"),
        (row(), arrivals(1, 9), {"kills": [Kill(after(10))]}, "not killed"),
        (row(), arrivals(1, 4, 9), {"kills": [Kill(after(4))]}, "2 second copies, and only 1 "),
        (row("sign_in_code", not_after=after(3)), arrivals(20), {}, "too late"),
        (row("confirmation"), [], {"told_booked": {BEN}}, "got no email"),
        (row("reminder"), arrivals(1), {"told_booked": {BEN}}, "got no email"),
        (row(), arrivals(1, name="<2@example.com>"), {}, "no one planned it"),
    ],
)
def test_each_broken_promise_is_found(one, copies, fields, said):
    assert any(said in fault for fault in faults(one, copies, **fields))


def test_a_row_that_is_gone_is_found():
    assert judge(Record(planned={EMAIL}), {}).faults == [f"{EMAIL}: planned, and its row is gone"]


def test_two_follow_ups_to_one_reader_are_found_though_each_arrived_once():
    other = "<2@example.com>"
    record = Record(arrivals=[*arrivals(1), *arrivals(2, name=other)])
    found = judge(record, {EMAIL: row("follow_up"), other: row("follow_up")})
    assert found.faults == ["2 follow-ups to one reader"]
