"""Gaps, with rows: what a practitioner's other sessions make of a gap, and what the page says first."""

import pytest
import time_machine

from booking.availability import listing
from booking.testing import make_session_type
from booking.tests.people import BEN, NOW, TEN, booked, denver, minutes
from booking.tests.web_client import browser, words_of

pytestmark = pytest.mark.django_db
DAY = {"first": denver("2027-03-16 00:00"), "until": denver("2027-03-17 00:00"), "now": NOW}


def hours(kind, *people):
    return [
        one.start.astimezone(TEN.tzinfo).strftime("%H:%M") for one in listing.free_starts(kind, people, **DAY)
    ]


@pytest.fixture
def tidy(tess):
    """An hour, every half hour, that leaves no gap no session fits into."""
    return make_session_type(tess, slug="tidy", step=30, gaps="require")


def test_the_shortest_session_a_practitioner_gives_decides(tidy, tess, jonah):
    booked(tidy, tess, TEN + minutes(60))
    assert hours(tidy, tess)[:3] == ["09:00", "10:00", "12:00"]
    half = make_session_type(jonah, slug="half", minutes=30)  # Jonah's does not fill Tess's gaps
    assert hours(tidy, tess)[:3] == ["09:00", "10:00", "12:00"]
    half.practitioners.add(tess)
    assert hours(tidy, tess)[:4] == ["09:00", "09:30", "10:00", "12:00"]
    half.is_active = False
    half.save(update_fields=["is_active"])
    assert hours(tidy, tess)[:3] == ["09:00", "10:00", "12:00"]


def test_a_type_that_refuses_gaps_costs_one_query_more_whatever_there_is(
    tidy, tess, django_assert_num_queries
):
    for number in range(2):
        with django_assert_num_queries(5):
            listing.free_starts(tidy, [tess], **DAY)
        make_session_type(tess, slug=f"other-{number}", minutes=30)
        booked(tidy, tess, TEN + minutes(60 * number), attendee=BEN)


def test_a_move_is_judged_as_if_its_own_time_were_a_gap(tidy, tess):
    made = booked(tidy, tess, TEN)
    found = [
        listing.first_refusal(tidy, tess, TEN + minutes(late), now=NOW, ignoring=made) for late in (-30, 30)
    ]
    assert [one.rule if one else "free" for one in found] == ["gap", "free"]


def test_what_suits_the_practice_best_comes_first_on_the_page(tess):
    kind = make_session_type(tess, slug="kind", step=30, gaps="prefer")
    booked(kind, tess, TEN + minutes(60))
    with time_machine.travel(NOW, tick=False):
        said = words_of(browser().get("/book/kind/?day=2027-03-16"))
    assert "Best for our schedule 10:00 AM 12:00 PM Morning 9:00 AM 9:30 AM Afternoon 12:30 PM" in said


def test_without_a_neighbor_nothing_is_better_than_another(tess):
    make_session_type(tess, slug="kind", step=30, gaps="prefer")
    with time_machine.travel(NOW, tick=False):
        assert "Best for our schedule" not in words_of(browser().get("/book/kind/?day=2027-03-16"))


def test_among_several_the_one_who_has_a_neighbor_is_named(tess, jonah):
    kind = make_session_type(tess, jonah, slug="kind", step=30, gaps="prefer")
    booked(kind, jonah, TEN + minutes(60))
    found = {one.start: one for one in listing.free_starts(kind, [tess, jonah], **DAY)}
    assert (found[TEN].practitioner, found[TEN].beside) == (jonah, True)
    assert (found[TEN - minutes(30)].practitioner, found[TEN - minutes(30)].beside) == (tess, False)


def test_of_two_who_have_a_neighbor_the_first_is_named(tess, jonah):
    kind = make_session_type(tess, jonah, slug="kind", step=30, gaps="prefer")
    for one in (tess, jonah):
        booked(kind, one, TEN + minutes(60))
    (found,) = [one for one in listing.free_starts(kind, [tess, jonah], **DAY) if one.start == TEN]
    assert (found.practitioner, found.beside) == (tess, True)
