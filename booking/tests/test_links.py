"""Links: signed, a salt per purpose, one object each."""

import pytest

from booking import links
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.models import Intake
from booking.tests.people import NOW, TEN, booked, kept, minutes
from practice.models import User

pytestmark = pytest.mark.django_db


def test_case_28_an_old_link_still_finds_what_was_moved_and_canceled(tess, session):
    appointment = booked(session, tess)
    token = links.appointment_token(appointment)
    move(appointment, start=TEN + minutes(60), now=NOW)
    cancel(appointment, now=NOW)
    assert links.appointment_of(token) == appointment


def test_a_link_that_went_to_the_wrong_address_stops_working_once_it_is_corrected(tess, session):
    appointment = booked(session, tess)
    token, intake = links.appointment_token(appointment), Intake.objects.get()
    asked = links.intake_token(intake)
    User.objects.filter(pk=appointment.client_id).update(email="ann.lee@example.com")
    assert (links.appointment_of(token), links.intake_of(asked)) == (None, None)
    appointment.client.refresh_from_db()
    assert links.appointment_of(links.appointment_token(appointment)) == appointment


def test_the_key_of_an_email_proves_an_address_and_dies_once_that_is_corrected(tess, session):
    appointment = booked(session, tess)
    mailed = links.appointment_url(appointment).split("/")[-2]
    assert (links.came_by_mail(mailed), links.appointment_of(mailed)) == (True, appointment)
    assert not links.came_by_mail(links.appointment_token(appointment))
    User.objects.filter(pk=appointment.client_id).update(email="ann.lee@example.com")
    assert links.appointment_of(mailed) is None


def test_a_link_from_before_links_knew_their_address_still_works(tess, session):
    appointment = booked(session, tess)
    assert links.appointment_of(links.APPOINTMENT.sign(appointment.uid.hex)) == appointment


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1],
        lambda t: ("1" if t[0] == "0" else "0") + t[1:],
        lambda t: t[:0],
        lambda t: t + "é\x00..",
    ],
)
def test_a_spoilt_token_finds_nothing(spoil, tess, session):
    token = links.appointment_token(booked(session, tess))
    assert links.appointment_of(spoil(token)) is None


def test_a_holds_token_opens_no_appointment_nor_the_other_way_round(tess, session):
    held = kept(session, tess)
    token = links.hold_token(held)
    appointment = booked(session, tess, held=held)
    assert links.appointment_of(token) is None
    assert links.hold_of(links.appointment_token(appointment)) is None
    assert links.hold_of(token) == appointment


def test_a_hold_is_no_appointment_yet(tess, session):
    assert links.appointment_of(links.appointment_token(kept(session, tess))) is None


def test_the_address_in_emails_is_absolute(tess, session, settings):
    settings.SITE_URL = "https://juniper.example"
    assert links.appointment_url(booked(session, tess)).startswith("https://juniper.example/appointments/")
