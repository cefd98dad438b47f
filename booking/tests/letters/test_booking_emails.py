"""Booking's letters: everything said in both parts, when reminders go, and when they stay."""

import datetime as dt

import pytest

from booking.appointments.actions.book import Attendee
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.letters.before_session.reminders import check_reminder
from booking.links import appointment_url
from booking.testing import make_session_type
from booking.tests.people import ANN, BEN, NOW, TEN, booked, minutes
from practice.core.reasons import because
from practice.mail.send_check import Cancel, Send, check_before_sending
from practice.models import Letter
from practice.testing import as_it_leaves, both_parts, is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def letter(kind):
    """The email of this kind, as it leaves."""
    return as_it_leaves(Letter.objects.get(kind=kind))


def reminders(appointment):
    return list(Letter.objects.filter(about=appointment.about, kind="reminder").order_by("due_at"))


@pytest.mark.parametrize(
    "words",
    [
        "Tuesday, March 16, 10:00 – 11:00 AM",
        "Hello Ann",
        "Tess Marlow",
        "60 minutes",
        "$95",
        "1184 Juniper Street, upstairs",
        "Until Monday, March 15 at 10:00 AM",
        "Until Tuesday, March 16 at 8:00 AM",
        "$47.50",
        "303 555 0142",
        "see a doctor first",
        "This is your first visit",
    ],
)
def test_the_confirmation_says_it_in_both_parts(words, tess, session):
    booked(session, tess)
    assert is_in_both_parts(letter("confirmation"), words)


def test_the_confirmation_has_one_link_and_it_is_the_appointments(tess, session):
    appointment = booked(session, tess)
    confirmation = letter("confirmation")
    assert is_in_both_parts(confirmation, appointment_url(appointment))
    assert confirmation.html.count("<a ") == confirmation.text.count("http") == 1


def test_it_comes_from_a_person_and_its_subject_names_no_session(tess, practice):
    sore = make_session_type(tess, slug="sore", name="Low back pain")
    appointment = booked(sore, tess)
    confirmation = letter("confirmation")
    assert confirmation.subject == "Booked: Tuesday, March 16 at 10:00 AM, with Tess"
    assert confirmation.from_name == "Tess Marlow"
    subjects = [as_it_leaves(one).subject for one in reminders(appointment)]
    move(appointment, start=TEN + minutes(60), now=NOW)
    subjects += [letter("moved").subject, letter("notice_moved").subject]
    cancel(appointment, now=NOW)
    subjects += [letter("cancelled").subject, letter("notice_cancelled").subject]
    assert not [subject for subject in subjects if "pain" in subject.lower()]


def test_someone_who_was_here_is_not_told_how_to_prepare(tess, session):
    booked(session, tess)
    again = booked(session, tess, TEN + 24 * HOUR)
    confirmation = as_it_leaves(Letter.objects.get(key=f"{again.about}:confirmation"))
    assert "This is your first visit" not in both_parts(confirmation)


def test_who_reads_elsewhere_is_told_both_clocks_by_name(tess, session):
    booked(session, tess, attendee=Attendee("Ann", "ann@example.com", zone="Europe/Berlin"))
    assert is_in_both_parts(letter("confirmation"), "Tuesday, March 16, 10:00 – 11:00 AM MDT")
    assert is_in_both_parts(letter("confirmation"), "(5:00 PM CET in Berlin)")


def test_anyone_who_comes_for_the_address_is_named(tess, session):
    make_user("Ann Lee")
    booked(session, tess, attendee=Attendee("Leo Lee", "ann@example.com"))
    assert is_in_both_parts(letter("confirmation"), "for Leo Lee")
    assert is_in_both_parts(letter("confirmation"), "Hello Ann")


def test_names_do_not_become_markup(tess, session):
    booked(session, tess, attendee=Attendee("<b>Ann</b> & Co", "ann@example.com"))
    assert "<b>Ann</b> &amp; Co" not in letter("notice_booked").html
    assert "&lt;b&gt;Ann&lt;/b&gt; &amp; Co" in letter("notice_booked").html
    assert "<b>Ann</b> & Co" in letter("notice_booked").text


def test_the_notice_tells_who_when_what_and_how_to_reach_them(tess, session):
    booked(session, tess)
    notice = letter("notice_booked")
    assert notice.to_address == "tess@example.com"
    for words in ("Ann Lee", "Tuesday, March 16, 10:00 – 11:00 AM", "Session, 60 minutes", ANN.phone):
        assert is_in_both_parts(notice, words)


def test_a_moved_session_says_both_times(tess, session):
    move(booked(session, tess), start=TEN + minutes(90), now=NOW)
    for kind in ("moved", "notice_moved"):
        assert is_in_both_parts(letter(kind), "11:30 AM – 12:30 PM")
        assert is_in_both_parts(letter(kind), "It was Tuesday, March 16, 10:00 – 11:00 AM")


def test_one_colleague_is_told_what_another_booked(tess, jonah, session):
    booked(session, tess, attendee=BEN, by=jonah.user)
    assert is_in_both_parts(letter("notice_booked"), "Jonah Reyes booked a session with you")


def test_reminders_go_two_days_and_two_hours_before(tess, session):
    due = [one.due_at for one in reminders(booked(session, tess))]
    assert due == [TEN - 48 * HOUR, TEN - 2 * HOUR]


@pytest.mark.parametrize(
    ("ahead", "planned"),
    [(61, 2), (60, 2), (59, 1), (47, 1), (6, 1), (5.9, 0), (2, 0), (1, 0)],
)
def test_case_30_no_reminder_close_upon_the_booking(ahead, planned, tess, session):
    assert len(reminders(booked(session, tess, now=TEN - ahead * HOUR))) == planned


def test_case_30_a_late_worker_still_reminds_while_it_helps(tess, session):
    first, second = reminders(booked(session, tess))
    assert isinstance(check_before_sending(first, first.due_at + 3 * HOUR), Send)
    assert first.not_after == TEN - 24 * HOUR
    assert second.not_after == TEN - HOUR


def test_a_reminder_is_judged_again_when_it_goes(tess, session):
    appointment = booked(session, tess)
    first = reminders(appointment)[0]
    assert isinstance(check_before_sending(first, first.due_at), Send)
    type(appointment).objects.filter(pk=appointment.pk).update(sequence=1)
    assert check_before_sending(first, first.due_at) == Cancel(because("appointment_moved"))
    type(appointment).objects.filter(pk=appointment.pk).update(state="cancelled", occupies=False)
    assert check_before_sending(first, first.due_at) == Cancel(because("appointment_not_booked"))


def test_nobody_is_reminded_of_what_has_begun(tess, session):
    first = reminders(booked(session, tess))[0]
    assert check_reminder(first, TEN) == Cancel(because("session_begun"))


def test_a_move_to_and_fro_reminds_of_the_last_time_only(tess, session):
    appointment = move(booked(session, tess), start=TEN + 24 * HOUR, now=NOW)
    move(appointment, start=TEN, now=NOW)
    waiting = [one for one in reminders(appointment) if one.state == "planned"]
    assert [one.due_at for one in waiting] == [TEN - 48 * HOUR, TEN - 2 * HOUR]


def test_a_late_booking_is_not_promised_what_is_over(tess, session):
    booked(session, tess, now=TEN - 5 * HOUR)
    assert "Until Monday, March 15" not in both_parts(letter("confirmation"))


def test_a_moved_session_promises_the_moves_that_are_left(tess, session):
    move(booked(session, tess), start=TEN + minutes(90), now=NOW)
    assert is_in_both_parts(letter("moved"), "move it once, at no charge")


def test_see_the_day_opens_the_day_of_the_session(tess, session):
    booked(session, tess)
    assert "/workspace/?day=2027-03-16" in letter("notice_booked").text
