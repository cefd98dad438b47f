"""Two days before a first session one email says everything: what to wear, what is open, where and when."""

import datetime as dt

import pytest
from django.core import mail

from booking.links import appointment_path, intake_url
from booking.models import Intake
from booking.testing import make_session_type
from booking.tests.intake_writer import NO_SIGNS, IntakeWriter
from booking.tests.people import NOW, TEN, booked
from booking.tests.web_client import words_of
from practice.mail.channels.smtp import Postbox
from practice.mail.channels.transport import Later, Refused
from practice.mail.delivery import deliver
from practice.models import Letter, User
from practice.testing import is_in_both_parts

pytestmark = [pytest.mark.engines, pytest.mark.usefixtures("a_monday_in_march")]
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
TWO_DAYS_BEFORE = TEN - 2 * DAY


def leave(now):
    """What goes to Ann until then."""
    before = len(mail.outbox)
    while deliver.step(now=now):
        pass
    return [one.subject for one in mail.outbox[before:] if "ann@example.com" in one.to[0]]


@pytest.fixture
def first(tess):
    """A first session that has words on how to prepare; all that goes at once has gone."""
    kind = make_session_type(tess, slug="first", step=15, preparation="Wear something soft.")
    made = booked(kind, tess)
    leave(NOW + HOUR)
    return made


@pytest.fixture
def without_words(tess, session):
    made = booked(session, tess)
    leave(NOW + HOUR)
    return made


def hand_in():
    writer = IntakeWriter(Intake.objects.get()).begin()
    writer.write("signs", NO_SIGNS)
    writer.hand_in()


def test_one_email_says_what_to_wear_what_is_open_where_and_when(first):
    assert leave(TWO_DAYS_BEFORE) == ["Before your first session, Tuesday, March 16"]
    letter = Letter.objects.get(kind="prepare")
    for words in ("Wear something soft.", "10:00 – 11:00 AM", "1184 Juniper Street", "still open"):
        assert is_in_both_parts(letter, words)
    assert is_in_both_parts(letter, intake_url(Intake.objects.get()))
    assert leave(TWO_DAYS_BEFORE + HOUR) == []


def test_without_such_words_the_reminder_says_it(without_words):
    assert leave(TWO_DAYS_BEFORE) == ["Tuesday, March 16 at 10:00 AM, with Tess"]
    letter = Letter.objects.get(kind="reminder", state="sent")
    assert is_in_both_parts(letter, "wear something soft that you can lie down and turn in")
    assert is_in_both_parts(letter, intake_url(Intake.objects.get()))
    assert leave(TWO_DAYS_BEFORE + HOUR) == []


def test_what_is_answered_is_not_said_to_be_open(first):
    hand_in()
    leave(TWO_DAYS_BEFORE)
    assert "still open" not in Letter.objects.get(kind="prepare").text


def test_who_wants_no_reminders_is_still_asked(without_words):
    User.objects.filter(pk=without_words.client_id).update(wants_reminders=False)
    assert leave(TWO_DAYS_BEFORE) == ["Reminder: a few questions before Tuesday, March 16"]


def test_if_the_one_cannot_go_the_others_do(first, monkeypatch):
    send = Postbox.send

    def refuse(postbox, letter):
        if letter.kind == "prepare":
            raise Refused("554 no")
        send(postbox, letter)

    monkeypatch.setattr(Postbox, "send", refuse)
    assert leave(TWO_DAYS_BEFORE) == ["Tuesday, March 16 at 10:00 AM, with Tess"]


def test_while_the_one_is_delayed_the_others_wait_and_then_stay_away(first, monkeypatch):
    send, answers = Postbox.send, iter([True])

    def later(postbox, letter):
        if letter.kind == "prepare" and next(answers, False):
            raise Later("451 not now")
        send(postbox, letter)

    monkeypatch.setattr(Postbox, "send", later)
    assert leave(TWO_DAYS_BEFORE) == []
    assert leave(TWO_DAYS_BEFORE + HOUR) == ["Before your first session, Tuesday, March 16"]
    assert leave(TWO_DAYS_BEFORE + 3 * HOUR) == []


def test_the_reminder_of_the_last_hours_goes_in_any_case(first):
    leave(TWO_DAYS_BEFORE)
    assert leave(TEN - 2 * HOUR) == ["Today at 10:00 AM with Tess"]


def test_booked_the_day_before_the_questions_come_with_how_to_prepare(tess):
    kind = make_session_type(tess, slug="first", step=15, preparation="Wear something soft.")
    now = TEN - 20 * HOUR
    booked(kind, tess, now=now)
    subjects = leave(now + HOUR)
    assert [one.partition(":")[0].partition(",")[0] for one in subjects] == [
        "Booked",
        "Before your first session",
    ]


def test_a_page_tells_the_two_reminders_apart(without_words, client):
    page = words_of(client.get(appointment_path(without_words)))
    assert ("A reminder, 2 days before" in page, "A reminder, 2 hours before" in page) == (True, True)


def test_a_page_lists_for_its_client_only_the_one_that_says_it_all(first, client):
    client.force_login(first.client)
    page = words_of(client.get(appointment_path(first)))
    assert "Before your first session" in page
    assert ("A reminder, 2 days before" in page, "a few questions" in page) == (False, False)
