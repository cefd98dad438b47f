"""Whoever did not come has never been here: asked for the intake again, and told how to prepare."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.appointments.actions.complete import complete, no_show
from booking.intake.queries import link_is_over
from booking.letters.before_session.preparation import check_preparation
from booking.models import Appointment, Intake, SessionType
from booking.queries import first_times
from booking.testing import make_session_type
from booking.tests.intake_writer import NO_SIGNS, IntakeWriter
from booking.tests.people import TEN, booked, kinds
from practice.mail.send_check import Send
from practice.models import Letter, Practitioner

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("a_monday_in_march")]
HOUR, WEEK = dt.timedelta(hours=1), dt.timedelta(weeks=1)
FIRST_TIME = ["confirmation", "intake", "intake", "prepare", "reminder", "reminder"]


def to_ann(appointment: Appointment) -> list[str]:
    return kinds(appointment, user=appointment.client)


@pytest.fixture
def kind(tess: Practitioner) -> SessionType:
    return make_session_type(tess, slug="first", step=15, preparation="Wear something soft.")


@pytest.fixture
def missed(kind: SessionType, tess: Practitioner) -> Appointment:
    """Ann's first session, to which she did not come."""
    return no_show(booked(kind, tess), by=tess.user, now=TEN + HOUR)


@pytest.fixture
def following(missed: Appointment, kind: SessionType, tess: Practitioner) -> Appointment:
    """The one she books afterward."""
    return booked(kind, tess, TEN + 2 * WEEK, now=TEN + 2 * HOUR)


def test_booking_again_asks_for_all_that_a_first_session_asks_for(following: Appointment) -> None:
    assert to_ann(following) == FIRST_TIME


def test_the_open_intake_moves_to_the_new_session_and_its_link_writes_again(following: Appointment) -> None:
    intake = Intake.objects.get()
    assert intake.appointment == following
    assert not link_is_over(intake, now=TEN + 2 * HOUR)


def test_it_is_the_first_session_of_the_day_s_list(missed: Appointment, following: Appointment) -> None:
    assert first_times([missed.client_id]) == {missed.client_id: following.pk}


def test_a_session_that_was_booked_already_becomes_the_first_when_the_one_before_is_missed(
    kind: SessionType, tess: Practitioner
) -> None:
    first, later = booked(kind, tess), booked(kind, tess, TEN + 2 * WEEK)
    assert to_ann(later) == ["confirmation", "reminder", "reminder"]
    no_show(first, by=tess.user, now=TEN + HOUR)
    assert to_ann(later) == FIRST_TIME
    assert Intake.objects.get().appointment == later


def test_missed_by_mistake_and_corrected_nothing_of_a_first_session_goes(
    kind: SessionType, tess: Practitioner
) -> None:
    first, later = booked(kind, tess), booked(kind, tess, TEN + 2 * WEEK)
    no_show(first, by=tess.user, now=TEN + HOUR)
    complete(first, by=tess.user, now=TEN + 2 * HOUR, correct=True)
    letter = Letter.objects.get(about=later.about, kind="prepare")
    assert not isinstance(check_preparation(letter, TEN + WEEK), Send)


def test_who_handed_the_intake_in_before_is_not_asked_twice(kind: SessionType, tess: Practitioner) -> None:
    first = booked(kind, tess)
    writer = IntakeWriter(Intake.objects.get()).begin()
    writer.write("signs", NO_SIGNS)
    writer.hand_in()
    no_show(first, by=tess.user, now=TEN + HOUR)
    assert "intake" not in to_ann(booked(kind, tess, TEN + 2 * WEEK, now=TEN + 2 * HOUR))


def test_who_came_once_and_missed_the_second_comes_for_the_third_as_someone_known(
    kind: SessionType, tess: Practitioner
) -> None:
    complete(booked(kind, tess), by=tess.user, now=TEN + HOUR)
    no_show(booked(kind, tess, TEN + WEEK), by=tess.user, now=TEN + WEEK + HOUR)
    third = booked(kind, tess, TEN + 2 * WEEK, now=TEN + WEEK + 2 * HOUR)
    assert "prepare" not in to_ann(third)
