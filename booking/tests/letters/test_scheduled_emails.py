"""Letters that wait before a session: reminders at the owner's hours, and how to prepare for a first one."""

import datetime as dt

import pytest

from booking.appointments.actions.approve import approve
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.actions.restore import restore
from booking.models import Appointment, SessionType
from booking.owner_settings.actions.resync_reminders import resync
from booking.testing import make_session_type
from booking.tests.people import BEN, NOW, TEN, booked
from practice.core.reasons import because
from practice.mail.delivery import deliver
from practice.mail.send_check import Cancel, Send, check_before_sending, preview_of
from practice.models import Letter
from practice.testing import is_in_both_parts

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def reminded(appointment, **fields):
    """How long before the start its reminders are due that wait, in hours."""
    found = Letter.objects.filter(about=appointment.about, kind="reminder", state="planned", **fields)
    return sorted(((appointment.starts_at - letter.due_at) / HOUR for letter in found), reverse=True)


def choose(practice, *hours):
    practice.reminder_hours = list(hours)
    practice.save(update_fields=["reminder_hours"])


# Reminders


def test_reminders_go_when_the_owner_chose(tess, session, practice):
    choose(practice, 72, 24, 1)
    assert reminded(booked(session, tess)) == [72, 24, 1]


def test_none_at_all_is_a_choice_too(tess, session, practice):
    choose(practice)
    assert reminded(booked(session, tess)) == []


def test_another_choice_holds_for_what_is_booked_already(tess, session, practice):
    appointment = booked(session, tess)
    choose(practice, 24, 2)
    assert resync(now=NOW) == 1
    assert reminded(appointment) == [24, 2]
    gone = Letter.objects.get(kind="reminder", state="cancelled")
    assert gone.reason == "The practice has changed its reminder times."


def test_what_was_chosen_against_comes_back_when_it_is_chosen_again(tess, session, practice):
    appointment = booked(session, tess)
    for hours in ((), (48, 2)):
        choose(practice, *hours)
        resync(now=NOW)
    assert reminded(appointment) == [48, 2]
    assert Letter.objects.filter(kind="reminder").count() == 2


def test_where_nothing_was_changed_nothing_is_looked_at_twice(tess, session, practice):
    booked(session, tess)
    assert resync(now=NOW) == 0


def test_a_choice_brings_no_reminder_that_would_come_at_once(tess, session, practice):
    appointment = booked(session, tess)
    choose(practice, 48, 26, 2)
    resync(now=TEN - 27 * HOUR)
    assert 26 not in reminded(appointment)


def test_a_reminder_that_is_tried_again_is_not_taken_for_one_too_many(tess, session, practice):
    appointment = booked(session, tess)
    first = Letter.objects.filter(kind="reminder").earliest("due_at")
    now = first.due_at + HOUR / 60
    Letter.objects.filter(pk=first.pk).update(due_at=now + HOUR, attempts=1)
    assert resync(now=now) == 0
    assert len(reminded(appointment)) == 2


def test_who_is_not_booked_anymore_is_not_reminded_by_a_choice(tess, session, practice):
    cancel(booked(session, tess), now=NOW)
    choose(practice, 24)
    assert resync(now=NOW) == 0
    assert not Letter.objects.filter(kind="reminder", state="planned").exists()


def test_a_choice_costs_the_same_queries_however_many_come(
    tess, session, practice, django_assert_num_queries
):
    for number in range(5):
        booked(session, tess, TEN + number * HOUR)
    with django_assert_num_queries(4):  # and two for the practice's choice and its practitioners
        resync(now=NOW)


# How to prepare


@pytest.fixture
def first(tess) -> SessionType:
    words = "Wear something soft.\n\nBring pictures, if there are any & you like."
    return make_session_type(tess, slug="first", name="First session", step=15, preparation=words)


def prepare(appointment) -> Letter:
    return Letter.objects.get(about=appointment.about, kind="prepare")


def test_it_goes_two_days_before_the_first_session(tess, first):
    letter = prepare(booked(first, tess))
    assert (letter.due_at, letter.not_after, letter.state) == (TEN - 2 * DAY, TEN, "planned")


def test_it_goes_at_once_when_the_session_is_sooner(tess, first):
    now = TEN - 20 * HOUR
    assert prepare(booked(first, tess, now=now)).due_at == now


def test_it_says_the_owners_words_in_both_parts_and_where_and_when(tess, first):
    letter = preview_of(prepare(booked(first, tess)), NOW)
    for words in ("Wear something soft.", "Tuesday, March 16, 10:00 – 11:00 AM", "1184 Juniper Street"):
        assert is_in_both_parts(letter, words)
    assert "any & you like" in letter.text
    assert "any &amp; you like" in letter.html
    assert letter.subject == "Before your first session, Tuesday, March 16"


def test_it_says_what_the_owner_says_when_it_leaves(tess, first):
    letter = prepare(booked(first, tess))
    first.preparation = "Come hungry."
    first.save(update_fields=["preparation"])
    verdict = check_before_sending(letter, letter.due_at)
    assert isinstance(verdict, Send)
    assert "Come hungry." in verdict.fresh.words.text
    assert "Come hungry." in preview_of(letter, NOW).text


def test_the_confirmation_then_says_nothing_of_its_own_about_it(tess, first):
    booked(first, tess)
    assert "This is your first visit" not in Letter.objects.get(kind="confirmation").text


def test_who_was_here_before_gets_none(tess, first):
    booked(first, tess)
    again = booked(first, tess, TEN + DAY)
    assert not Letter.objects.filter(about=again.about, kind="prepare").exists()


def test_nor_does_a_type_without_words_of_its_own(tess, session):
    appointment = booked(session, tess)
    assert not Letter.objects.filter(about=appointment.about, kind="prepare").exists()


def test_which_is_the_first_is_decided_when_it_leaves(tess, first):
    letter = prepare(booked(first, tess))
    sooner = booked(first, tess, TEN - 3 * DAY)
    assert check_before_sending(letter, letter.due_at) == Cancel(because("not_first"))
    assert isinstance(check_before_sending(prepare(sooner), NOW), Send)


def test_a_move_takes_it_along(tess, first):
    appointment = move(booked(first, tess), start=TEN + DAY, now=NOW)
    letters = Letter.objects.filter(about=appointment.about, kind="prepare").order_by("due_at")
    assert [(one.due_at, one.state) for one in letters] == [
        (TEN - 2 * DAY, "cancelled"),
        (TEN - DAY, "planned"),
    ]


def test_who_was_told_is_not_told_again_after_a_move(tess, first):
    appointment = booked(first, tess)
    while deliver.step(now=TEN - 2 * DAY):
        pass
    move(appointment, start=TEN + 3 * DAY, now=TEN - 2 * DAY)
    assert prepare(appointment).state == "sent"


def test_a_cancel_calls_it_off_and_an_undo_plans_it_again(tess, first):
    appointment = cancel(booked(first, tess), now=NOW)
    assert prepare(appointment).state == "cancelled"
    restore(appointment, now=NOW)
    assert Letter.objects.filter(kind="prepare", state="planned").count() == 1


def test_a_request_is_told_nothing_before_our_yes(tess, first):
    first.needs_approval = True
    first.save(update_fields=["needs_approval"])
    asked = booked(first, tess)
    assert not Letter.objects.filter(kind="prepare").exists()
    approve(asked, by=tess.user, now=NOW)
    assert prepare(asked).state == "planned"


def test_one_of_a_time_that_was_moved_by_hand_does_not_go(tess, first):
    appointment = booked(first, tess, attendee=BEN)
    letter = prepare(appointment)
    Appointment.objects.filter(pk=appointment.pk).update(sequence=1)
    assert check_before_sending(letter, letter.due_at) == Cancel(because("appointment_moved"))
