"""Links: signed, a salt per purpose, one object each."""

import pytest

from booking import links
from booking.actions.cancel import cancel
from booking.actions.move import move
from booking.tests.cast import NOW, TEN, booked, kept, minutes

pytestmark = pytest.mark.django_db


def test_case_28_an_old_link_still_finds_what_was_moved_and_cancelled(tess, session):
    appointment = booked(session, tess)
    token = links.appointment_token(appointment)
    move(appointment, start=TEN + minutes(60), now=NOW)
    cancel(appointment, now=NOW)
    assert links.appointment_of(token) == appointment


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


def test_the_address_in_letters_is_absolute(tess, session, settings):
    settings.SITE_URL = "https://juniper.example"
    assert links.appointment_url(booked(session, tess)).startswith("https://juniper.example/appointments/")
