"""Another length: same start, price and calendar entry; what is in the way is never overlapped."""

import datetime as dt

import pytest
from icalendar import Calendar

from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.change_length import change_length, change_length_back
from booking.appointments.actions.move import move
from booking.appointments.actions.restore import Telling
from booking.appointments.actions.undo import undo
from booking.errors import (
    AlreadyCancelled,
    AlreadyOver,
    CannotChangeBack,
    ChangedMeanwhile,
    NotBookable,
    SlotTaken,
    WrongLength,
)
from booking.models import Appointment
from booking.tests.people import BEN, NOW, TEN, booked, denver, kinds, minutes, noted
from practice.mail.delivery import deliver
from practice.models import Letter, User
from practice.testing import as_it_leaves, is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
LATER = Telling.AFTER_UNDO


def all_letters_leave(now=NOW):
    while deliver.step(now=now):
        pass


@pytest.mark.engines
def test_into_the_next_session_no_reason_helps_and_nothing_changes(tess, session):
    mine = booked(session, tess)
    booked(session, tess, TEN + minutes(60), attendee=BEN)
    for reason in ("", "She needs it."):
        with pytest.raises(SlotTaken):
            change_length(mine, minutes=90, by=tess.user, override_note=reason, now=NOW)
    row = Appointment.objects.get(pk=mine.pk)
    assert (row.minutes, row.ends_at, row.sequence, row.changes.count()) == (60, TEN + minutes(60), 0, 1)


@pytest.mark.engines
def test_price_policy_and_start_stay_and_the_end_moves(tess, session):
    mine = booked(session, tess)
    longer = change_length(mine, minutes=90, by=tess.user, now=NOW)
    assert (longer.starts_at, longer.ends_at) == (TEN, TEN + minutes(90))
    assert (longer.price_cents, longer.policy, longer.moves) == (mine.price_cents, mine.policy, 0)
    assert noted(longer, "length") == "From 60 minutes to 90 minutes."
    assert longer.changes.last().by == tess.user


def test_past_closing_it_takes_a_reason(tess, session):
    mine = booked(session, tess, denver("2027-03-16 16:00"))
    with pytest.raises(NotBookable, match="after we close at 5:00 PM"):
        change_length(mine, minutes=90, by=tess.user, now=NOW)
    assert change_length(mine, minutes=90, by=tess.user, override_note="Agreed.", now=NOW).minutes == 90


def test_what_a_shorter_one_gives_up_is_free_at_once(tess, session):
    change_length(booked(session, tess), minutes=30, by=tess.user, now=NOW)
    assert booked(session, tess, TEN + minutes(30), attendee=BEN).starts_at == TEN + minutes(30)


def test_a_session_under_way_can_run_longer_and_one_that_is_over_cannot(tess, session):
    mine = booked(session, tess)
    assert change_length(mine, minutes=75, by=tess.user, now=TEN + minutes(50)).minutes == 75
    with pytest.raises(AlreadyOver):
        change_length(mine, minutes=90, by=tess.user, now=TEN + minutes(75))


@pytest.mark.parametrize("length", [0, -60, 7, 725])
def test_a_length_that_no_session_has_is_refused(length, tess, session):
    with pytest.raises(WrongLength, match="from 5 to 720 minutes, in steps of 5"):
        change_length(booked(session, tess), minutes=length, by=tess.user, now=NOW)


def test_a_canceled_one_stays_as_it_was(tess, session):
    gone = cancel(booked(session, tess), now=NOW)
    with pytest.raises(AlreadyCancelled):
        change_length(gone, minutes=90, by=tess.user, now=NOW)


def test_of_two_forms_the_second_is_told_that_it_changed(tess, session):
    mine = booked(session, tess)
    move(mine, start=TEN + minutes(120), by=tess.user, sequence=0, now=NOW)
    with pytest.raises(ChangedMeanwhile):
        change_length(mine, minutes=90, by=tess.user, sequence=0, now=NOW)
    assert Appointment.objects.get(pk=mine.pk).minutes == 60


@pytest.mark.engines
def test_the_email_brings_the_same_entry_with_its_new_end(tess, session):
    mine = booked(session, tess)
    all_letters_leave()
    change_length(mine, minutes=90, by=tess.user, now=NOW)
    all_letters_leave()
    letter = Letter.objects.get(kind="length_changed", state="sent")
    assert is_in_both_parts(letter, "Your session will be longer:")
    assert is_in_both_parts(letter, "It was 60 minutes long. The price stays the same.")
    [event] = Calendar.from_ical(letter.attachments[0]["content"]).walk("VEVENT")
    assert (str(event["UID"]).split("@")[0], event["SEQUENCE"]) == (str(mine.uid), 1)
    assert event["DTEND"].dt == TEN + minutes(90)


def test_moved_and_then_longer_one_email_says_both(tess, session):
    mine = booked(session, tess)
    all_letters_leave()
    moved = move(mine, start=TEN + minutes(60), by=tess.user, telling=LATER, now=NOW)
    change_length(moved, minutes=90, by=tess.user, telling=LATER, now=NOW)
    all_letters_leave(NOW + minutes(4))
    assert kinds(mine, state="sent", kind__in=("moved", "length_changed")) == ["length_changed"]
    letter = Letter.objects.get(kind="length_changed", state="sent")
    assert is_in_both_parts(letter, "It was Tuesday, March 16, 10:00 – 11:30 AM, and 60 minutes long.")


def test_a_colleague_whose_session_it_is_hears_of_it(tess, session):
    dee = make_user("Dee", role=User.Role.FRONT_DESK)
    change_length(booked(session, tess), minutes=90, by=dee, now=NOW)
    assert is_in_both_parts(
        as_it_leaves(Letter.objects.get(kind="notice_length_changed")), "Dee made one of your sessions"
    )


@pytest.mark.engines
def test_undone_in_time_it_is_as_before_and_no_one_hears_of_it(tess, session):
    mine = booked(session, tess)
    all_letters_leave()
    change_length(mine, minutes=90, by=tess.user, telling=LATER, now=NOW)
    all_letters_leave(NOW + minutes(2))
    back = undo(mine, by=tess.user, now=NOW + minutes(2))
    all_letters_leave(NOW + minutes(10))
    assert (back.minutes, back.ends_at, back.sequence) == (60, TEN + minutes(60), 2)
    assert kinds(mine, kind="length_changed", state="sent") == []
    assert undo(mine, by=tess.user, now=NOW + minutes(2)).sequence == 2  # pressed twice


def test_once_the_email_has_left_the_undo_is_told_too(tess, session):
    mine = booked(session, tess)
    change_length(mine, minutes=90, by=tess.user, now=NOW)
    all_letters_leave()
    change_length_back(mine, by=tess.user, now=NOW)
    all_letters_leave()
    last = Letter.objects.filter(kind="length_changed", state="sent").latest("pk")
    assert is_in_both_parts(last, "Your session will be shorter:")


@pytest.mark.engines
def test_a_shorter_one_is_not_undone_onto_someone(tess, session):
    mine = change_length(booked(session, tess), minutes=30, by=tess.user, now=NOW)
    booked(session, tess, TEN + minutes(30), attendee=BEN)
    with pytest.raises(SlotTaken):
        undo(mine, by=tess.user, now=NOW)
    assert Appointment.objects.get(pk=mine.pk).minutes == 30


def test_after_three_minutes_it_stays(tess, session):
    mine = change_length(booked(session, tess), minutes=90, by=tess.user, now=NOW)
    with pytest.raises(CannotChangeBack):
        undo(mine, by=tess.user, now=NOW + minutes(3) + dt.timedelta(seconds=1))
