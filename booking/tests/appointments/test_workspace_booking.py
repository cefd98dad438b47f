"""Booking for somebody, at work: who finds whom, what is listed, and how far a reason goes."""

import datetime as dt
import re
from urllib.parse import urlsplit

import pytest
import time_machine
from django.test import Client

from booking.appointments.actions.book import Attendee
from booking.models import Appointment
from booking.testing import make_appointment, make_session_type
from booking.tests.people import NOW, TEN, booked, denver, kinds
from booking.tests.web_client import sent_by, words_of
from practice.mail.delivery import deliver
from practice.models import Letter, User
from practice.testing import as_it_leaves, at_work, make_user

pytestmark = pytest.mark.django_db
PAGE = "/workspace/book/"
ATHENS = Attendee("Ann Lee", "ann@example.com", "", "Europe/Athens")
NIGHT = "2027-03-16T20:00"


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ann(session, tess):
    """Ann was here in February, with Tess."""
    ann = make_user("Ann Lee", phone="+13035550101")
    make_appointment(
        session_type=session,
        practitioner=tess,
        start=denver("2027-02-02 10:00"),
        client=ann,
        state="completed",
    )
    return ann


@pytest.fixture
def desk(tess):
    return make_user("Dee Desk", role=User.Role.FRONT_DESK)


def wish(client="new", **changes):
    """What the form of the last page sends."""
    whom = client if isinstance(client, str) else str(client.pk)
    return {"client": whom, "type": "session", "practitioner": "any", "start": TEN.isoformat(), **changes}


def new_ones():
    """What was booked here, without what the cast brings along."""
    return Appointment.objects.filter(starts_at__gt=NOW)


@pytest.mark.parametrize("who", ["tess", "desk"])
def test_people_at_work_find_a_client_by_name_and_by_address(who, ann, tess, desk):
    browser = at_work(tess.user if who == "tess" else desk)
    for called in ("ann", "ann@exam"):
        assert f'name="choose" value="{ann.pk}"' in browser.get(PAGE, {"q": called}).content.decode()


def test_a_practitioner_finds_own_people_only(ann, jonah):
    browser = at_work(jonah.user)
    assert "No matching clients" in words_of(browser.get(PAGE, {"q": "ann"}))
    assert browser.get(PAGE, {"client": ann.pk}).status_code == 404
    assert browser.post(PAGE, wish(ann)).status_code == 404


def test_nobody_is_listed_unasked(ann, tess):
    assert "Ann Lee" not in words_of(at_work(tess.user).get(PAGE))


def listed(answer):
    """The times that the page offers as buttons."""
    return re.findall(r'name="look" value="([^"]+)"', answer.content.decode())


def sure(browser, client, start="", **chosen):
    """The page with a time, as pressing the first time of that day leads there."""
    whom = client if isinstance(client, str) else client.pk
    page = browser.get(PAGE, {"client": whom, "type": "session", "day": "2027-03-16", **chosen})
    return browser.post(PAGE, {**sent_by(page), "look": start or listed(page)[0]})


def test_what_is_listed_is_shown_once_more_and_booked_with_one_press(ann, tess):
    browser = at_work(tess.user)
    page = sure(browser, ann)
    assert new_ones().count() == 0
    answer = browser.post(PAGE, sent_by(page))
    made = new_ones().get()
    assert urlsplit(answer["Location"]).path == f"/workspace/appointments/{made.uid}/"
    assert (made.client, made.starts_at, made.changes.get().by) == (
        ann,
        denver("2027-03-16 09:00"),
        tess.user,
    )
    assert "confirmation" in kinds(made)


def test_with_a_colleague_who_cannot_be_booked_anymore_nothing_is_booked(ann, tess, jonah, session):
    session.practitioners.add(jonah)
    browser = at_work(tess.user)
    page = sure(browser, ann, practitioner="jonah")
    sent = sent_by(page)
    session.practitioners.remove(jonah)
    for answer, status in ((browser.post(PAGE, sent), 409), (browser.get(PAGE, sent), 200)):
        assert (answer.status_code, new_ones().count()) == (status, 0)
        assert "This practitioner can’t be booked for this session." in words_of(answer)


def test_a_type_that_only_people_at_work_book_is_bookable_here(ann, tess):
    kind = make_session_type(tess, slug="staff", who="staff")
    at_work(tess.user).post(PAGE, wish(ann, type="staff"))
    assert new_ones().get().session_type == kind


def test_the_front_desk_books_someone_new_without_an_address(desk, session):
    browser = at_work(desk)
    answer = browser.post(PAGE, wish(name="Old Joe", phone="303 555 0199"), follow=True)
    made = new_ones().get()
    assert (made.attendee_name, made.client.email, made.phone) == ("Old Joe", None, "303 555 0199")
    assert "please tell them yourself" in words_of(answer)


def test_a_name_that_is_missing_is_asked_for_and_nothing_is_booked(desk, session):
    answer = at_work(desk).post(PAGE, wish(name=" ", email="joe at home"))
    assert (answer.status_code, new_ones().count()) == (422, 0)
    assert "Please enter who it’s for." in words_of(answer)
    assert "This does not look like an email address." in words_of(answer)
    assert 'value="joe at home"' in answer.content.decode()


def test_a_rule_is_named_first_and_nothing_is_booked(ann, tess):
    answer = at_work(tess.user).post(PAGE, wish(ann, start="", at=NIGHT))
    said = words_of(answer)
    assert (answer.status_code, new_ones().count()) == (409, 0)
    assert "8:00 PM is outside the opening hours on Tuesday, March 16." in said
    assert "Book anyway" in said


def test_with_a_reason_it_goes_past_the_rule_and_the_reason_is_kept(ann, tess):
    browser = at_work(tess.user)
    page = browser.post(PAGE, wish(ann, start="", at=NIGHT))
    browser.post(
        PAGE,
        {**sent_by(page), **wish(ann, start=denver("2027-03-16 20:00").isoformat(), note="She flies out.")},
    )
    made = new_ones().get()
    assert (made.override_note, made.changes.get().note) == ("She flies out.", "She flies out.")


def test_no_reason_books_over_someone_and_it_says_who_is_there(ann, tess, session):
    booked(session, tess)
    answer = at_work(tess.user).post(PAGE, wish(ann, note="Squeeze her in."))
    said = words_of(answer)
    assert (answer.status_code, new_ones().count()) == (409, 1)
    assert "It would overlap Ann Lee’s session" in said
    assert "Book anyway" not in said


def test_a_buffer_may_be_passed_and_says_whose_it_is(ann, tess, session):
    session.buffer_after = 15
    session.save(update_fields=["buffer_after"])
    booked(session, tess)
    at_eleven = wish(ann, start=denver("2027-03-16 11:00").isoformat())
    browser = at_work(tess.user)
    assert "there must be 15 minutes in between" in words_of(browser.post(PAGE, at_eleven))
    browser.post(PAGE, {**at_eleven, "note": "Both agreed."})
    assert new_ones().count() == 2


def test_a_double_press_books_once_and_answers_the_same(ann, tess):
    browser = at_work(tess.user)
    sent = sent_by(sure(browser, ann))
    answers = [browser.post(PAGE, sent)["Location"] for _ in range(2)]
    assert answers[0] == answers[1]
    assert (new_ones().count(), Letter.objects.filter(kind="confirmation").count()) == (1, 1)


def test_a_practitioner_books_on_own_days_only(ann, tess, jonah, session):
    session.practitioners.add(jonah)
    ben = make_user("Ben Hart")
    make_appointment(session_type=session, practitioner=jonah, start=denver("2027-02-02 10:00"), client=ben)
    his = at_work(jonah.user)
    his.post(PAGE, wish(ben, practitioner="tess"))
    assert new_ones().count() == 0
    his.post(PAGE, wish(ben))
    assert new_ones().get().practitioner == jonah


def test_a_record_is_not_rewritten_by_what_is_typed(ann, desk, session):
    """Another name at a known address is somebody else: with a record of their own, and booked by Ann."""
    at_work(desk).post(PAGE, wish(name="Annie", email="ann@example.com"))
    ann.refresh_from_db()
    made = new_ones().get()
    assert (ann.name, made.correspondent, made.attendee_name) == ("Ann Lee", ann, "Annie")
    assert (made.client.name, made.client == ann) == ("Annie", False)


@pytest.mark.parametrize(("at", "words"), [
    ("2027-03-14T02:30", "That time does not exist"),
    ("2027-11-07T01:30", "That time happens twice"),
    ("", "Please choose a day and time."),
    ("next Tuesday", "We couldn’t read that time."),
    ("2027-02-30T10:00", "We couldn’t read that time."),
])  # fmt: skip
def test_a_time_that_is_none_is_said_in_words(at, words, ann, tess):
    answer = at_work(tess.user).post(PAGE, wish(ann, start="", at=at))
    assert (answer.status_code, new_ones().count()) == (422, 0)
    assert words in words_of(answer)


@pytest.mark.parametrize("year", ["0001-01-01T00:00+00:00", "9999-12-31T23:59+00:00"])
def test_a_reason_reaches_no_year_beyond_the_calendar(year, ann, tess):
    answer = at_work(tess.user).post(PAGE, wish(ann, start=year, note="Eternity."))
    assert (answer.status_code, new_ones().count()) == (409, 0)


@pytest.mark.parametrize(
    "query", [{"client": "999999"}, {"client": "9" * 400}, {"client": "new", "type": "nothing"}]
)
def test_what_is_not_there_is_not_found(query, tess, session):
    assert at_work(tess.user).get(PAGE, query).status_code == 404


def test_a_client_who_is_no_number_is_asked_for_again(tess, session):
    assert "Who is it for?" in words_of(at_work(tess.user).get(PAGE, {"client": "²"}))


@pytest.mark.parametrize(
    "typed", ["303 555 0101", "3035550101", "(303) 555-0101", "+1 303 555 0101", "5550101", "303"]
)
@pytest.mark.parametrize("stored", ["+13035550101", "303-555-0101"])
def test_a_phone_number_is_found_by_its_digits_however_it_is_written(typed, stored, ann, desk):
    User.objects.filter(pk=ann.pk).update(phone=stored)
    make_user("Ben Hart", phone="+17205550199")
    said = at_work(desk).get(PAGE, {"q": typed}).content.decode()
    assert ("Ann Lee" in said, "Ben Hart" in said) == (True, False)


def test_a_name_or_two_digits_are_no_phone_number(ann, desk):
    browser = at_work(desk)
    for called in ("Room 303", "01"):
        assert "Ann Lee" not in words_of(browser.get(PAGE, {"q": called}))


def test_people_are_found_by_their_number_on_the_page_of_people_too(ann, tess):
    assert "Ann Lee" in words_of(at_work(tess.user).get("/workspace/clients/", {"name": "303 555 0101"}))


def test_who_has_been_here_gets_what_they_had_last_with_whom_they_had_it(ann, tess, jonah, session):
    session.practitioners.add(jonah)
    make_session_type(tess, jonah, slug="first", who="new", order=0)
    browser = at_work(tess.user)
    page = browser.get(PAGE, {"client": ann.pk, "day": "2027-03-16"})
    assert {"type": "session", "practitioner": "tess"}.items() <= sent_by(page).items()
    assert len(listed(page)) > 3


def test_after_a_first_session_comes_the_next_type_and_never_another_first(ann, tess, session):
    first = make_session_type(tess, slug="first", who="new", order=0)
    Appointment.objects.update(session_type=first)
    page = at_work(tess.user).get(PAGE, {"client": ann.pk})
    assert (sent_by(page)["type"], sent_by(page)["practitioner"]) == ("session", "tess")


def test_before_it_books_it_says_to_whom_an_email_goes(ann, tess):
    browser = at_work(tess.user)
    said = words_of(sure(browser, ann))
    assert "Tuesday, March 16, 2027 at 9:00 AM" in said
    assert "Ann gets the confirmation at ann@example.com." in said
    User.objects.filter(pk=ann.pk).update(email=None)
    assert "We have no email address" in words_of(sure(browser, ann))


def test_a_mistake_keeps_the_chosen_hour_and_day_and_what_was_typed(desk, session):
    browser = at_work(desk)
    page = sure(browser, "new", start=denver("2027-03-18 15:00").isoformat())
    again = browser.post(PAGE, {**sent_by(page), "name": "", "email": "joe@example.com"})
    kept = dt.datetime.fromisoformat(sent_by(again)["start"])
    assert (again.status_code, kept) == (422, denver("2027-03-18 15:00"))
    assert "Thursday, March 18, 2027 at 3:00 PM" in words_of(again)
    browser.post(PAGE, {**sent_by(again), "name": "Joe", "email": "joe@example.com"})
    assert new_ones().get().starts_at == denver("2027-03-18 15:00")


def test_the_nearest_time_is_shown_once_more_too_with_what_was_typed(desk, tess, session):
    booked(session, tess)
    browser = at_work(desk)
    refused = browser.post(PAGE, wish(name="Joe", phone="303 555 0199"))
    look = listed(refused)[-1]
    near = browser.post(PAGE, {**sent_by(refused), "look": look})
    assert (refused.status_code, near.status_code, new_ones().count()) == (409, 200, 1)
    assert 'value="Joe"' in near.content.decode()
    assert "Available with Tess Marlow" in words_of(near)


def test_a_time_against_a_rule_says_so_before_anything_is_sent(ann, tess):
    page = sure(at_work(tess.user), ann, start=denver("2027-03-16 20:00").isoformat())
    assert "8:00 PM is outside the opening hours on Tuesday, March 16." in words_of(page)
    assert "Book anyway" in words_of(page)


def test_what_the_desk_books_is_in_the_practices_time_wherever_a_client_once_booked_from(ann, desk, session):
    booked(session, session.practitioners.get(), denver("2027-03-17 10:00"), attendee=ATHENS)
    at_work(desk).post(PAGE, wish(ann))
    made = new_ones().get(starts_at=TEN)
    sent = as_it_leaves(Letter.objects.get(about=made.about, kind="confirmation"))
    assert (made.zone, "Athens" in f"{sent.subject} {sent.text}") == ("America/Denver", False)
    assert "10:00 AM" in sent.subject


def test_a_zone_the_client_chose_themselves_is_the_second_line_of_the_email_and_no_more(ann, desk, session):
    User.objects.filter(pk=ann.pk).update(zone="Europe/Athens")
    at_work(desk).post(PAGE, wish(ann))
    made = new_ones().get()
    sent = as_it_leaves(Letter.objects.get(about=made.about, kind="confirmation"))
    assert (made.zone, "6:00 PM" in sent.subject) == ("America/Denver", False)
    assert "11:00 AM MDT" in sent.text
    assert "6:00 PM EET in Athens" in sent.text


def test_the_desk_changes_the_zone_where_it_is_shown_and_emails_that_wait_follow(ann, tess, desk, session):
    made = booked(session, tess, denver("2027-03-17 10:00"), attendee=ATHENS)
    browser, page = at_work(desk), f"/workspace/appointments/{made.uid}/"
    assert "Their time zone Eastern European Time (Athens)" in words_of(browser.get(page))
    browser.post(f"{page}zone/", {"zone": "nowhere"})
    assert Appointment.objects.get(pk=made.pk).zone == "Europe/Athens"
    browser.post(f"{page}zone/", {"zone": "America/Denver"})
    now_is = Appointment.objects.get(pk=made.pk)
    assert (now_is.zone, now_is.wall_time) == ("America/Denver", "2027-03-17 10:00 MDT")
    while deliver.step(now=NOW):
        pass
    sent = as_it_leaves(Letter.objects.get(about=made.about, kind="confirmation"))
    assert (sent.state, "Athens" in sent.text) == ("sent", False)


def test_a_series_from_the_workspace_is_in_the_practices_time_too(ann, tess, desk, session):
    User.objects.filter(pk=ann.pk).update(zone="Europe/Athens")
    one = booked(session, tess, client=ann, by=tess.user)
    browser = at_work(desk)
    page = browser.get(f"/workspace/appointments/{one.uid}/series/?number=2")
    picked = {"pick": re.findall(r'name="pick" value="([^"]+)"', page.content.decode())}
    browser.post(f"/workspace/appointments/{one.uid}/series/", {**sent_by(page), **picked})
    assert {row.zone for row in new_ones().exclude(pk=one.pk)} == {"America/Denver"}


def test_a_client_finds_no_such_page(ann):
    browser = Client()
    browser.force_login(ann)
    assert (browser.get(PAGE).status_code, browser.post(PAGE, wish(ann)).status_code) == (404, 404)
