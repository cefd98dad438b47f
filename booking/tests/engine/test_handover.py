"""Who can take over sessions of somebody who is away: buffers, rooms, clock changes, two for one."""

from dataclasses import replace
from datetime import timedelta

from booking.tests.engine.sample_practice import LONG_BEFORE, at, booked, closed, hour_type, open_daily
from booking.time_off.matching import Colleague, Session, SessionKind, options, suggested

HOUR, LONG = SessionKind(60), SessionKind(90)
VISIT = SessionKind(60, takes_room=False)
JONAH, KIM = 2, 3
NINE_TO_FIVE = open_daily((9, 17))


def session(start: str, key: int = 1, kind: SessionKind = HOUR, **service) -> Session:
    return Session(key, kind, at(start), hour_type(**service))


def colleague(key: int = JONAH, plan=NINE_TO_FIVE, *, kinds=(HOUR,), room=None) -> Colleague:
    return Colleague(key, dict.fromkeys(kinds, plan), room)


def takers(one: Session, *colleagues: Colleague, now=LONG_BEFORE) -> list[int]:
    return options([one], colleagues, now=now)[one.key]


def placed(sessions, *colleagues: Colleague) -> dict[int, int]:
    return suggested(sessions, colleagues, now=LONG_BEFORE)


def test_the_colleagues_own_buffer_and_the_one_of_the_session_both_keep_it_away():
    plan = open_daily((9, 17), busy=(booked("2027-03-16 11:00", after=30),))

    assert takers(session("2027-03-16 12:00"), colleague(plan=plan)) == []
    assert takers(session("2027-03-16 12:30"), colleague(plan=plan)) == [JONAH]
    assert takers(session("2027-03-16 10:00", buffer_after=15), colleague(plan=plan)) == []


def test_only_who_gives_that_session_type_and_works_then_can_take_it():
    at_ten, in_the_evening = session("2027-03-16 10:00"), session("2027-03-16 18:00")
    ill_too = open_daily((9, 17), closures=(closed("2027-03-15", "2027-03-17"),))

    assert takers(at_ten, colleague(kinds=(LONG,)), colleague(KIM)) == [KIM]
    assert takers(at_ten, colleague(plan=ill_too)) == []
    assert takers(in_the_evening, colleague()) == []


def test_limits_of_new_bookings_do_not_prevent_a_handover():
    soon = session("2027-03-16 10:20", notice=timedelta(days=2), horizon=timedelta(0), who="new")
    require = replace(soon, service=replace(soon.service, gaps="require"))
    just_before = at("2027-03-16 09:59")

    assert takers(require, colleague(), now=just_before) == [JONAH]
    assert takers(require, colleague(), now=at("2027-03-16 10:21")) == []


def test_on_the_day_the_clocks_change_the_colleagues_hours_are_read_on_their_clock():
    begins_at_three = colleague(plan=open_daily((1, 4)))

    assert takers(session("2027-03-14T03:00:00-06:00"), begins_at_three) == [JONAH]
    assert takers(session("2027-03-14T01:30:00-07:00"), begins_at_three) == [JONAH]  # ends 3:30 on the wall
    assert takers(session("2027-03-14T03:30:00-06:00"), begins_at_three) == []
    first, second = session("2027-11-07T01:00:00-06:00"), session("2027-11-07T01:00:00-07:00", key=2)
    assert placed([first, second], begins_at_three) == {1: JONAH, 2: JONAH}  # both one o'clocks


def test_of_two_that_want_one_colleague_the_one_without_another_choice_gets_her():
    either, only_jonah = session("2027-03-16 10:00", kind=HOUR), session("2027-03-16 10:00", 2, kind=LONG)
    jonah, kim = colleague(kinds=(HOUR, LONG)), colleague(KIM)

    assert placed([either, only_jonah], jonah, kim) == {1: KIM, 2: JONAH}
    assert placed([either, only_jonah], jonah) == {1: JONAH}
    assert options([either, only_jonah], [jonah], now=LONG_BEFORE) == {1: [JONAH], 2: [JONAH]}


def test_what_is_handed_over_counts_with_its_buffers_and_for_the_daily_limit():
    ten, eleven = session("2027-03-16 10:00", buffer_after=15), session("2027-03-16 11:00", 2)
    assert placed([ten, eleven], colleague()) == {1: JONAH}
    limited = [session(f"2027-03-16 {hour}:00", hour, daily_limit=2) for hour in (10, 12, 14)]
    assert placed(limited, colleague()) == {10: JONAH, 12: JONAH}
    assert placed(limited, colleague(), colleague(KIM)) == {10: JONAH, 12: KIM, 14: JONAH}


def test_two_colleagues_who_share_a_room_cannot_both_take_one_at_the_same_time():
    ten, ten_too = session("2027-03-16 10:00"), session("2027-03-16 10:00", 2)
    jonah, kim = colleague(room=7), colleague(KIM, room=7)

    assert placed([ten, ten_too], jonah, kim) == {1: JONAH}
    assert placed([ten, ten_too], jonah, replace(kim, room=8)) == {1: JONAH, 2: KIM}
    assert placed([ten, ten_too], replace(jonah, room=None), replace(kim, room=None)) == {1: JONAH, 2: KIM}


def test_anyone_who_shares_a_room_is_kept_from_no_visit_and_by_none():
    ten, visit = session("2027-03-16 10:00"), session("2027-03-16 10:00", 2, kind=VISIT)
    jonah, kim = (colleague(key, kinds=(HOUR, VISIT), room=7) for key in (JONAH, KIM))

    assert placed([ten, visit], jonah, kim) == {1: JONAH, 2: KIM}
    assert placed([visit, ten], jonah, replace(kim, plans={HOUR: NINE_TO_FIVE})) == {1: KIM, 2: JONAH}


def test_a_daily_limit_counts_only_the_type_and_the_person_it_is_for():
    hour = session("2027-03-16 10:00", daily_limit=1)
    long = session("2027-03-16 12:00", 2, kind=LONG, daily_limit=1)

    assert placed([hour, long], colleague(kinds=(HOUR, LONG))) == {1: JONAH, 2: JONAH}
