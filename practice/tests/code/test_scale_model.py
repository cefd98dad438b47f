"""What docs/scale.md computes: known answers, and that its tables are those of the stored unit costs."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from itertools import pairwise
from random import Random

import pytest

from practice.tests.code.reading_order import ROOT
from tools.scale import limits, practice_load, queueing, regions, table
from tools.scale.costs import STORED, Costs, read
from tools.scale.failover import Log, Outcome, Scenario, booking_outcome, email_outcome, play, spread
from tools.scale.limits import Machine
from tools.scale.practice_load import Practice

END = 10.0
ASYNC = Scenario(sync=False, bookings_per_s=20, emails_per_s=20, one_way=0.5, behind=0.0, sending=0.3)
SYNC = replace(ASYNC, sync=True)
ONES = Costs(**{one.name: 1.0 for one in fields(Costs)})


@pytest.fixture(scope="module")
def tables():
    """The tables as the command prints them."""
    return table.sections(read())


def log(scenario: Scenario) -> Log:
    return Log(scenario, [0.0])


# --- The document ----------------------------------------------------------------------------------------


def test_the_tables_of_the_document_are_those_of_the_stored_costs(tables):
    text = table.DOCUMENT.read_text(encoding="utf-8")
    assert table.written_into(text, tables) == text


def test_the_document_has_a_place_for_each_table_and_stays_short(tables):
    text = table.DOCUMENT.read_text(encoding="utf-8")
    assert table.names_in(text) == set(tables)
    assert len(text.splitlines()) <= 200


def test_a_figure_that_was_changed_by_hand_is_found(tables):
    place = table.MARK.format(name="loads") + "\n| by hand |\n" + table.END
    assert "by hand" not in table.written_into(place, tables)


def test_the_costs_name_the_machine_that_measured_them():
    assert str(STORED).startswith(str(ROOT))
    assert "PostgreSQL" in STORED.read_text(encoding="utf-8")


# --- Waiting ----------------------------------------------------------------------------------------------


def test_with_one_server_the_wait_is_the_textbooks():
    """M/M/1, eight a second of a tenth of a second each: 0.8 / (10 − 8)."""
    assert queueing.mean_wait(8, 0.1, 1) == pytest.approx(0.4)


def test_with_two_servers_the_wait_is_the_textbooks():
    """M/M/2 with a load of 1.5: Erlang's C is 9/14."""
    assert queueing.chance_to_wait(1.5, 2) == pytest.approx(9 / 14)
    assert queueing.mean_wait(3, 0.5, 2) == pytest.approx(9 / 14)


def test_where_more_comes_than_can_be_done_the_wait_has_no_end():
    assert queueing.mean_wait(10, 0.1, 1) == math.inf
    with pytest.raises(ValueError, match="more comes"):
        queueing.chance_to_wait(2, 2)


# --- Across a distance ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("design", "seconds"),
    list(zip(regions.DESIGNS, (0.05, 0.15, 2.05, 0.25, 0.35), strict=True)),
    ids=[one.name for one in regions.DESIGNS],
)
def test_a_booking_takes_as_long_as_its_round_trips(design, seconds):
    booking = regions.Booking(seconds=0.05, trips=20, commits=2, locked_trips=10)
    assert regions.booking_seconds(design, booking, 0.1) == pytest.approx(seconds)


def test_the_lock_is_held_for_the_round_trips_within_it():
    booking = regions.Booking(seconds=0.05, trips=20, commits=2, locked_trips=10)
    rates = [regions.bookings_per_second(one, booking, 0.1) for one in regions.DESIGNS]
    held = (0.025, 0.025, 1.025, 0.125, 0.125)
    assert rates == pytest.approx([1 / one for one in held])


# --- One booking, one email ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("scenario", "at", "email_at", "found"),
    [
        (ASYNC, 9.4, None, Outcome()),
        (ASYNC, 9.6, None, Outcome(lost=1)),
        (ASYNC, 9.6, 9.9, Outcome(lost=1, ghosts=1)),
        (ASYNC, 9.6, 10.1, Outcome(lost=1)),
        (SYNC, 8.9, None, Outcome()),
        (SYNC, 9.4, None, Outcome(unanswered=1)),
        (SYNC, 9.6, None, Outcome()),
    ],
)
def test_a_booking_is_lost_only_if_its_client_was_told_before_it_arrived(scenario, at, email_at, found):
    assert booking_outcome(log(scenario), at, END, told_by_email=email_at) == found


@pytest.mark.parametrize(
    ("scenario", "claimed", "urgent", "found"),
    [
        (ASYNC, 9.1, False, Outcome()),  # noted at 9.4, which arrives at 9.9
        (ASYNC, 9.4, True, Outcome(twice=1)),  # the claim arrived, its end did not
        (ASYNC, 9.4, False, Outcome(unknown=1)),
        (ASYNC, 9.6, True, Outcome(twice=1)),  # sent at 9.9; the other region sees it planned
        (ASYNC, 9.6, False, Outcome(twice_unasked=1)),
        (ASYNC, 9.8, False, Outcome()),  # would have gone at 10.1
        (SYNC, 9.6, False, Outcome()),  # not claimed, so not sent
        (SYNC, 9.1, False, Outcome(unknown=1)),  # claimed in both, not sent: nobody can know
        (SYNC, 8.6, False, Outcome(unknown=1)),  # sent at 9.9, not noted there
        (SYNC, 8.6, True, Outcome(twice=1)),
        (SYNC, 8.1, False, Outcome()),  # sent at 9.4, noted there at 9.9
    ],
)
def test_an_email_goes_twice_only_if_its_end_did_not_arrive(scenario, claimed, urgent, found):
    assert email_outcome(log(scenario), claimed, END, urgent=urgent) == found


# --- Whole failovers ----------------------------------------------------------------------------------------


def test_commits_arrive_in_their_order_however_far_the_sender_is_behind():
    random = Random(7)
    stream = Log(replace(ASYNC, behind=9.0), [random.expovariate(1 / 9) for _ in range(7)])
    came = [stream.arrival(random_at) for random_at in sorted(random.uniform(0, 60) for _ in range(500))]
    assert all(one <= following for one, following in pairwise(came))


def test_synchronous_commits_lose_no_booking_and_double_no_email_of_kinds_that_never_may():
    found = spread(replace(SYNC, behind=1.0, length=5.0), plays=300)
    assert (found["lost"].most, found["ghosts"].most, found["twice_unasked"].most) == (0, 0, 0)
    assert found["unanswered"].mean > 0


def test_asynchronous_ones_lose_what_came_within_the_delay():
    """Twenty bookings a second and half a second on the way: ten are lost; with it a control of the above."""
    found = spread(replace(ASYNC, length=5.0), plays=400)
    assert found["lost"].mean == pytest.approx(10, rel=0.05)
    # Claimed and sent within the last half second: 20 × 0.2 s; 15 % of them are of kinds that never may.
    assert found["twice_unasked"].mean == pytest.approx(20 * 0.2 * 0.15, rel=0.2)
    assert found["lost"].most > found["lost"].mean


def test_a_failover_is_the_same_for_the_same_seed():
    assert play(ASYNC, 3) == play(ASYNC, 3) != play(ASYNC, 4)


# --- Loads and limits ---------------------------------------------------------------------------------------


def test_the_busiest_hour_has_its_share_of_a_day():
    practice = Practice(
        sessions_per_year=3_650, busiest_hour=0.36, lessons_per_day=10, reports_per_lesson=100
    )
    found = practice_load.rates(practice, replace(ONES, emails_per_session=7))
    assert found.bookings == pytest.approx(10 * 0.36 / 3_600)
    assert found.emails == pytest.approx(70 * 0.36 / 3_600)
    assert found.heard == pytest.approx(0.1)


def test_the_work_of_a_practice_is_the_sum_of_what_it_does():
    practice = Practice(sessions_per_year=0, pages_at_work_per_day=0, lessons_per_day=0, probe_seconds=10)
    found = practice_load.database_work(
        practice, replace(ONES, health_database_ms=20, rest_database_ms_per_s=3)
    )
    assert (found.ticks, found.probes, found.total) == (3, 2, 5)


def test_a_year_grows_by_sessions_by_what_was_heard_and_by_emails_that_lose_their_words():
    practice = Practice(sessions_per_year=730, lessons_per_day=10, reports_per_lesson=100)
    costs = replace(ONES, session_kb=50, heard_kb=0.2, emails_per_session=10, email_kb=6, email_blank_kb=1)
    stays = 730 * 0.05 + 365 * 0.2 + 7_300 * 0.001
    assert practice_load.grown_mb(practice, costs, 1) == pytest.approx(stays + 1_800 * 0.005)
    assert practice_load.grown_mb(practice, costs, 3) == pytest.approx(3 * stays + 1_800 * 0.005)


def test_the_first_limit_comes_first_and_is_what_one_would_reckon():
    costs = replace(
        ONES, most_connections=10, held_connections=2, up_in_use_mb=280, rest_database_ms_per_s=14
    )
    found = limits.limits(costs, Practice(), Machine(cores=2, redis_databases=50))
    assert [one.practices for one in found] == sorted(one.practices for one in found)
    by_name = {one.name: one.practices for one in found}
    assert by_name["`max_connections`, every thread in use"] == 9
    assert by_name["`max_connections`, at rest"] == 48
    assert by_name["cores of PostgreSQL at rest"] == 100
    assert by_name["memory of one machine with practices"] == 102


def test_a_remedy_raises_its_limit():
    found = limits.limits(read(), Practice(), Machine())
    assert [one.name for one in found if one.after and one.after <= one.practices] == []
