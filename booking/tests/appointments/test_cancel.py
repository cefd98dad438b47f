"""Cancelling: once, free at once, held to what was agreed."""

import datetime as dt

import pytest

from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.errors import AlreadyCancelled, AlreadyOver, TooLate
from booking.models import Appointment
from booking.tests.people import BEN, DENVER, NOW, TEN, booked, denver, kept, kinds, minutes, noted
from practice.core.reasons import because
from practice.models import Letter
from practice.testing import as_it_leaves, is_in_both_parts

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
SECOND = dt.timedelta(seconds=1)


def note(appointment):
    return noted(appointment, "cancelled")


def test_case_28_the_second_cancel_says_so_and_sends_nothing(tess, session):
    appointment = booked(session, tess)
    cancel(appointment, now=NOW)
    with pytest.raises(AlreadyCancelled, match="already canceled"):
        cancel(appointment, now=NOW)
    after = Appointment.objects.get(pk=appointment.pk)
    assert (after.sequence, kinds(after).count("cancelled"), after.changes.count()) == (1, 1, 2)


def test_case_27_exactly_at_the_limit_is_on_time_and_a_second_later_is_late(tess, session):
    limit = TEN - dt.timedelta(hours=24)
    assert note(cancel(booked(session, tess), now=limit)) == ""
    assert note(cancel(booked(session, tess), now=limit + SECOND)) == "Late: $47.50 by policy."


def test_case_10_the_limit_is_elapsed_time_over_a_clock_change(tess, session):
    appointment = booked(session, tess, denver("2027-11-07 10:00"), now=denver("2027-11-01 10:00"))
    assert appointment.starts_at.astimezone(DENVER).tzname() == "MST"
    assert note(cancel(appointment, now=denver("2027-11-06 10:30"))) == ""


def test_the_fee_is_said_in_both_parts_of_the_email(tess, session):
    cancel(booked(session, tess), now=TEN - dt.timedelta(hours=5))
    assert is_in_both_parts(as_it_leaves(Letter.objects.get(kind="cancelled")), "$47.50")


def test_the_time_is_free_in_the_same_moment(tess, session):
    after = cancel(booked(session, tess), now=NOW)
    assert (after.state, after.occupies, after.cancelled_at) == ("cancelled", False, NOW)
    assert booked(session, tess, attendee=BEN).starts_at == TEN


@pytest.mark.parametrize("hours", [1.9999, 0.1])
def test_in_the_locked_hours_only_the_phone_helps(hours, tess, session):
    appointment, late = booked(session, tess), TEN - dt.timedelta(hours=hours)
    with pytest.raises(TooLate, match="303 555 0142"):
        cancel(appointment, now=late)
    with pytest.raises(TooLate):
        cancel(appointment, by=appointment.client, now=late)
    assert note(cancel(appointment, by=tess.user, now=late, override_note="She is ill.")) == "She is ill."


def test_staff_cancel_costs_nothing(tess, session):
    cancel(booked(session, tess), by=tess.user, now=TEN - dt.timedelta(hours=5))
    letter = as_it_leaves(Letter.objects.get(kind="cancelled"))
    assert is_in_both_parts(letter, "There is no charge.")
    assert is_in_both_parts(letter, "we had to cancel")


def test_what_is_over_or_only_held_cannot_be_canceled(tess, session):
    with pytest.raises(AlreadyOver):
        cancel(booked(session, tess), now=TEN + SECOND)
    with pytest.raises(AlreadyOver):
        cancel(kept(session, tess, TEN + minutes(60)), now=NOW)


def test_case_25_what_was_canceled_in_the_meantime_is_not_brought_back_by_a_move(tess, session):
    seen_by_staff = booked(session, tess)
    cancel(Appointment.objects.get(pk=seen_by_staff.pk), now=NOW)
    with pytest.raises(AlreadyCancelled):
        move(seen_by_staff, start=TEN + minutes(60), by=tess.user, now=NOW)
    after = Appointment.objects.get(pk=seen_by_staff.pk)
    assert (after.state, after.occupies, after.starts_at) == ("cancelled", False, TEN)


def test_case_25_what_was_moved_in_the_meantime_is_canceled_at_its_new_time(tess, session):
    seen_by_client = booked(session, tess)
    move(Appointment.objects.get(pk=seen_by_client.pk), start=TEN + minutes(60), by=tess.user, now=NOW)
    after = cancel(seen_by_client, now=NOW)
    assert (after.starts_at, after.sequence, after.occupies) == (TEN + minutes(60), 2, False)


def test_no_reminder_outlives_the_appointment(tess, session):
    appointment = cancel(booked(session, tess), now=NOW)
    assert kinds(appointment, state="planned").count("reminder") == 0
    assert Letter.objects.filter(kind="reminder", why=because("appointment_canceled")).count() == 2


def test_the_practitioner_hears_of_it_unless_they_did_it(tess, session):
    assert "notice_cancelled" in kinds(cancel(booked(session, tess), now=NOW))
    own = cancel(booked(session, tess, TEN + minutes(60)), by=tess.user, now=NOW)
    assert "notice_cancelled" not in kinds(own)
