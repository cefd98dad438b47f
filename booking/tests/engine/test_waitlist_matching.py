"""Who is asked about a freed time: in the order of arrival, by day, and only whom it suits."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from booking.offers.matching import WaitlistCriteria, first_match, fits, may_be_asked

DENVER, KIRITIMATI = ZoneInfo("America/Denver"), ZoneInfo("Pacific/Kiritimati")
TESS, JONAH = 1, 2
NOON = datetime(2027, 3, 16, 12, tzinfo=DENVER)  # a Tuesday
FREED = datetime(2027, 3, 18, 10, tzinfo=DENVER)  # a Thursday


def wish(key=1, **fields):
    return WaitlistCriteria(
        **{"key": key, "kind": 60, "zone": DENVER, "last_day": date(2027, 4, 30), **fields}
    )


def asked(*wishes, now=NOON, starts=(FREED,)):
    found = first_match(wishes, {60: starts, 90: ()}, practitioner=TESS, zone=DENVER, now=now)
    return found and (found[0].key, found[1])


def test_any_day_and_hour_will_do_unless_some_were_chosen():
    chosen = wish()
    assert (chosen.first_day, chosen.weekdays, chosen.earliest, chosen.latest) == (
        None,
        frozenset(),
        None,
        None,
    )


def test_case_31_a_longer_waitlist_entry_and_a_wrong_day_are_passed_over_and_the_first_match_is_asked():
    queue = [wish(1, kind=90), wish(2, weekdays=frozenset({0})), wish(3), wish(4)]
    assert asked(*queue) == (3, FREED)


@pytest.mark.parametrize(
    ("fields", "suits"),
    [
        ({}, True),
        ({"weekdays": frozenset({3})}, True),
        ({"weekdays": frozenset({2, 4})}, False),
        ({"practitioner": TESS}, True),
        ({"practitioner": JONAH}, False),
        ({"earliest": time(10)}, True),
        ({"earliest": time(10, 1)}, False),
        ({"latest": time(10)}, True),
        ({"latest": time(9, 59)}, False),
        ({"last_day": date(2027, 3, 18)}, True),
        ({"last_day": date(2027, 3, 17)}, False),
        ({"first_day": date(2027, 3, 18)}, True),
        ({"first_day": date(2027, 3, 19)}, False),
        ({"before": datetime(2027, 3, 18, 10, 1, tzinfo=DENVER)}, True),
        ({"before": FREED}, False),
    ],
)
def test_a_waitlist_entry_is_read_on_the_practitioners_clock(fields, suits):
    assert fits(wish(**fields), FREED, practitioner=TESS, zone=DENVER) is suits


def test_a_reader_far_away_still_chooses_the_practitioners_thursday():
    far = wish(zone=KIRITIMATI, weekdays=frozenset({3}))
    late = datetime(2027, 3, 18, 23, tzinfo=DENVER)  # Friday evening in Kiritimati
    assert fits(far, late, practitioner=TESS, zone=DENVER)


@pytest.mark.parametrize(
    ("wall", "day"), [("07:59:59", False), ("08:00:00", True), ("19:59:59", True), ("20:00:00", False)]
)
def test_nobody_is_asked_at_night(wall, day):
    now = datetime.fromisoformat(f"2027-03-16T{wall}").replace(tzinfo=DENVER)
    assert may_be_asked(wish(), now) is day


def test_eight_in_the_morning_is_eight_on_the_wall_also_when_the_clocks_have_changed():
    before, after = (datetime(2027, 3, day, 14, 30, tzinfo=UTC) for day in (13, 14))
    assert [may_be_asked(wish(), now) for now in (before, after)] == [False, True]


def test_where_the_first_sleeps_the_next_is_asked():
    night_there = datetime(2027, 3, 16, 12, tzinfo=DENVER)  # 8 in the morning there is 12 in Denver
    early = night_there.replace(hour=11, minute=59)
    assert asked(wish(1, zone=KIRITIMATI), wish(2), now=early) == (2, FREED)
    assert asked(wish(1, zone=KIRITIMATI), wish(2), now=night_there) == (1, FREED)


def test_of_several_starts_the_first_that_suits_is_taken():
    later = FREED.replace(minute=30)
    assert asked(wish(earliest=time(10, 15)), starts=(FREED, later)) == (1, later)


def test_nobody_to_ask_is_nobody():
    assert asked() is None
    assert asked(wish(), starts=()) is None


def test_a_waitlist_entry_for_one_practitioner_is_for_no_other():
    assert asked(wish(1, practitioner=JONAH), wish(2, practitioner=TESS)) == (2, FREED)


def test_a_waitlist_entry_for_what_is_not_free_at_all_is_passed_over():
    assert asked(wish(1, kind=45), wish(2)) == (2, FREED)
