"""A hold: exclusive, ten minutes, three at most, free to its own holder."""

import pytest

from booking.availability import listing
from booking.errors import BusyNetwork, NotBookable, NotOffered, SlotTaken, TooManyHolds
from booking.holds.actions.hold import hold, release_expired, release_hold
from booking.models import Appointment
from booking.testing import make_session_type
from booking.tests.people import ANN, BEN, NOW, TEN, booked, kept, minutes
from practice.testing import make_practice

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


def listed(session, *people, now=NOW, **options):
    found = listing.free_starts(session, people, first=TEN, until=TEN + minutes(120), now=now, **options)
    return [slot.start for slot in found]


def test_case_24_a_hold_refuses_others_until_it_ends_then_its_late_owner(tess, session):
    long = make_session_type(tess, slug="first", minutes=90, step=15)
    held = kept(long, tess, TEN)
    with pytest.raises(SlotTaken):
        kept(session, tess, TEN + minutes(60), visitor="b")
    later = NOW + minutes(10)
    booked(session, tess, TEN + minutes(60), attendee=BEN, now=later)
    with pytest.raises(SlotTaken) as caught:
        booked(long, tess, TEN, held=held, now=later)
    assert len(caught.value.alternatives) == 3


def test_a_hold_that_ran_out_still_books_while_the_time_is_free(tess, session):
    held = kept(session, tess)
    release_expired(now=NOW + minutes(11))
    assert booked(session, tess, held=held, now=NOW + minutes(12)).uid == held.uid


def test_a_held_time_is_listed_for_nobody_but_its_holder(tess, session):
    held = kept(session, tess)
    assert TEN not in listed(session, tess)
    assert TEN in listed(session, tess, ignoring=held)


def test_a_hold_that_ran_out_is_listed_as_free_before_it_is_swept(tess, session):
    kept(session, tess)
    assert TEN not in listed(session, tess, now=NOW + minutes(9.99))
    assert TEN in listed(session, tess, now=NOW + minutes(10))


def test_the_next_visitor_sweeps_what_ran_out(tess, session):
    old = kept(session, tess)
    new = kept(session, tess, now=NOW + minutes(10))
    old.refresh_from_db()
    assert (old.state, old.occupies, new.occupies) == (Appointment.State.RELEASED, False, True)


def test_the_hold_of_a_colleague_in_the_same_room_is_swept_too(tess, jonah, session):
    session.practitioners.add(jonah)
    jonah.room = tess.room
    jonah.save(update_fields=["room"])
    kept(session, jonah)
    assert kept(session, tess, now=NOW + minutes(10)).practitioner == tess


def test_a_fourth_hold_is_too_many(tess, session):
    for number in range(3):
        kept(session, tess, TEN + minutes(60 * number))
    with pytest.raises(TooManyHolds, match="3 times"):
        kept(session, tess, TEN + minutes(180))
    assert kept(session, tess, TEN + minutes(180), visitor="another").state == Appointment.State.HELD


def test_an_office_behind_one_address_keeps_times_page_by_page_and_is_told_the_truth_at_last(
    tess, session, monkeypatch
):
    monkeypatch.setattr("booking.holds.actions.hold.PER_NETWORK", 4)
    make_practice()
    for number in range(4):
        kept(session, tess, TEN + minutes(60 * number), visitor="office:page")
    for who in ("page", "ann"):
        with pytest.raises(
            BusyNetwork, match=r"from your network .* 10 minutes\. Or call us: 303 555 0142\."
        ):
            kept(session, tess, TEN + minutes(240), visitor=f"office:{who}")
    assert kept(session, tess, TEN + minutes(240), visitor="officer:page")


def test_anyone_who_has_signed_in_is_counted_apart_from_others_behind_the_address(tess, session, monkeypatch):
    monkeypatch.setattr("booking.holds.actions.hold.PER_VISITOR", 1)
    kept(session, tess, TEN, visitor="office:page")
    kept(session, tess, TEN + minutes(60), visitor="office:ann")
    with pytest.raises(TooManyHolds, match="1 times"):
        kept(session, tess, TEN + minutes(120), visitor="office:ann")
    assert kept(session, tess, TEN + minutes(120), visitor="office:ben")


def test_holds_that_ran_out_do_not_count(tess, session):
    for number in range(3):
        kept(session, tess, TEN + minutes(60 * number))
    assert kept(session, tess, TEN, now=NOW + minutes(10))


def test_another_time_instead_gives_the_first_back(tess, session):
    first = kept(session, tess)
    kept(session, tess, TEN + minutes(30), instead_of=first)
    first.refresh_from_db()
    assert not first.occupies


def test_what_is_refused_keeps_the_hold_it_would_have_replaced(tess, session):
    first = kept(session, tess)
    booked(session, tess, TEN + minutes(60), attendee=BEN)
    with pytest.raises(SlotTaken):
        kept(session, tess, TEN + minutes(60), instead_of=first)
    first.refresh_from_db()
    assert first.occupies


def test_letting_go_frees_the_time_at_once(tess, session):
    held = kept(session, tess)
    assert release_hold(held, now=NOW).state == Appointment.State.RELEASED
    assert TEN in listed(session, tess)


def test_letting_go_of_what_is_booked_leaves_it_booked(tess, session):
    held = kept(session, tess)
    booked(session, tess, held=held)
    assert release_hold(held, now=NOW).state == Appointment.State.BOOKED


def test_the_sweep_says_how_many_it_let_go(tess, jonah, session):
    session.practitioners.add(jonah)
    kept(session, tess)
    kept(session, jonah)
    assert (release_expired(now=NOW + minutes(9)), release_expired(now=NOW + minutes(10))) == (0, 2)


@pytest.mark.parametrize("off", [7, 0.5, -120])
def test_what_is_not_listed_cannot_be_held(off, tess, session):
    with pytest.raises(NotBookable):
        kept(session, tess, TEN + minutes(off))
    assert Appointment.objects.count() == 0


def test_a_type_that_is_switched_off_cannot_be_held(tess, session):
    session.is_active = False
    with pytest.raises(NotOffered):
        kept(session, tess)


def test_a_practitioner_who_does_not_give_it_cannot_be_held(jonah, session):
    with pytest.raises(NotOffered):
        kept(session, jonah)


def test_any_takes_the_person_who_has_fewest_sessions_that_day(tess, jonah, session):
    session.practitioners.add(jonah)
    booked(session, tess, TEN + minutes(240), attendee=BEN)
    assert hold(session, practitioners=[tess, jonah], start=TEN, visitor="v", now=NOW).practitioner == jonah


def test_any_takes_the_first_in_order_when_all_are_equal(tess, jonah, session):
    session.practitioners.add(jonah)
    assert hold(session, practitioners=[jonah, tess], start=TEN, visitor="v", now=NOW).practitioner == tess


def test_any_takes_the_last_free_practitioner_and_then_nobody(tess, jonah, session):
    session.practitioners.add(jonah)
    taken = [hold(session, practitioners=[tess, jonah], start=TEN, visitor=v, now=NOW) for v in "ab"]
    with pytest.raises(SlotTaken):
        hold(session, practitioners=[tess, jonah], start=TEN, visitor="c", now=NOW)
    assert {held.practitioner for held in taken} == {tess, jonah}


def test_each_hold_leaves_a_trace(tess, session):
    held = kept(session, tess)
    release_hold(held, now=NOW)
    assert [change.what for change in held.changes.all()] == ["held", "released"]


def test_microseconds_are_no_part_of_a_time(tess, session):
    from datetime import timedelta

    assert kept(session, tess, TEN + timedelta(microseconds=900)).starts_at == TEN


def test_a_submit_after_the_hold_books_under_the_attendees_name(tess, session):
    assert booked(session, tess, held=kept(session, tess)).attendee_name == ANN.name


def test_without_rate_limits_a_visitor_keeps_as_many_as_a_measurement_needs(tess, session, settings):
    settings.RATE_LIMITS = False
    for number in range(4):
        kept(session, tess, TEN + minutes(60 * number))
    assert Appointment.objects.filter(state="held").count() == 4
