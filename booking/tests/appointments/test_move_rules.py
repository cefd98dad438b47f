"""A move is judged as a booking is: the same rules, the same people, the same packages, the same limits."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.appointments.actions.move import move
from booking.errors import BookingError, NotOffered, SlotTaken
from booking.links import appointment_token
from booking.models import Appointment, Closure, SessionType
from booking.offers.queries import freed_since
from booking.packages import actions as packages_actions
from booking.packages import queries as standing
from booking.testing import make_appointment, make_session_type
from booking.tests.people import ANN, BEN, NOW, TEN, booked, denver, minutes
from booking.tests.web_client import ORIGIN, browser, starts_on
from practice.mail.delivery import deliver
from practice.models import Letter, Practitioner, User
from practice.testing import is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
IN_A_WEEK = TEN + dt.timedelta(days=7)

#: Each rule, and a start that it refuses; Ben has ten o'clock, and noon of the day after.
REFUSED = {
    "taken": TEN + minutes(30),
    "buffer": TEN + minutes(70),
    "daily_limit": TEN + dt.timedelta(hours=27),
    "off_grid": denver("2027-03-18 10:05"),
    "outside_hours": TEN + minutes(1000),
    "closed": denver("2027-03-20 10:00"),
    "past": NOW - dt.timedelta(days=1),
    "notice": NOW + dt.timedelta(hours=2),
    "horizon": TEN + dt.timedelta(days=500),
}


@pytest.fixture
def ann(practice) -> User:
    """Ann, who has been here."""
    return make_user("Ann Lee")


def been_here(client: User, kind: SessionType, tess: Practitioner) -> None:
    make_appointment(
        session_type=kind,
        practitioner=tess,
        start=denver("2027-02-02 10:00"),
        client=client,
        state="completed",
    )


def refusal(act: Any) -> tuple[type[BookingError], str, str]:
    """Which error, which rule, in which words."""
    with pytest.raises(BookingError) as refused:
        act()
    error = refused.value
    return type(error), error.refusal.rule, error.message  # type: ignore[attr-defined]


@pytest.mark.parametrize("rule", REFUSED)
def test_every_rule_refuses_a_move_as_it_refuses_a_booking(rule, tess):
    kind = make_session_type(tess, step=10, buffer_after=30, daily_limit=1, notice_hours=6)
    Closure.objects.create(first_day=dt.date(2027, 3, 20), last_day=dt.date(2027, 3, 20))
    if rule in ("taken", "buffer"):
        SessionType.objects.update(daily_limit=None)
    kind.refresh_from_db()
    booked(kind, tess, attendee=BEN)
    booked(kind, tess, denver("2027-03-17 10:00"), attendee=BEN)
    mine = booked(kind, tess, IN_A_WEEK)
    start = REFUSED[rule]

    as_a_booking = refusal(lambda: booked(kind, tess, start))
    as_a_move = refusal(lambda: move(mine, start=start, now=NOW))

    assert as_a_move == as_a_booking
    assert as_a_move[1] == rule
    assert Appointment.objects.get(pk=mine.pk).starts_at == IN_A_WEEK


@pytest.mark.engines
def test_a_move_onto_someone_is_answered_without_the_lock(tess, session):
    booked(session, tess, attendee=BEN)
    mine = booked(session, tess, IN_A_WEEK)
    with CaptureQueriesContext(connection) as queries, pytest.raises(SlotTaken):
        move(mine, start=TEN, now=NOW)
    assert {query["sql"].lstrip("(").split()[0] for query in queries} == {"SELECT"}
    assert not any("FOR NO KEY UPDATE" in query["sql"] for query in queries)


def test_what_is_for_returning_people_is_moved_by_the_person_who_booked_it_signed_in_or_not(tess, ann):
    kind = make_session_type(tess, who="returning")
    been_here(ann, kind, tess)
    mine = booked(kind, tess, by=ann, client=ann)
    moved = move(mine, start=TEN + minutes(60), by=ann, now=NOW)
    assert move(moved, start=TEN + minutes(120), now=NOW).starts_at == TEN + minutes(120)


@pytest.mark.engines
def test_a_first_session_is_moved_by_someone_who_has_been_here_in_the_meantime(tess, ann):
    kind = make_session_type(tess, who="new")
    mine = booked(kind, tess, by=ann, client=ann)
    been_here(ann, kind, tess)
    assert move(mine, start=TEN + minutes(60), by=ann, now=NOW).starts_at == TEN + minutes(60)


@pytest.mark.engines
def test_what_only_we_book_we_move_without_a_reason(tess):
    kind = make_session_type(tess, who="staff")
    mine = booked(kind, tess, by=tess.user)
    after = move(mine, start=TEN + minutes(60), by=tess.user, now=NOW)
    assert (after.starts_at, after.override_note) == (TEN + minutes(60), "")


@pytest.mark.engines
@pytest.mark.parametrize("who", ["anyone", "new", "returning"])
@pytest.mark.parametrize("signed_in", [True, False])
def test_what_the_page_of_a_move_lists_can_be_taken(who, signed_in, tess, ann):
    kind = make_session_type(tess, who=who)
    been_here(ann, kind, tess)
    mine = make_appointment(session_type=kind, practitioner=tess, start=TEN, client=ann)
    visitor = Client(headers=ORIGIN)
    if signed_in:
        visitor.force_login(ann)
    with time_machine.travel(NOW, tick=False):
        page = f"/appointments/{appointment_token(mine)}/move/"
        listed = starts_on(visitor.get(f"{page}?day=2027-03-17&from=2027-03-15"))
        assert listed
        assert visitor.post(page, {"start": listed[0]}).status_code == 302


@pytest.mark.engines
def test_a_client_moves_to_nobody_who_takes_no_bookings_anymore_and_we_do(tess, session):
    mine = booked(session, tess)
    Practitioner.objects.update(is_bookable=False)
    with pytest.raises(NotOffered):
        move(mine, start=TEN + minutes(60), now=NOW)
    assert move(mine, start=TEN + minutes(60), by=tess.user, now=NOW).starts_at == TEN + minutes(60)


# What pays for it


def sold(kind: SessionType, tess: Practitioner, ann: User, until: dt.date | None) -> Any:
    return packages_actions.sell(
        kind, client=ann, sessions=5, price_cents=42500, by=tess.user, now=NOW, valid_until=until
    )


@pytest.mark.engines
def test_moved_past_the_last_day_of_its_package_it_is_not_paid_by_it(tess, session, ann):
    package = sold(session, tess, ann, dt.date(2027, 3, 20))
    mine = booked(session, tess, by=ann, client=ann)
    after = move(mine, start=IN_A_WEEK, by=ann, now=NOW)
    assert not standing.use_of(after)
    assert package.uses.filter(given_back_at=None).count() == 0


@pytest.mark.engines
def test_moved_past_that_day_another_package_pays_that_still_lasts(tess, session, ann):
    sold(session, tess, ann, dt.date(2027, 3, 20))
    lasting = sold(session, tess, ann, None)
    mine = booked(session, tess, by=ann, client=ann)
    use = standing.use_of(move(mine, start=IN_A_WEEK, by=ann, now=NOW))
    assert use is not None
    assert use.package == lasting


def test_moved_within_its_days_the_same_session_of_the_same_package_pays(tess, session, ann):
    sold(session, tess, ann, dt.date(2027, 3, 23))
    mine = booked(session, tess, by=ann, client=ann)
    before = standing.use_of(mine)
    assert standing.use_of(move(mine, start=IN_A_WEEK, by=ann, now=NOW)) == before


@pytest.mark.engines
def test_a_package_pays_again_when_it_is_moved_back_into_its_days(tess, session, ann):
    sold(session, tess, ann, dt.date(2027, 3, 20))
    mine = move(booked(session, tess, by=ann, client=ann), start=IN_A_WEEK, by=ann, now=NOW)
    assert standing.use_of(move(mine, start=TEN, by=ann, now=NOW))


# Limits


@pytest.mark.engines
def test_moves_are_counted_with_bookings_and_only_those_that_took_place(tess, session, settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setattr("booking.appointments.views.rate_limits.BOOKINGS_AN_HOUR", 2)
    booked(session, tess, attendee=BEN)
    mine = booked(session, tess, IN_A_WEEK, attendee=ANN)
    page = f"/appointments/{appointment_token(mine)}/move/"
    starts = [TEN, IN_A_WEEK, *(IN_A_WEEK + minutes(60 * number) for number in (1, 2, 3))]
    with time_machine.travel(NOW, tick=False):
        visitor = browser()
        answers = [visitor.post(page, {"start": start.isoformat()}).status_code for start in starts]
    # Taken, its own time, two moves; the third move is one too many in this hour.
    assert answers == [409, 302, 302, 302, 429]


# To a colleague


def test_moved_to_a_colleague_it_keeps_its_uid_policy_and_package_and_frees_the_old_time(
    tess, jonah, both, ann
):
    package = sold(both, tess, ann, None)
    mine = booked(both, tess, by=ann, client=ann)
    after = move(mine, start=TEN + minutes(60), to=jonah, by=tess.user, now=NOW)
    assert (after.practitioner, after.room, after.uid, after.policy) == (
        jonah,
        jonah.room,
        mine.uid,
        mine.policy,
    )
    assert (after.sequence, after.changes.get(what="moved").was_practitioner) == (1, tess)
    assert package.uses.filter(given_back_at=None).count() == 1
    assert booked(both, tess, TEN, attendee=BEN).practitioner == tess


def test_a_record_opens_to_the_colleague_when_the_client_confirms_it_again(tess, jonah, both, ann):
    mine = booked(both, tess, by=ann, client=ann)
    assert move(mine, start=TEN, to=jonah, by=tess.user, now=NOW).confirmed_at is None


def test_a_colleague_who_is_busy_or_does_not_give_it_is_not_suggested(tess, jonah, both):
    other = booked(both, jonah, attendee=BEN)
    mine = booked(both, tess)
    with pytest.raises(SlotTaken):
        move(mine, start=TEN, to=jonah, by=tess.user, now=NOW, override_note="Please.")
    both.practitioners.remove(jonah)
    with pytest.raises(NotOffered):
        move(mine, start=TEN + minutes(120), to=jonah, by=tess.user, now=NOW)
    assert (Appointment.objects.get(pk=mine.pk).practitioner, other.practitioner) == (tess, jonah)


def test_the_time_a_colleague_took_over_is_offered_to_who_waits_for_its_old_practitioner(tess, jonah, both):
    mine = booked(both, tess)
    move(mine, start=TEN + minutes(60), to=jonah, by=jonah.user, now=NOW)
    freed = [(one.practitioner, one.start) for one in freed_since(NOW - minutes(1), now=NOW)]
    assert freed == [(tess, TEN)]


@pytest.mark.engines
def test_all_three_are_told_who_gives_it_now(tess, jonah, both):
    mine = booked(both, tess)
    move(mine, start=TEN, to=jonah, by=make_user("Dee", role=User.Role.FRONT_DESK), now=NOW)
    while deliver.step(now=NOW):
        pass
    sent = {one.to_address: one for one in Letter.objects.filter(kind__in=("moved", "notice_moved"))}
    assert {one.state for one in sent.values()} == {"sent"}
    assert is_in_both_parts(sent["ann@example.com"], "Your session is now with Jonah:")
    assert is_in_both_parts(sent["ann@example.com"], "with Tess Marlow; that time is now open to others.")
    assert is_in_both_parts(sent["tess@example.com"], "It is now with Jonah Reyes.")
    assert is_in_both_parts(sent["jonah@example.com"], "with Tess Marlow.")
