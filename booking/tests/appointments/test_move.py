"""Moving: in place, judged ignoring itself, counted; whatever is refused leaves the original as it was."""

import datetime as dt

import pytest

from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.availability import listing
from booking.errors import AlreadyCancelled, AlreadyOver, NotBookable, SlotTaken, TooLate, TooManyMoves
from booking.models import Appointment
from booking.policy.settlement import if_canceled
from booking.tests.people import BEN, NOW, TEN, booked, denver, kept, kinds, minutes, noted
from practice.models import Letter
from practice.testing import as_it_leaves, is_in_both_parts

pytestmark = pytest.mark.django_db


def test_case_26_to_a_time_that_overlaps_itself(tess, session):
    before = booked(session, tess)
    after = move(before, start=TEN + minutes(15), now=NOW)
    assert (after.pk, after.uid, after.sequence) == (before.pk, before.uid, 1)
    assert (after.starts_at, after.ends_at) == (TEN + minutes(15), TEN + minutes(75))


def test_case_26_to_its_own_time_nothing_happens(tess, session):
    before = booked(session, tess)
    letters = kinds(before)
    after = move(before, start=TEN, now=NOW)
    assert (after.sequence, after.moves, kinds(after), after.changes.count()) == (0, 0, letters, 1)


@pytest.mark.engines
def test_case_26_a_taken_target_leaves_the_original_intact(tess, session):
    before = booked(session, tess)
    booked(session, tess, TEN + minutes(60), attendee=BEN)
    with pytest.raises(SlotTaken) as caught:
        move(before, start=TEN + minutes(30), now=NOW)
    after = Appointment.objects.get(pk=before.pk)
    assert (after.starts_at, after.sequence, after.moves, after.state) == (TEN, 0, 0, "booked")
    assert len(caught.value.alternatives) == 3


@pytest.mark.engines
def test_case_26_the_old_time_is_free_at_once(tess, session):
    move(booked(session, tess), start=TEN + minutes(120), now=NOW)
    assert booked(session, tess, TEN, attendee=BEN).starts_at == TEN


@pytest.mark.engines
def test_a_hold_of_someone_else_is_no_target(tess, session):
    before = booked(session, tess)
    kept(session, tess, TEN + minutes(60))
    with pytest.raises(SlotTaken):
        move(before, start=TEN + minutes(60), now=NOW)


def test_case_17_a_moved_session_keeps_its_own_length(tess, session):
    before = booked(session, tess)
    session.minutes = 90
    session.save(update_fields=["minutes"])
    assert move(before, start=TEN + minutes(60), now=NOW).ends_at == TEN + minutes(120)


def test_the_third_move_is_one_too_many_and_staff_are_exempt(tess, session):
    appointment = booked(session, tess)
    for number in (1, 2):
        appointment = move(appointment, start=TEN + minutes(60 * number), now=NOW)
    with pytest.raises(TooManyMoves, match=r"already been moved 2 times.*303 555 0142"):
        move(appointment, start=TEN, now=NOW)
    assert move(appointment, start=TEN, by=tess.user, now=NOW).moves == 2


@pytest.mark.parametrize(("before", "refused"), [(2, False), (1.9999, True), (0.5, True)])
def test_in_the_locked_hours_only_the_phone_helps(before, refused, tess, session):
    appointment = booked(session, tess)
    late = TEN - dt.timedelta(hours=before)
    if not refused:
        assert move(appointment, start=TEN + minutes(60), now=late).moves == 1
        return
    with pytest.raises(TooLate, match=r"last 2 hours.*303 555 0142"):
        move(appointment, start=TEN + minutes(60), now=late)
    assert move(appointment, start=TEN + minutes(60), by=tess.user, now=late).sequence == 1


@pytest.mark.engines
def test_a_move_out_of_the_late_hours_is_noted(tess, session):
    after = move(booked(session, tess), start=TEN + minutes(60), now=TEN - dt.timedelta(hours=5))
    assert noted(after, "moved") == "Moved late."


@pytest.mark.engines
def test_a_late_move_does_not_buy_back_the_free_cancel(tess, session):
    late = TEN - dt.timedelta(hours=5)
    after = move(booked(session, tess), start=TEN + dt.timedelta(days=7), now=late)
    assert after.free_until == TEN - dt.timedelta(hours=24)
    assert if_canceled(after, late + dt.timedelta(days=1)).cents == 4750
    assert noted(cancel(after, now=late), "cancelled") == "Late: $47.50 by policy."


def test_nor_does_a_second_move_of_what_was_moved_late(tess, session):
    late = TEN - dt.timedelta(hours=5)
    after = move(booked(session, tess), start=TEN + dt.timedelta(days=7), now=late)
    after = move(after, start=TEN + dt.timedelta(days=9), now=late + dt.timedelta(days=1))
    assert if_canceled(after, late + dt.timedelta(days=1)).cents == 4750


def test_a_move_in_time_keeps_the_free_hours_of_the_new_time(tess, session):
    in_time = TEN - dt.timedelta(hours=24)
    after = move(booked(session, tess), start=TEN + dt.timedelta(days=7), now=in_time)
    assert (after.free_until, if_canceled(after, TEN).cents) == (None, 0)


def test_when_we_move_it_the_free_hours_begin_again(tess, session):
    late = TEN - dt.timedelta(hours=5)
    after = move(booked(session, tess), start=TEN + dt.timedelta(days=7), now=late)
    after = move(after, start=TEN + dt.timedelta(days=9), by=tess.user, now=late)
    assert (after.free_until, if_canceled(after, late).cents) == (None, 0)


def test_the_email_of_a_late_move_says_that_cancelling_is_not_free(tess, session):
    move(booked(session, tess), start=TEN + dt.timedelta(days=7), now=TEN - dt.timedelta(hours=5))
    letter = as_it_leaves(Letter.objects.get(kind="moved"))
    assert is_in_both_parts(letter, "It was moved late, so canceling is no longer free.")
    assert "no charge" not in letter.text


@pytest.mark.engines
def test_the_policy_is_the_one_agreed_when_booking(tess, session, practice):
    appointment = booked(session, tess)
    practice.moves_allowed = 0
    practice.save()
    assert move(appointment, start=TEN + minutes(60), now=NOW).moves == 1


@pytest.mark.engines
def test_a_canceled_or_past_one_is_not_moved(tess, session):
    appointment = booked(session, tess)
    with pytest.raises(AlreadyOver):
        move(appointment, start=TEN + minutes(600), now=TEN)
    cancel(appointment, now=NOW)
    with pytest.raises(AlreadyCancelled):
        move(appointment, start=TEN + minutes(60), now=NOW)


def test_nobody_moves_outside_hours_but_staff_with_a_reason(tess, session):
    appointment, night = booked(session, tess), denver("2027-03-16 20:00")
    for by in (None, tess.user):
        with pytest.raises(NotBookable):
            move(appointment, start=night, by=by, now=NOW)
    after = move(appointment, start=night, by=tess.user, now=NOW, override_note="After her shift.")
    assert (after.override_note, after.changes.get(what="moved").note) == (
        "After her shift.",
        "After her shift.",
    )


def test_no_reason_moves_onto_someone(tess, session):
    appointment = booked(session, tess)
    booked(session, tess, TEN + minutes(60), attendee=BEN)
    with pytest.raises(SlotTaken):
        move(appointment, start=TEN + minutes(60), by=tess.user, now=NOW, override_note="Both.")


@pytest.mark.engines
def test_a_change_says_from_when_to_when_and_by_whom(tess, session):
    change = move(booked(session, tess), start=TEN + minutes(60), by=tess.user, now=NOW).changes.get(
        what="moved"
    )
    assert (change.was_starts_at, change.starts_at) == (TEN, TEN + minutes(60))
    assert (change.by, change.by_staff, change.at) == (tess.user, True, NOW)


def test_listed_is_bookable_for_a_move_too(tess, session):
    appointment = booked(session, tess)
    found = listing.free_starts(
        session, [tess], first=TEN, until=TEN + minutes(60), now=NOW, ignoring=appointment
    )
    assert [slot.start for slot in found] == [TEN + minutes(15 * number) for number in range(4)]


def test_the_reminders_follow_and_the_old_ones_say_why_they_stayed(tess, session):
    appointment = move(booked(session, tess), start=TEN + dt.timedelta(days=1), now=NOW)
    reminders = Letter.objects.filter(about=appointment.about, kind="reminder").order_by("due_at")
    assert [(letter.state, letter.reason) for letter in reminders if letter.key.endswith(":0")] == [
        ("cancelled", "The appointment was moved.")
    ] * 2
    planned = [letter.due_at for letter in reminders if letter.state == "planned"]
    start = TEN + dt.timedelta(days=1)
    assert planned == [start - dt.timedelta(days=2), start - dt.timedelta(hours=2)]


def test_a_move_is_told_to_both(tess, session):
    after = move(booked(session, tess), start=TEN + minutes(60), now=NOW)
    assert {"moved", "notice_moved"} <= set(kinds(after))
