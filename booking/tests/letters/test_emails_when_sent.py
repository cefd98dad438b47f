"""Every email says what is so when it leaves, and goes to the address of that moment."""

import datetime as dt
import json

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from booking import links
from booking.appointments.actions.approve import decline
from booking.appointments.actions.book import Attendee
from booking.appointments.actions.move import move
from booking.models import Appointment, SessionType
from booking.packages import actions as packages_actions
from booking.testing import make_session_type
from booking.tests.people import ANN, DENVER, NOW, TEN, booked
from booking.waitlist.actions.join import WaitlistChoices, join, leave
from practice.mail import send_check
from practice.mail.delivery import deliver
from practice.mail.kinds import KINDS
from practice.models import Letter, Practice, User
from practice.testing import as_it_leaves, is_in_both_parts

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
#: Those that go as they were asked for, what the mail server said, which is said once, and what goes to
#: ourselves.
AS_PROMISED = {
    "sign_in_code",
    "account_notice",
    "erasure_asked",
    "mail_refused",
    "own_words_test",
    "round_trip",
    "text_code",
}


def leave_all(now):
    while deliver.step(now=now):
        pass


@pytest.fixture
def first(tess) -> SessionType:
    return make_session_type(tess, slug="first", name="First session", step=15, preparation="Wear wool.")


@pytest.fixture
def waiting(tess, first) -> Appointment:
    """Everything about a first session waits, and then everything changes."""
    appointment = booked(first, tess)
    Practice.objects.update(address="77 Larkspur Lane", phone="303 555 0199", email="new@juniper.example")
    User.objects.filter(pk=appointment.client_id).update(name="Maya Lind", email="maya@example.org")
    User.objects.filter(pk=tess.user_id).update(name="Tessa Marlow")
    return appointment


def to_client():
    return [one for one in mail.outbox if "maya@example.org" in one.to[0]]


def test_whatever_waits_tells_the_place_number_and_names_of_the_day_it_leaves(waiting):
    leave_all(TEN - 2 * HOUR)
    assert len(to_client()) >= 3
    for letter in to_client():
        whole = letter.body + letter.alternatives[0].content
        assert "77 Larkspur Lane" in letter.body
        assert ("1184 Juniper" in whole, "0142" in whole) == (False, False)
        assert letter.body.startswith("Hello Maya,")
        assert (letter.to, letter.reply_to) == (["Maya Lind <maya@example.org>"], ["new@juniper.example"])
        assert letter.from_email.startswith("Tessa Marlow <")


def test_the_calendar_file_names_the_place_of_the_day_it_leaves(waiting):
    leave_all(NOW)
    confirmation = next(one for one in to_client() if one.subject.startswith("Booked"))
    file = next(part.content for part in confirmation.alternatives if "calendar" in part.mimetype)
    file = file.replace("\r\n ", "")
    assert ("77 Larkspur Lane" in file, "mailto:maya@example.org" in file) == (True, True)


def test_nothing_goes_to_the_address_that_was_left(waiting):
    leave_all(TEN - 2 * HOUR)
    assert [one for one in mail.outbox if "ann@example.com" in one.to[0]] == []


def test_their_links_open_and_those_made_for_the_old_address_do_not(waiting):
    was = User.objects.get(email="maya@example.org")
    User.objects.filter(pk=was.pk).update(email="ann@example.com")
    old = as_it_leaves(Letter.objects.get(kind="confirmation")).text
    User.objects.filter(pk=was.pk).update(email=was.email)
    leave_all(NOW)
    new = Letter.objects.get(kind="confirmation").text
    tokens = [text.partition("/appointments/")[2].partition("/")[0] for text in (old, new)]
    assert [links.appointment_of(token) for token in tokens] == [None, waiting]


def test_a_price_that_a_package_pays_by_then_is_told_so(tess, session):
    appointment = booked(session, tess)
    packages_actions.sell(
        session, client=appointment.client, sessions=1, price_cents=1, by=tess.user, now=NOW
    )
    packages_actions.use_for(appointment, now=NOW)
    leave_all(NOW)
    assert "covered by your package" in Letter.objects.get(kind="confirmation").text


def test_the_readers_clock_is_the_one_they_have_when_it_leaves(tess, session):
    appointment = booked(session, tess)
    User.objects.filter(pk=appointment.client_id).update(zone="Europe/Berlin")
    leave_all(NOW)
    letter = Letter.objects.get(kind="confirmation")
    assert is_in_both_parts(letter, "(5:00 PM CET in Berlin)")
    assert letter.subject == "Booked: Tuesday, March 16 at 10:00 AM MDT, with Tess"


def test_the_page_shows_what_would_be_said_today(waiting):
    reminder = Letter.objects.filter(kind="reminder").first()
    assert "77 Larkspur Lane" in send_check.preview_of(reminder, NOW).text


def test_what_waits_has_no_words_on_its_row_yet(waiting):
    rows = Letter.objects.filter(state="planned")
    assert {one.kind: one.subject for one in rows} == {
        "confirmation": "A confirmation",
        "notice_booked": "A new booking",
        "reminder": "A reminder of your session",
        "prepare": "Before your first session",
        "intake": "A few questions before we meet",
    }
    assert all("decided when the email is sent" in one.text and not one.attachments for one in rows)


def test_the_page_shows_a_confirmation_in_its_words_while_it_is_true(waiting):
    confirmation = Letter.objects.get(kind="confirmation")
    assert send_check.preview_of(confirmation, NOW).subject.startswith("Booked: Tuesday, March 16")
    Appointment.objects.update(state="cancelled", occupies=False)
    assert send_check.preview_of(confirmation, NOW) is None


def test_the_page_shows_what_a_reminder_that_could_not_go_would_say(waiting):
    reminder = Letter.objects.filter(kind="reminder").first()
    reminder.state = Letter.State.FAILED
    assert "77 Larkspur Lane" in send_check.preview_of(reminder, NOW).text


def test_one_that_could_not_go_and_is_about_no_session_any_more_shows_what_its_row_says(waiting):
    erased = Letter(kind="reminder", category="appointment", state=Letter.State.FAILED, about="")
    assert send_check.preview_of(erased, NOW) is None


def test_a_word_along_with_a_no_is_in_the_email_and_encrypted_on_its_row(tess):
    asked = booked(make_session_type(tess, slug="asked", needs_approval=True), tess)
    decline(asked, by=tess.user, now=NOW, word="Rest that zebra hip first.")
    letter = Letter.objects.get(kind="declined")
    assert "zebra" not in json.dumps(letter.event)
    leave_all(NOW)
    assert [one.subject[:10] for one in mail.outbox if "zebra" in one.body] == ["Not booked"]


def test_a_waitlist_entry_that_was_given_up_is_not_confirmed_anymore(tess, session):
    wanted = WaitlistChoices(last_day=(NOW + 30 * DAY).astimezone(DENVER).date())
    leave(join(session, wanted, attendee=ANN, now=NOW), now=NOW)
    leave_all(NOW)
    assert mail.outbox == []


def test_every_kind_but_codes_and_account_notices_is_worded_when_it_leaves():
    assert set(KINDS) - set(send_check._judges) == AS_PROMISED


def test_one_promised_before_events_were_kept_says_what_it_said_then(tess, session):
    move(booked(session, tess), start=TEN + DAY, now=NOW)
    Letter.objects.update(event={}, text="It was Tuesday, March 16.")
    leave_all(NOW)
    assert any("It was Tuesday, March 16" in one.body for one in mail.outbox)


#: By kind, with BEGIN and COMMIT: the end and the next claim (4), the reader, their address; then BEGIN, the
#: appointment, other emails about it, what pays, who came before, the words, COMMIT. For a reminder also
#: what is still to answer.
STATEMENTS = {"confirmation": 13, "reminder": 14}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", STATEMENTS)
def test_an_email_about_an_appointment_costs_few_statements(kind, tess, session, monkeypatch):
    monkeypatch.setattr(deliver, "LOOK_EVERY", 3600.0)
    Practice.objects.update(reminder_hours=[48])

    def statements(numbers):
        for number in numbers:
            ann = Attendee(f"Ann{number} Lee", f"ann{number}@example.com", "", "America/Denver")
            booked(session, tess, TEN + number * DAY, attendee=ann)
        Letter.objects.exclude(kind=kind).delete()
        Letter.objects.filter(state="planned").update(due_at=NOW)
        with CaptureQueriesContext(connection) as asked:
            assert deliver.drain() == len(numbers)
        return [one["sql"] for one in asked]

    two, five = statements(range(2)), statements(range(2, 7))
    assert len(five) - len(two) == 3 * STATEMENTS[kind], [one[:120] for one in five]
