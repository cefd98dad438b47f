"""A visit at the client's takes the time of its way, and no room; telephone and video take neither."""

import importlib
from dataclasses import replace

import pytest
from django.apps import apps as real_apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.actions.restore import restore
from booking.availability import listing
from booking.availability.diagnosis import Reader, explain_refusals
from booking.errors import NotBookable, SlotTaken
from booking.models import Appointment, BusyTime, ImportedCalendar, Place, SessionType
from booking.testing import make_appointment, make_session_type
from booking.tests.people import ANN, BEN, DENVER, NOW, TEN, Attendee, booked, denver, kept, minutes
from booking.time_off.queries import handovers
from booking.zone_changes.queries import ZoneMismatch, conflicting_appointment
from practice.models import Practice, User
from practice.testing import make_practitioner, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
VISITED = Attendee(ANN.name, ANN.email, ANN.phone, ANN.zone, address="12 Birch Lane\nDenver")
AWAY = [Place.CLIENT, Place.PHONE, Place.VIDEO]


def starts(kind, *people, day="2027-03-16"):
    first = denver(f"{day} 00:00")
    found = listing.free_starts(kind, people, first=first, until=first + minutes(24 * 60), now=NOW)
    return [f"{one.start.astimezone(DENVER):%H:%M}" for one in found]


@pytest.fixture
def visit(tess):
    """An hour at the client's; forty minutes to get there, twenty to come back."""
    way = {"travel_before": 40, "travel_after": 20}
    return make_session_type(tess, slug="visit", place=Place.CLIENT, step=10, **way)


@pytest.fixture
def shared(tess, jonah):
    """Jonah works in Tess's room, and is in it at ten."""
    jonah.room = tess.room
    jonah.save(update_fields=["room"])
    kind = make_session_type(jonah, slug="jonahs")
    return make_appointment(session_type=kind, practitioner=jonah, start=TEN, client=make_user("Ida Roe"))


def test_nobody_is_offered_the_minutes_of_the_way(tess, session, visit):
    made = booked(visit, tess, denver("2027-03-16 12:00"), attendee=VISITED)
    assert (made.buffer_before, made.buffer_after) == (40, 20)
    session.step = 10
    session.save(update_fields=["step"])
    found = starts(session, tess)
    assert [one for one in found if "10:10" <= one <= "13:20"] == ["10:10", "10:20", "13:20"]


def test_a_visit_is_offered_where_there_is_time_for_the_way(tess, session, visit):
    booked(session, tess, TEN)
    found = starts(visit, tess)
    assert [one for one in found if one < "12:00"] == ["11:40", "11:50"]  # from nine an hour, and twenty back
    with pytest.raises(SlotTaken):
        booked(visit, tess, denver("2027-03-16 11:30"), attendee=VISITED)


def test_the_way_is_kept_free_in_addition_to_the_types_own_buffers(tess, visit):
    visit.buffer_before, visit.buffer_after = 5, 15
    visit.save(update_fields=["buffer_before", "buffer_after"])
    made = booked(visit, tess, denver("2027-03-16 12:00"), attendee=VISITED)
    assert (made.buffer_before, made.buffer_after) == (45, 35)


def test_where_buffers_must_lie_within_hours_so_must_the_way(tess, visit):
    visit.buffers_inside_hours = True
    visit.save(update_fields=["buffers_inside_hours"])
    found = starts(visit, tess)
    assert (found[0], found[-1]) == ("09:40", "15:40")


def test_minutes_of_a_way_count_only_for_a_visit(tess, visit):
    for place in (Place.PRACTICE, Place.PHONE, Place.VIDEO):
        visit.place = place
        assert (visit.kept_before, visit.kept_after) == (0, 0)


def test_a_visit_booked_before_the_way_was_made_longer_keeps_its_own(tess, session, visit):
    booked(visit, tess, denver("2027-03-16 12:00"), attendee=VISITED)
    SessionType.objects.update(travel_before=300)
    assert "11:00" not in starts(session, tess)
    assert "10:00" in starts(session, tess)


@pytest.mark.parametrize("place", AWAY)
def test_away_from_the_practice_no_room_is_taken(place, tess, jonah, visit):
    SessionType.objects.filter(pk=visit.pk).update(place=place, travel_before=0, travel_after=0)
    visit.refresh_from_db()
    jonah.room = tess.room
    jonah.save(update_fields=["room"])
    assert (kept(visit, tess).room, booked(visit, tess, TEN + minutes(60), attendee=VISITED).room) == (
        None,
        None,
    )
    beside = make_session_type(jonah, slug="jonahs")
    assert {"10:00", "11:00"} <= set(starts(beside, jonah))


def test_anyone_who_is_in_the_room_keeps_nobody_from_a_visit(tess, shared, visit):
    assert "10:00" in starts(visit, tess)
    made = booked(visit, tess, TEN, attendee=VISITED)
    assert (made.state, made.room) == (Appointment.State.BOOKED, None)


def test_staff_past_a_rule_book_a_visit_beside_a_room_that_is_taken(tess, shared, visit):
    night = denver("2027-03-16 03:00")
    Appointment.objects.filter(pk=shared.pk).update(starts_at=night, ends_at=night + minutes(60))
    options = {"attendee": VISITED, "by": tess.user, "consent": False}
    with pytest.raises(NotBookable):
        booked(visit, tess, night, **options)
    assert booked(visit, tess, night, **options, override_note="she asked").room is None


def test_a_visit_that_is_moved_takes_no_room_either(tess, shared, visit):
    made = booked(visit, tess, TEN + minutes(120), attendee=VISITED)
    moved = move(made, start=TEN, by=tess.user, now=NOW)
    assert (moved.starts_at, moved.room, moved.address) == (TEN, None, VISITED.address)


def test_what_was_booked_into_a_room_stays_in_it_when_its_type_goes_out(tess, shared, session):
    made = booked(session, tess, TEN + minutes(120), attendee=BEN)
    SessionType.objects.filter(pk=session.pk).update(place=Place.CLIENT)
    again = Appointment.objects.get(pk=made.pk)
    with pytest.raises(SlotTaken):
        move(again, start=TEN, by=tess.user, now=NOW)
    moved = move(again, start=TEN + minutes(180), by=tess.user, now=NOW)
    assert (moved.room, moved.place) == (tess.room, Place.PRACTICE)


def test_a_canceled_visit_is_back_though_the_room_is_taken(tess, shared, visit):
    made = booked(visit, tess, TEN, attendee=VISITED)
    cancel(made, by=tess.user, now=NOW)
    assert restore(made, by=tess.user, now=NOW).state == Appointment.State.BOOKED


def test_why_a_visit_is_not_offered_names_nobody_who_is_only_in_the_room(tess, shared, visit):
    booked(visit, tess, TEN, attendee=replace(VISITED, name=BEN.name, email=BEN.email))
    [verdict] = explain_refusals(
        visit,
        [tess],
        TEN,
        now=NOW,
        asker="staff",
        reader=Reader(DENVER, "en-us", {tess.pk, shared.practitioner_id}),
    )
    assert "Ben Hart" in verdict.words


def test_what_another_calendar_says_is_not_taken_for_the_person_who_is_in_the_room(tess, shared, visit):
    other = ImportedCalendar.objects.create(practitioner=tess, name="Home", url="https://x.example/a.ics")
    BusyTime.objects.create(calendar=other, starts_at=TEN, ends_at=TEN + minutes(60))
    reader = Reader(DENVER, "en-us", {tess.pk, shared.practitioner_id})
    [verdict] = explain_refusals(visit, [tess], TEN, now=NOW, asker="staff", reader=reader)
    assert "an event in Tess’s other calendar" in verdict.words


@pytest.fixture
def in_one_room(tess, jonah):
    """Kim, in whose room Jonah works too, is in it at ten. Tess has a room of her own."""
    kim = make_practitioner("Kim Roe", role=User.Role.PRACTITIONER, order=2)
    jonah.room = kim.room
    jonah.save(update_fields=["room"])
    kind = make_session_type(kim, slug="kims")
    make_appointment(session_type=kind, practitioner=kim, start=TEN, client=make_user("Ida Roe"))


@pytest.mark.parametrize(("was", "takers"), [(Place.CLIENT, ["Jonah"]), (Place.PRACTICE, [])])
def test_a_session_is_handed_over_where_it_was_booked_to_be_whatever_its_type_says_by_now(
    was, takers, tess, jonah, in_one_room
):
    kind = make_session_type(tess, jonah, place=was)
    made = booked(kind, tess, TEN, attendee=VISITED)
    SessionType.objects.update(place=Place.PRACTICE if was == Place.CLIENT else Place.CLIENT)
    [found] = handovers([Appointment.objects.get(pk=made.pk)], now=NOW)
    assert [one.first_name for one in found.takers] == takers


def test_a_link_of_a_video_call_is_a_web_address_under_tls(tess):
    for link in ("http://video.example/tess", "javascript:alert(1)"):
        tess.video_link = link
        with pytest.raises(ValidationError) as caught:
            tess.full_clean()
        assert list(caught.value.message_dict) == ["video_link"]


@pytest.mark.parametrize("is_demo", [True, False])
def test_the_demos_home_visits_go_out_and_nobody_elses_do(is_demo, tess):
    Practice.objects.update(is_demo=is_demo)
    kind = make_session_type(tess, slug="home-visit", buffer_before=30, buffer_after=25)
    made = make_appointment(session_type=kind, practitioner=tess, start=TEN, client=make_user("Ida Roe"))
    migration = importlib.import_module("booking.migrations.0024_places")
    migration.visits_leave_the_house(real_apps, None)
    kind.refresh_from_db()
    made.refresh_from_db()
    gone = (Place.CLIENT, 0, 0, 30, 25, Place.CLIENT, None)
    stays = (Place.PRACTICE, 30, 25, 0, 0, Place.PRACTICE, tess.room)
    fields = (kind.place, kind.buffer_before, kind.buffer_after, kind.travel_before, kind.travel_after)
    assert (*fields, made.place, made.room) == (gone if is_demo else stays)
    if is_demo:
        migration.visits_come_in_again(real_apps, None)
        kind.refresh_from_db()
        assert (kind.buffer_before, kind.buffer_after) == (30, 25)


@pytest.mark.parametrize("place", AWAY)
def test_the_database_refuses_a_room_away_from_the_practice(place, tess, session):
    made = booked(session, tess)
    with pytest.raises(IntegrityError, match="away_takes_no_room"):
        Appointment.objects.filter(pk=made.pk).update(place=place)


def test_anyone_who_is_in_the_room_does_not_keep_a_visit_from_its_wall_time(tess, shared, visit):
    made = booked(visit, tess, TEN + minutes(120), attendee=VISITED)
    agreed = TEN.replace(tzinfo=None)
    assert conflicting_appointment(ZoneMismatch(made, agreed, DENVER, start=TEN), []) is None
