"""A cancel can be undone for three minutes: the same row stands again, unless somebody else has its time."""

import datetime as dt

import pytest
import time_machine
from icalendar import Calendar

from booking import links
from booking.appointments.actions.approve import decline
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.actions.restore import restore
from booking.errors import AlreadyOver, CannotBringBack, SlotTaken
from booking.models import Appointment, PackageUse
from booking.packages import actions as packages_actions
from booking.testing import make_session_type
from booking.tests.people import BEN, NOW, TEN, booked, kept, kinds, minutes
from booking.tests.web_client import browser, words_of
from practice.models import Letter
from practice.testing import all_emails_leave, as_it_leaves, at_work, is_in_both_parts

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def clock():
    """Monday, March 1, 2027, eight in the morning in Denver."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def gone(tess, session) -> Appointment:
    """Ann's session, cancelled by her just now."""
    return cancel(booked(session, tess), now=NOW)


def test_the_same_row_is_back(gone):
    back = restore(gone, now=NOW + minutes(2))
    assert (back.pk, back.uid, back.sequence) == (gone.pk, gone.uid, 2)
    assert (back.state, back.occupies, back.cancelled_at) == ("booked", True, None)
    assert [change.what for change in back.changes.all()] == ["booked", "cancelled", "restored"]


def test_it_takes_up_its_time_again(gone, tess, session):
    restore(gone, now=NOW)
    with pytest.raises(SlotTaken):
        booked(session, tess, attendee=BEN)


@pytest.mark.engines
def test_who_booked_it_in_the_meantime_keeps_it_and_the_nearest_times_are_said(gone, tess, session):
    booked(session, tess, TEN + minutes(30), attendee=BEN)
    with pytest.raises(SlotTaken) as caught:
        restore(gone, now=NOW)
    assert Appointment.objects.get(pk=gone.pk).state == "cancelled"
    assert [free.start for free in caught.value.alternatives] == [TEN - minutes(m) for m in (60, 45, 30)]


@pytest.mark.engines
def test_who_is_filling_in_the_form_in_the_meantime_keeps_it_too(gone, tess, session):
    kept(session, tess)
    with pytest.raises(SlotTaken):
        restore(gone, now=NOW)


@pytest.mark.engines
def test_a_hold_that_ran_out_is_in_nobodys_way(gone, tess, session):
    kept(session, tess, now=NOW - minutes(11))
    assert restore(gone, now=NOW).state == "booked"


def test_three_minutes_and_not_a_second_more(gone):
    with pytest.raises(CannotBringBack):
        restore(gone, now=NOW + minutes(3) + SECOND)
    assert restore(gone, now=NOW + minutes(3)).state == "booked"


@pytest.mark.engines
def test_pressed_twice_it_is_brought_back_once(gone):
    restore(gone, now=NOW)
    assert restore(gone, now=NOW).sequence == 2
    assert gone.changes.filter(what="restored").count() == 1


def test_no_rule_judges_it_a_second_time(tess):
    short = make_session_type(tess, slug="short", notice_hours=12, daily_limit=1)
    gone = cancel(booked(short, tess), now=TEN - minutes(180))
    assert restore(gone, now=TEN - minutes(179)).state == "booked"


@pytest.mark.engines
def test_what_begins_in_the_meantime_is_over(tess, session):
    gone = cancel(booked(session, tess), by=tess.user, now=TEN - minutes(1))
    with pytest.raises(AlreadyOver):
        restore(gone, by=tess.user, now=TEN)


@pytest.mark.engines
def test_a_client_does_not_undo_what_we_canceled_and_we_undo_both(tess, session):
    ours = cancel(booked(session, tess), by=tess.user, now=NOW)
    with pytest.raises(CannotBringBack):
        restore(ours, by=ours.client, now=NOW)
    assert restore(ours, by=tess.user, now=NOW).state == "booked"
    theirs = cancel(ours, now=NOW)
    assert restore(theirs, by=tess.user, now=NOW).state == "booked"


@pytest.mark.engines
def test_a_request_that_was_taken_back_is_a_request_again(tess):
    asked = booked(make_session_type(tess, slug="first", needs_approval=True), tess)
    back = restore(cancel(asked, now=NOW), now=NOW + minutes(1))
    assert (back.state, back.answer_by) == ("pending", NOW + minutes(1) + dt.timedelta(hours=48))


@pytest.mark.engines
def test_a_no_is_no_cancel_and_is_not_undone(tess):
    asked = booked(make_session_type(tess, slug="first", needs_approval=True), tess)
    with pytest.raises(CannotBringBack):
        restore(decline(asked, by=tess.user, now=NOW), now=NOW)


def test_what_was_moved_before_is_back_at_its_last_time(tess, session):
    moved = move(booked(session, tess), start=TEN + minutes(60), now=NOW)
    assert restore(cancel(moved, now=NOW), now=NOW).starts_at == TEN + minutes(60)


@pytest.mark.engines
def test_the_package_pays_again(tess, session):
    appointment = booked(session, tess)
    packages_actions.sell(
        session, client=appointment.client, sessions=1, price_cents=1, by=tess.user, now=NOW
    )
    packages_actions.use_for(appointment, now=NOW)
    restore(cancel(appointment, now=NOW), now=NOW)
    assert PackageUse.objects.filter(given_back_at=None).count() == 1


# Letters


def test_an_email_of_the_cancel_that_has_not_left_stays_and_nothing_else_is_said(gone):
    restore(gone, now=NOW)
    waiting = kinds(gone, state="planned")
    assert waiting == ["confirmation", "intake", "intake", "notice_booked", "reminder", "reminder"]


@pytest.mark.engines
def test_once_it_was_sent_an_email_says_that_it_takes_place_after_all(gone):
    all_emails_leave(NOW)
    restore(gone, now=NOW)
    assert kinds(gone, state="planned") == [
        *("intake", "intake", "notice_restored"),
        *("reminder", "reminder", "restored"),
    ]
    letter = as_it_leaves(Letter.objects.get(kind="restored"))
    assert is_in_both_parts(letter, "Your session is back on")
    assert is_in_both_parts(letter, "Tuesday, March 16, 10:00 – 11:00 AM")


@pytest.mark.engines
def test_the_calendar_gets_it_back_under_the_same_name_with_a_higher_number(gone):
    all_emails_leave(NOW)
    restore(gone, now=NOW)
    all_emails_leave(NOW)
    files = [
        Calendar.from_ical(part["content"])
        for letter in Letter.objects.filter(about=gone.about, state="sent").order_by("id")
        for part in letter.attachments
    ]
    assert [(str(one["METHOD"]), int(one.events[0]["SEQUENCE"])) for one in files] == [
        ("CANCEL", 1),
        ("REQUEST", 2),
    ]
    assert {str(one.events[0]["UID"]) for one in files} == {f"{gone.uid}@localhost"}


@pytest.mark.engines
def test_it_is_reminded_of_again_and_only_once(gone):
    restore(gone, now=NOW)
    planned = Letter.objects.filter(kind="reminder", state="planned").order_by("due_at")
    assert [letter.due_at for letter in planned] == [TEN - minutes(48 * 60), TEN - minutes(120)]


# Pages


def test_the_page_offers_it_for_three_minutes(gone, clock):
    page = links.appointment_path(gone)
    assert "You can undo this until 8:03 AM" in words_of(browser().get(page))
    clock.move_to(NOW + minutes(3) + SECOND)
    assert "You can undo this" not in words_of(browser().get(page))


def test_the_page_does_not_say_that_others_can_book_it(gone, clock):
    """On a closed day, or once the waitlist has it, nobody can."""
    said = words_of(browser().get(links.appointment_path(gone)))
    assert ("We’ve emailed you" in said, "free again" in said) == (True, False)


def test_one_press_without_a_script_brings_it_back(gone, clock):
    visitor, page = browser(), links.appointment_path(gone)
    said = words_of(visitor.post(f"{page}bring-back/", follow=True))
    assert ("Your appointment is back on." in said, Appointment.objects.get().state) == (True, "booked")


def test_the_page_says_that_the_time_is_gone_and_offers_the_nearest(gone, tess, session, clock):
    booked(session, tess, attendee=BEN)
    answer = browser().post(f"{links.appointment_path(gone)}bring-back/")
    assert answer.status_code == 409
    assert "Someone else has taken it" in words_of(answer)
    assert answer.content.decode().count('name="start"') == 3


def test_too_late_is_said_in_a_sentence(gone, clock):
    clock.move_to(NOW + minutes(4))
    answer = browser().post(f"{links.appointment_path(gone)}bring-back/")
    assert (answer.status_code, "that time is up" in words_of(answer)) == (422, True)


def test_nobody_reads_it_back(gone, clock):
    assert browser().get(f"{links.appointment_path(gone)}bring-back/").status_code == 405


@pytest.mark.engines
def test_the_workspace_offers_it_too(gone, tess, clock):
    desk = at_work(tess.user)
    page = f"/workspace/appointments/{gone.uid}/"
    assert "Canceled by mistake?" in words_of(desk.get(page))
    desk.post(f"{page}bring-back/")
    assert Appointment.objects.get().state == "booked"
