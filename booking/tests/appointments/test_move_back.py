"""A move can be undone for three minutes: the old time again, unless somebody else has it by then."""

import datetime as dt

import pytest
import time_machine
from icalendar import Calendar

from booking import links
from booking.appointments.actions.approve import approve
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.actions.move_back import move_back
from booking.errors import AlreadyOver, CannotMoveBack, SlotTaken
from booking.holds.actions.hold import release_hold
from booking.models import Appointment, Offer, WaitlistEntry
from booking.offers.actions import offer_again
from booking.testing import make_session_type
from booking.tests.people import BEN, NOW, TEN, booked, kept, kinds, minutes
from booking.tests.web_client import browser, words_of
from booking.waitlist.actions.join import WaitlistChoices, join
from practice.append_only.door import Why, open_door
from practice.mail.delivery import deliver
from practice.models import Letter, User
from practice.testing import as_it_leaves, at_work, is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
SEVEN = NOW - minutes(60)
SECOND = dt.timedelta(seconds=1)
TWO = TEN + minutes(240)
NEXT_WEEK = TEN + dt.timedelta(days=7)


@pytest.fixture
def clock():
    """Monday, March 1, 2027, eight in the morning in Denver."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ann(practice) -> User:
    """Ann, who has an account."""
    return make_user("Ann Lee")


@pytest.fixture
def moved(tess, session) -> Appointment:
    """Ann's session, moved by her from ten to two just now."""
    return move(booked(session, tess), start=TWO, now=NOW)


def all_letters_leave(now=NOW):
    while deliver.step(now=now):
        pass


def waits(session, *, since=SEVEN) -> WaitlistEntry:
    """Ben would take any time until the end of April."""
    return join(session, WaitlistChoices(last_day=dt.date(2027, 4, 30)), attendee=BEN, now=since)


def test_the_same_row_has_its_old_time_and_counts_no_move(moved):
    back = move_back(moved, now=NOW + minutes(2))
    assert (back.pk, back.uid, back.sequence) == (moved.pk, moved.uid, 2)
    assert (back.state, back.starts_at, back.ends_at, back.moves) == ("booked", TEN, TEN + minutes(60), 0)
    assert [change.what for change in back.changes.all()] == ["booked", "moved", "restored"]


def test_all_else_is_as_it_was_before_the_move(tess, session):
    """Moved late and then moved by us: the undo of ours brings back that its free hours are over."""
    late = TEN - dt.timedelta(hours=5)
    before = move(booked(session, tess), start=NEXT_WEEK, now=late)
    after = move(before, start=NEXT_WEEK + minutes(60), by=tess.user, override_note="A reason.", now=late)
    back = move_back(after, by=tess.user, now=late)
    assert (back.free_until, back.moves) == (before.free_until, 1)
    assert (back.wall_here, back.wall_time) == (before.wall_here, before.wall_time)
    assert back.override_note == ""


def test_what_went_to_a_colleague_goes_back_to_whose_it_was(tess, jonah, both, ann):
    mine = booked(both, tess, by=ann, client=ann)
    after = move(mine, start=TWO, to=jonah, by=tess.user, now=NOW)
    back = move_back(after, by=tess.user, now=NOW)
    assert (back.practitioner, back.room, back.starts_at) == (tess, tess.room, TEN)
    assert (back.confirmed_at, back.is_claim) == (mine.confirmed_at, mine.is_claim)


def test_whose_it_was_has_someone_else_by_now_then_it_stays_with_the_colleague(tess, jonah, both):
    after = move(booked(both, tess), start=TEN, to=jonah, by=tess.user, now=NOW)
    booked(both, tess, attendee=BEN)
    with pytest.raises(SlotTaken):
        move_back(after, by=tess.user, now=NOW)
    assert Appointment.objects.get(pk=after.pk).practitioner == jonah


def test_what_came_from_someone_who_works_here_no_more_is_not_moved_back(tess, jonah, both):
    after = move(booked(both, tess), start=TEN, to=jonah, by=jonah.user, now=NOW)
    with open_door(Why.DEMO):
        after.changes.update(was_practitioner=None)
    with pytest.raises(CannotMoveBack):
        move_back(after, by=jonah.user, now=NOW)


@pytest.mark.engines
def test_the_colleague_and_its_client_hear_of_neither_when_no_news_had_left(tess, jonah, both):
    mine = booked(both, tess)
    all_letters_leave()
    move_back(move(mine, start=TWO, to=jonah, by=tess.user, now=NOW), by=tess.user, now=NOW)
    all_letters_leave()
    assert set(Letter.objects.filter(kind__in=("moved", "notice_moved")).values_list("state", flat=True)) == {
        "cancelled"
    }


@pytest.mark.engines
def test_once_it_has_left_both_hear_whose_it_is_again(tess, jonah, both):
    after = move(booked(both, tess), start=TWO, to=jonah, by=tess.user, now=NOW)
    all_letters_leave()
    move_back(after, by=tess.user, now=NOW)
    all_letters_leave()
    to_ann, to_jonah = (
        Letter.objects.filter(kind=kind, state="sent").latest("pk") for kind in ("moved", "notice_moved")
    )
    assert is_in_both_parts(to_ann, "Your session is now with Tess:")
    assert is_in_both_parts(to_jonah, "It is now with Tess Marlow.")


@pytest.mark.parametrize(("heard", "told"), [("tess", ["tess"]), ("jonah", ["jonah"]), ("", [])])
def test_of_two_colleagues_only_who_has_heard_of_the_move_hears_of_its_undo(heard, told, tess, jonah, both):
    dee = make_user("Dee", role=User.Role.FRONT_DESK)
    after = move(booked(both, tess, by=tess.user), start=TWO, to=jonah, by=dee, now=NOW)
    Letter.objects.filter(user__email=f"{heard}@example.com").update(state="sent")
    move_back(after, by=dee, now=NOW)
    news = Letter.objects.filter(kind="notice_moved", state="planned").values_list("user__email", flat=True)
    assert list(news) == [f"{one}@example.com" for one in told]


@pytest.mark.engines
def test_anyone_who_had_it_reads_that_it_came_back(tess, jonah, both):
    dee = make_user("Dee", role=User.Role.FRONT_DESK)
    after = move(booked(both, tess, by=tess.user), start=TWO, to=jonah, by=dee, now=NOW)
    Letter.objects.filter(user=tess.user).update(state="sent")
    move_back(after, by=dee, now=NOW)
    all_letters_leave()
    last = Letter.objects.filter(user=tess.user, state="sent").latest("pk")
    assert is_in_both_parts(last, "It was Tuesday, March 16, 2:00 – 3:00 PM, with Jonah Reyes.")


def test_the_time_it_was_moved_to_is_free_again(moved, tess, session):
    move_back(moved, now=NOW)
    assert booked(session, tess, TWO, attendee=BEN).starts_at == TWO


@pytest.mark.engines
def test_who_booked_the_old_time_in_the_meantime_keeps_it_and_the_nearest_are_said(moved, tess, session):
    booked(session, tess, TEN + minutes(30), attendee=BEN)
    with pytest.raises(SlotTaken) as caught:
        move_back(moved, now=NOW)
    assert Appointment.objects.get(pk=moved.pk).starts_at == TWO
    assert [free.start for free in caught.value.alternatives] == [TEN - minutes(m) for m in (60, 45, 30)]


@pytest.mark.engines
def test_who_is_filling_in_the_form_in_the_meantime_keeps_it_too_until_they_let_go(moved, tess, session):
    held = kept(session, tess)
    with pytest.raises(SlotTaken):
        move_back(moved, now=NOW)
    release_hold(held)
    assert move_back(moved, now=NOW).starts_at == TEN


@pytest.mark.engines
def test_an_offer_of_the_old_time_that_nobody_accepted_is_withdrawn(tess, session):
    entry = waits(session)
    after = move(booked(session, tess), start=TWO, now=NOW)
    offer = Offer.objects.get(entry=entry)
    assert move_back(after, now=NOW + minutes(1)).starts_at == TEN
    offer.refresh_from_db()
    assert (offer.state, offer.appointment.state) == ("withdrawn", "released")


@pytest.mark.engines
def test_an_offer_of_another_time_it_had_before_remains(tess, session):
    """Moved twice: the undo of the second move is no reason to take back what the first one freed."""
    entry = waits(session)
    first = move(booked(session, tess), start=TWO, now=NOW)
    offer = Offer.objects.get(entry=entry)
    second = move(first, start=NEXT_WEEK, now=NOW + minutes(10))
    move_back(second, now=NOW + minutes(11))
    offer.refresh_from_db()
    assert offer.state == "open"


@pytest.mark.engines
def test_the_time_given_up_by_the_undo_is_offered_in_turn(tess, session):
    after = move(booked(session, tess), start=TWO, now=NOW)
    entry = waits(session, since=NOW)
    move_back(after, now=NOW + minutes(1))
    assert Offer.objects.get(entry=entry).appointment.starts_at == TWO


@pytest.mark.engines
def test_and_in_the_morning_when_nobody_could_be_asked_at_night(tess, session):
    night = NOW - dt.timedelta(hours=3)
    after = move(booked(session, tess, now=night), start=TWO, now=night)
    entry = waits(session, since=night)
    move_back(after, now=night + minutes(1))
    assert not Offer.objects.exists()
    offer_again(now=NOW + minutes(1))
    assert Offer.objects.get(entry=entry).appointment.starts_at == TWO


def test_three_minutes_and_not_a_second_more(moved):
    with pytest.raises(CannotMoveBack):
        move_back(moved, now=NOW + minutes(3) + SECOND)
    assert move_back(moved, now=NOW + minutes(3)).starts_at == TEN


@pytest.mark.engines
def test_pressed_twice_it_is_moved_back_once(moved):
    move_back(moved, now=NOW)
    assert move_back(moved, now=NOW).sequence == 2
    assert moved.changes.filter(what="restored").count() == 1


def test_what_was_never_moved_is_not_moved_back(tess, session):
    with pytest.raises(CannotMoveBack):
        move_back(booked(session, tess), now=NOW)


@pytest.mark.engines
def test_what_was_canceled_after_the_move_is_not_moved_back(moved):
    cancel(moved, now=NOW)
    with pytest.raises(CannotMoveBack):
        move_back(moved, now=NOW)


def test_no_rule_judges_the_old_time_again(tess):
    short = make_session_type(tess, slug="short", notice_hours=12, daily_limit=1)
    after = move(booked(short, tess), start=NEXT_WEEK, now=TEN - minutes(180))
    assert move_back(after, now=TEN - minutes(179)).starts_at == TEN


def test_the_old_time_that_has_begun_is_over(tess, session):
    after = move(booked(session, tess), start=TWO, by=tess.user, now=TEN - minutes(1))
    with pytest.raises(AlreadyOver):
        move_back(after, by=tess.user, now=TEN)


def test_a_client_does_not_undo_our_move_and_we_undo_both(tess, session):
    ours = move(booked(session, tess), start=TWO, by=tess.user, now=NOW)
    with pytest.raises(CannotMoveBack):
        move_back(ours, by=ours.client, now=NOW)
    assert move_back(ours, by=tess.user, now=NOW).starts_at == TEN
    theirs = move(ours, start=TWO, now=NOW)
    assert move_back(theirs, by=tess.user, now=NOW).starts_at == TEN


def test_a_request_waits_for_its_answer_with_its_full_time_again(tess):
    asked = booked(make_session_type(tess, slug="first", needs_approval=True), tess)
    back = move_back(move(asked, start=TWO, now=NOW), now=NOW + minutes(1))
    assert (back.state, back.answer_by) == ("pending", NOW + minutes(1) + dt.timedelta(hours=48))


@pytest.mark.engines
def test_approval_of_the_new_time_is_kept(tess):
    asked = booked(make_session_type(tess, slug="first", needs_approval=True), tess)
    after = approve(move(asked, start=TWO, now=NOW), by=tess.user, now=NOW)
    with pytest.raises(CannotMoveBack):
        move_back(after, now=NOW)


# Emails


def test_news_of_the_move_that_has_not_left_stays_and_nothing_else_is_said(moved):
    move_back(moved, now=NOW)
    waiting = kinds(moved, state="planned")
    assert waiting == ["confirmation", "intake", "intake", "notice_booked", "reminder", "reminder"]


@pytest.mark.engines
def test_once_it_has_left_an_email_tells_both_of_the_old_time(moved):
    all_letters_leave()
    back = move_back(moved, now=NOW)
    assert {"moved", "notice_moved"} <= set(kinds(back, state="planned"))
    letter = as_it_leaves(Letter.objects.get(kind="moved", state="planned"))
    assert is_in_both_parts(letter, "Tuesday, March 16, 10:00 – 11:00 AM")
    assert is_in_both_parts(letter, "It was Tuesday, March 16, 2:00 – 3:00 PM")


@pytest.mark.engines
def test_the_calendar_gets_it_under_the_same_name_with_a_higher_number(moved):
    all_letters_leave()
    move_back(moved, now=NOW)
    all_letters_leave(NOW + minutes(1))
    files = [
        Calendar.from_ical(part["content"])
        for letter in Letter.objects.filter(about=moved.about, state="sent").order_by("id")
        for part in letter.attachments
    ]
    assert [(str(one["METHOD"]), int(one.events[0]["SEQUENCE"])) for one in files] == [
        ("REQUEST", 1),
        ("REQUEST", 2),
    ]
    assert {one.events[0]["DTSTART"].dt for one in files[1:]} == {TEN}
    assert {str(one.events[0]["UID"]) for one in files} == {f"{moved.uid}@localhost"}


@pytest.mark.engines
def test_it_is_reminded_of_at_the_old_time_and_only_once(moved):
    move_back(moved, now=NOW)
    planned = Letter.objects.filter(kind="reminder", state="planned").order_by("due_at")
    assert [letter.due_at for letter in planned] == [TEN - minutes(48 * 60), TEN - minutes(120)]


# Pages


def test_the_page_offers_it_for_three_minutes(moved, clock):
    page = links.appointment_path(moved)
    said = words_of(browser().get(page))
    assert "Moved by mistake? Until 8:03 AM you can move it back to Tuesday, March 16 at 10:00 AM" in said
    clock.move_to(NOW + minutes(3) + SECOND)
    assert "Moved by mistake?" not in words_of(browser().get(page))


def test_one_press_without_a_script_moves_it_back(moved, clock):
    answer = browser().post(f"{links.appointment_path(moved)}bring-back/", follow=True)
    assert "Moved back. You have your original time again." in words_of(answer)
    assert Appointment.objects.get().starts_at == TEN


def test_the_page_says_that_the_old_time_is_gone_and_that_it_keeps_its_new_one(moved, tess, session, clock):
    booked(session, tess, attendee=BEN)
    answer = browser().post(f"{links.appointment_path(moved)}bring-back/")
    said = words_of(answer)
    assert answer.status_code == 409
    assert "Someone else has taken the original time." in said
    assert "still at the same time: Tuesday, March 16 at 2:00 PM." in said


def test_too_late_is_said_in_a_sentence(moved, clock):
    clock.move_to(NOW + minutes(4))
    answer = browser().post(f"{links.appointment_path(moved)}bring-back/")
    assert (answer.status_code, "A move can be undone for three minutes" in words_of(answer)) == (422, True)


@pytest.mark.engines
def test_the_workspace_offers_it_too(moved, tess, clock):
    desk = at_work(tess.user)
    page = f"/workspace/appointments/{moved.uid}/"
    assert "Moved by mistake?" in words_of(desk.get(page))
    desk.post(f"{page}bring-back/")
    assert Appointment.objects.get().starts_at == TEN


@pytest.mark.engines
def test_pressed_on_what_was_never_moved_nothing_happens_and_nothing_is_claimed(tess, session, clock):
    made = booked(session, tess)
    answer = browser().post(f"{links.appointment_path(made)}bring-back/", follow=True)
    assert (answer.status_code, "Moved back. You have your original time again." in words_of(answer)) == (
        200,
        False,
    )
    assert made.changes.count() == 1
