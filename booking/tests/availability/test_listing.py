"""The doorway: listed is bookable, and its price is the same for an empty and for a full calendar."""

import datetime as dt

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking.availability import listing
from booking.availability.wording import sentence
from booking.errors import BookingError
from booking.models import Closure
from booking.testing import make_appointment, make_session_type, open_every_day
from booking.tests.people import DENVER, NOW, TEN, booked, denver, kept, minutes
from practice.append_only.door import Why, open_door
from practice.models import User
from practice.testing import make_practitioner, make_user
from practice.tests.sampling import SEED, size

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def starts(kind, *people, day="2027-03-16", days=1, now=NOW, **options):
    first = denver(f"{day} 00:00")
    return [
        slot.start
        for slot in listing.free_starts(
            kind, people, first=first, until=first + days * DAY, now=now, **options
        )
    ]


@pytest.fixture
def many(tess):
    """Five practitioners, and sixty sessions with the first of them."""
    others = [make_practitioner(f"P{n} Other", role=User.Role.PRACTITIONER) for n in range(4)]
    for person in others:
        open_every_day(person)
    kind = make_session_type(tess, *others, step=15)
    ann = make_user("Ann Lee")
    for number in range(60):
        start = denver("2027-03-02 09:00") + (number // 6) * DAY + minutes(60 * (number % 6))
        make_appointment(session_type=kind, practitioner=tess, start=start, client=ann)
    return kind, [tess, *others]


@pytest.mark.engines
def test_the_number_of_queries_is_four_whatever_there_is(many, tess, django_assert_num_queries):
    kind, people = many
    empty = make_session_type(people[4], slug="empty")
    for who, what in [([people[4]], empty), ([tess], kind), (people, kind)]:
        with django_assert_num_queries(4):
            listing.free_starts(what, who, first=NOW, until=NOW + 30 * DAY, now=NOW)


@pytest.mark.engines
def test_judging_costs_four_queries_too(many, tess, django_assert_num_queries):
    kind, people = many
    with django_assert_num_queries(4):
        listing.first_refusals(kind, people, TEN, now=NOW)


#: Within two hours of the session, and where a time is listed, every instant is tried; elsewhere one in so
#: many, drawn by the commit: each rule that refuses there refuses more than twenty.
ONE_OF = size(sampled=5, full=1)


def test_listed_is_bookable_to_the_minute(tess):
    """Every five minutes of two days, beside a session with buffers: held if and only if listed."""
    kind = make_session_type(tess, slug="kind", step=15, buffer_before=10, buffer_after=15)
    booked(kind, tess, TEN)
    listed = set(starts(kind, tess, days=2))
    lattice = [denver("2027-03-16 00:00") + minutes(number) for number in range(0, 2 * 24 * 60, 5)]
    near = [start for start in lattice if abs(start - TEN) <= minutes(120)]
    for start in sorted({*lattice[SEED % ONE_OF :: ONE_OF], *near, *listed}):
        try:
            kept(kind, tess, start, visitor="")
        except BookingError:
            assert start not in listed
        else:
            assert start in listed
            with open_door(Why.DEMO):
                type(tess.appointments.first()).objects.filter(state="held").delete()


def test_case_16_touching_is_allowed(tess, session):
    booked(session, tess)
    long = make_session_type(tess, slug="long", minutes=90, step=30)
    assert starts(long, tess)[:2] == [TEN + minutes(60), TEN + minutes(90)]


def test_any_lists_each_start_once_with_the_first_who_is_free(tess, jonah, session):
    session.practitioners.add(jonah)
    booked(session, tess)
    found = listing.free_starts(session, [tess, jonah], first=TEN, until=TEN + minutes(61), now=NOW)
    assert [slot.practitioner.slug for slot in found] == ["jonah", "jonah", "jonah", "jonah", "tess"]


@pytest.mark.engines
def test_a_closure_replaces_the_weekly_hours(tess, session):
    Closure.objects.create(first_day=TEN.date(), last_day=TEN.date(), opens=dt.time(13), closes=dt.time(15))
    found = [start.astimezone(DENVER).hour for start in starts(session, tess)]
    assert (found[0], found[-1]) == (13, 14)


def test_a_closed_day_of_the_practice_is_closed_for_everyone_and_says_so(tess, session):
    Closure.objects.create(first_day=TEN.date(), last_day=TEN.date())
    refusal = listing.first_refusal(session, tess, TEN, now=NOW)
    assert starts(session, tess) == []
    assert sentence(refusal, zone=DENVER, locale="en-us", call="") == "We are closed on Tuesday, March 16."


def test_a_closure_of_another_practitioner_is_none_of_ours(tess, jonah, session):
    Closure.objects.create(practitioner=jonah, first_day=TEN.date(), last_day=TEN.date())
    assert TEN in starts(session, tess)


@pytest.mark.engines
def test_hours_to_midnight_and_past_it(tess, session):
    tess.opening_hours.all().delete()
    open_every_day(tess, "22:00", "00:00")
    assert starts(session, tess)[-1] == denver("2027-03-16 23:00")
    tess.opening_hours.all().delete()
    open_every_day(tess, "22:00", "01:00")
    assert denver("2027-03-17 00:00") in starts(session, tess, days=2)


@pytest.mark.engines
def test_a_room_taken_by_a_colleague_is_taken(tess, jonah, session):
    session.practitioners.add(jonah)
    jonah.room = tess.room
    jonah.save(update_fields=["room"])
    booked(session, jonah)
    assert listing.first_refusal(session, tess, TEN + minutes(30), now=NOW).rule == "taken"


@pytest.mark.engines
def test_a_completed_session_still_counts_for_the_day(tess):
    one = make_session_type(tess, slug="one", daily_limit=1)
    done = booked(one, tess)
    type(done).objects.filter(pk=done.pk).update(state="completed", occupies=False)
    assert listing.first_refusal(one, tess, TEN + minutes(120), now=NOW).rule == "daily_limit"


def test_another_type_does_not_count_for_the_limit(tess, session):
    one = make_session_type(tess, slug="one", daily_limit=1)
    booked(session, tess)
    assert listing.first_refusal(one, tess, TEN + minutes(120), now=NOW) is None


def test_alternatives_are_the_nearest_and_come_in_order(tess, session):
    booked(session, tess)
    found = listing.alternatives(session, [tess], near=TEN, now=NOW)
    assert [slot.start for slot in found] == [TEN - minutes(60), TEN + minutes(60), TEN + minutes(75)]


def test_alternatives_look_further_when_the_fortnight_is_closed(tess, session):
    Closure.objects.create(first_day=NOW.date(), last_day=NOW.date() + 40 * DAY)
    found = listing.alternatives(session, [tess], near=TEN, now=NOW)
    assert [slot.start.astimezone(DENVER).date() for slot in found] == [NOW.date() + 41 * DAY] * 3


def test_why_none_names_who_came_nearest(tess, jonah, session):
    session.practitioners.add(jonah)
    Closure.objects.create(practitioner=tess, first_day=TEN.date(), last_day=TEN.date())
    make_appointment(
        session_type=session,
        practitioner=jonah,
        start=denver("2027-03-16 09:00"),
        client=make_user("Ann Lee"),
        minutes=8 * 60,
    )
    first = denver("2027-03-16 00:00")
    reason = listing.why_none(session, [tess, jonah], first=first, until=first + DAY, now=NOW)
    assert reason.rule == "fully_booked"


def test_there_is_no_reason_while_someone_is_free(tess, session):
    first = denver("2027-03-16 00:00")
    assert listing.why_none(session, [tess], first=first, until=first + DAY, now=NOW) is None


def test_case_20_two_rules_that_exclude_each_other_are_both_named(tess):
    never = make_session_type(tess, slug="never", notice_hours=120, horizon_days=2)
    reason = listing.why_none(never, [tess], first=NOW, until=NOW + 30 * DAY, now=NOW)
    words = sentence(reason, zone=DENVER, locale="en-us", call="")
    assert "5 days" in words
    assert "2 days" in words


@pytest.mark.engines
@pytest.mark.skipif(not settings.SQLITE, reason="PostgreSQL chooses by the number of rows")
def test_years_of_sessions_in_a_room_are_never_read(many):
    """Each index is entered by a time too: by the room alone, a list costs more with each year."""
    with CaptureQueriesContext(connection) as asked:
        starts(many[0], *many[1])
    sql = next(one["sql"] for one in asked if "strftime" in one["sql"] and '"room_id" IN' in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql.replace('%', '%%')}", ())
        plan = [row[3] for row in cursor.fetchall()]
    searches = [line for line in plan if line.startswith(("SEARCH", "SCAN"))]
    assert len(searches) == 2
    assert [line for line in searches if "starts_at>?" not in line] == []
