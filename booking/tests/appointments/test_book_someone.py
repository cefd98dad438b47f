"""Booking from a click in the calendar: three clicks, nothing typed is lost, every odd time is answered."""

import datetime as dt

import pytest
import time_machine

from booking.models import Appointment
from booking.testing import make_appointment, make_session_type
from booking.tests.people import NOW, TEN, booked, denver
from booking.tests.web_client import sent_by, words_of
from practice.models import User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
PAGE = "/workspace/book/"
CLICK = {"at": "2027-03-16T10:15", "with": "tess"}


@pytest.fixture(autouse=True)
def on_monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ann(session, tess):
    """Ann had a session with Tess in February."""
    session.step = 15
    session.save(update_fields=["step"])
    ann = make_user("Ann Lee", phone="+13035550101")
    start = denver("2027-02-02 10:00")
    make_appointment(session_type=session, practitioner=tess, start=start, client=ann, state="completed")
    return ann


def made() -> Appointment:
    return Appointment.objects.get(starts_at__gt=NOW)


def test_a_known_client_is_booked_with_three_clicks(ann, tess):
    browser = at_work(tess.user)
    page = browser.get(PAGE, CLICK)  # 1: the time
    found = browser.post(PAGE, {**sent_by(page), "q": "303 555 0101", "find": "1"})
    assert f'name="choose" value="{ann.pk}"' in found.content.decode()
    page = browser.post(PAGE, {**sent_by(found), "choose": ann.pk})  # 2: the client
    assert "Ann gets the confirmation at ann@example.com." in words_of(page)
    answer = browser.post(PAGE, sent_by(page))  # 3: Book
    assert answer.status_code == 302
    assert (made().client, made().starts_at, made().practitioner) == (ann, denver("2027-03-16 10:15"), tess)


def test_looking_and_choosing_write_nothing(ann, tess):
    browser = at_work(tess.user)
    page = browser.get(PAGE, CLICK)
    for button in (
        {"find": "1"},
        {"choose": ann.pk},
        {"choose": "new"},
        {"check": "1"},
        {"later": "2027-03-20"},
    ):
        assert browser.post(PAGE, {**sent_by(page), **button}).status_code == 200
    assert Appointment.objects.filter(starts_at__gt=NOW).count() == 0


def test_the_last_type_and_practitioner_are_filled_in_once_the_client_is_chosen(ann, tess, jonah, session):
    session.practitioners.add(jonah)
    make_session_type(tess, jonah, slug="first", name="First", order=0, who="new")
    session.order = 9
    session.save(update_fields=["order"])
    browser = at_work(tess.user)
    page = browser.get(PAGE, {"at": CLICK["at"]})
    assert sent_by(page)["type"] == "first"
    page = browser.post(PAGE, {**sent_by(page), "choose": ann.pk})
    sent = sent_by(page)
    assert (sent["type"], sent["practitioner"], sent["at"]) == ("session", "tess", CLICK["at"])


def test_the_column_that_was_clicked_stays_though_the_client_was_with_somebody_else(
    ann, tess, jonah, session
):
    session.practitioners.add(jonah)
    browser = at_work(tess.user)
    page = browser.get(PAGE, {**CLICK, "with": "jonah"})
    sent = sent_by(browser.post(PAGE, {**sent_by(page), "choose": ann.pk}))
    assert (sent["type"], sent["practitioner"]) == ("session", "jonah")


def test_a_type_that_somebody_chose_is_not_replaced_by_the_usual_one(ann, tess, session):
    make_session_type(tess, slug="long", name="Long", order=9)
    browser = at_work(tess.user)
    page = browser.post(PAGE, {**sent_by(browser.get(PAGE, CLICK)), "type": "long", "check": "1"})
    assert sent_by(browser.post(PAGE, {**sent_by(page), "choose": ann.pk}))["type"] == "long"


@pytest.mark.parametrize("button", [{}, {"find": "1"}, {"check": "1"}, {"later": "2027-03-20"}])
def test_no_button_and_no_error_loses_what_was_typed(button, ann, tess):
    typed = {"name": "", "email": "joe at home", "phone": "303 555 0199"}
    sent = {"client": "new", "type": "session", "practitioner": "tess", "at": "2027-03-16T20:00", **typed}
    answer = at_work(tess.user).post(PAGE, {**sent, "note": "He flies out.", **button})
    kept = sent_by(answer)
    assert kept.items() >= sent.items()
    assert (answer.status_code, kept["note"]) == (200 if button else 422, "He flies out.")


def test_without_a_client_it_asks_for_one_and_keeps_the_rest(ann, tess):
    sent = {**sent_by(at_work(tess.user).get(PAGE, CLICK)), "q": "ann"}
    answer = at_work(tess.user).post(PAGE, sent)
    assert "Please choose who it’s for." in words_of(answer)
    assert (answer.status_code, sent_by(answer)["at"]) == (422, CLICK["at"])
    assert f'name="choose" value="{ann.pk}"' in answer.content.decode()


@pytest.mark.parametrize(
    ("query", "field"), [("Joe Hart", "name"), ("joe@example.com", "email"), ("303 555 0199", "phone")]
)
def test_what_was_looked_for_in_vain_is_filled_in_for_a_new_client(query, field, ann, tess):
    browser = at_work(tess.user)
    page = browser.post(PAGE, {**sent_by(browser.get(PAGE, CLICK)), "q": query, "choose": "new"})
    assert sent_by(page)[field] == query


@pytest.mark.engines
def test_who_comes_a_moment_too_late_is_shown_the_next_times_and_keeps_what_was_typed(ann, tess, session):
    browser = at_work(tess.user)
    page = browser.get(PAGE, {**CLICK, "client": "new"})
    booked(session, tess, denver("2027-03-16 10:00"))
    answer = browser.post(PAGE, {**sent_by(page), "name": "Joe Hart", "note": "Squeeze him in."})
    said = words_of(answer)
    assert (answer.status_code, Appointment.objects.filter(starts_at__gt=NOW).count()) == (409, 1)
    assert "It would overlap Ann Lee’s session" in said
    assert "The nearest times" in said
    assert "Book anyway" not in said
    assert sent_by(answer)["name"] == "Joe Hart"
    value = answer.content.decode().partition('name="look" value="')[2].partition('"')[0]
    near = browser.post(PAGE, {**sent_by(answer), "look": value})
    assert browser.post(PAGE, sent_by(near)).status_code == 302
    assert Appointment.objects.filter(attendee_name="Joe Hart").count() == 1


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2027-03-14T02:30", "That time does not exist"),
        ("2027-11-07T01:30", "That time happens twice"),
        ("2027-02-26T10:00", "That time has passed."),
        ("soon", "We couldn’t read that time."),
        ("9999-99-99T99:99", "We couldn’t read that time."),
        ("'><script>", "We couldn’t read that time."),
    ],
)
def test_an_odd_time_in_the_address_is_answered_in_words(at, words, ann, tess):
    answer = at_work(tess.user).get(PAGE, {**CLICK, "at": at})
    assert answer.status_code == 200
    assert words in words_of(answer)


def test_of_a_time_that_comes_twice_the_one_that_was_chosen_is_booked(ann, tess):
    browser = at_work(tess.user)
    page = browser.get(PAGE, {"client": ann.pk, "at": "2027-11-07T01:30", "with": "tess"})
    second = page.content.decode().split('name="look" value="')[2].partition('"')[0]
    page = browser.post(PAGE, {**sent_by(page), "look": second})
    assert sent_by(page)["at"] == "2027-11-07T01:30"
    browser.post(PAGE, {**sent_by(page), "note": "Night owl."})
    assert made().starts_at == dt.datetime(2027, 11, 7, 8, 30, tzinfo=dt.UTC)


@pytest.mark.parametrize("slug", ["nobody", "jonah", "x" * 900, "../"])
def test_an_unknown_practitioner_is_named_as_such_and_the_time_stays(slug, ann, tess, jonah):
    answer = at_work(tess.user).get(PAGE, {**CLICK, "client": ann.pk, "type": "session", "with": slug})
    assert "This practitioner can’t be booked for this session." in words_of(answer)
    assert (answer.status_code, sent_by(answer)["at"]) == (200, CLICK["at"])
    assert '<button class="button" type="submit">' not in answer.content.decode()


def test_a_time_is_on_the_clock_of_the_practitioner_whose_column_it_is(ann, tess, jonah, session):
    jonah.zone = "America/New_York"
    jonah.save(update_fields=["zone"])
    session.practitioners.add(jonah)
    browser = at_work(tess.user)
    page = browser.get(PAGE, {**CLICK, "with": "jonah", "client": ann.pk})
    assert "Eastern Time" in words_of(page)
    browser.post(PAGE, sent_by(page))
    assert made().starts_at == denver("2027-03-16 08:15")


def test_a_reason_written_for_one_time_is_not_noted_for_another_that_breaks_no_rule(ann, tess):
    browser = at_work(tess.user)
    night = {"client": ann.pk, "type": "session", "practitioner": "tess", "at": "2027-03-16T20:00"}
    page = browser.post(PAGE, {**night, "note": "He flies out.", "check": "1"})
    page = browser.post(PAGE, {**sent_by(page), "look": TEN.isoformat()})
    browser.post(PAGE, sent_by(page))
    assert made().override_note == ""


def test_the_front_desk_books_for_anyone_with_anyone(ann, tess, jonah, session):
    session.practitioners.add(jonah)
    browser = at_work(make_user("Dee Desk", role=User.Role.FRONT_DESK))
    page = browser.get(PAGE, {**CLICK, "with": "jonah", "client": ann.pk})
    browser.post(PAGE, sent_by(page))
    assert made().practitioner == jonah
