"""News for practitioners as they want it: a letter for each, one in the morning, or none."""

import datetime as dt

import pytest

from booking.appointments.actions.approve import decline_unanswered
from booking.appointments.actions.book import Attendee
from booking.appointments.actions.cancel import cancel
from booking.appointments.actions.move import move
from booking.appointments.actions.move_back import move_back
from booking.letters.digest import NEWS_WORDS, News, morning_of, put_in_digest, words_when_due
from booking.testing import make_session_type
from booking.tests.people import BEN, DENVER, NOW, TEN, booked, denver
from booking.time_off.actions.hand_over import hand_over
from practice.core.reasons import because
from practice.mail.delivery import deliver
from practice.mail.send_check import Cancel, Send, check_before_sending
from practice.models import Letter, Practitioner, User
from practice.testing import is_in_both_parts, make_user

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)
MORNING = denver("2027-03-02 07:00")  # of the day after NOW


def wants(practitioner, notices):
    practitioner.notices = notices
    practitioner.save(update_fields=["notices"])


@pytest.fixture
def reader(tess) -> Practitioner:
    """Tess, who wants one letter in the morning."""
    wants(tess, "digest")
    return tess


def to_tess(tess, **fields):
    return list(Letter.objects.filter(user=tess.user, **fields).order_by("due_at"))


def leave(now):
    while deliver.step(now=now):
        pass


@pytest.mark.engines
def test_who_wants_none_gets_none(tess, session):
    wants(tess, "none")
    cancel(move(booked(session, tess), start=TEN + HOUR, now=NOW), now=NOW)
    assert to_tess(tess) == []


@pytest.mark.engines
def test_what_else_is_noted_is_a_line_of_the_same_email_and_said_once(reader, session, monkeypatch):
    said = {"a": "Ann asked a question.", "b": "Ann asked a question.", "settled": None}
    monkeypatch.setitem(NEWS_WORDS, "test", lambda about: said[about])
    for about in ("a", "a", "b", "settled"):
        assert put_in_digest(reader.user, News("test", about), now=NOW)
    booked(session, reader, now=NOW + HOUR)
    (letter,) = to_tess(reader)
    assert len(letter.event["news"]) == 3
    text = words_when_due(letter, MORNING).text
    assert (text.count("asked a question"), text.count("booked:")) == (1, 1)


def test_alone_it_is_an_email_and_settled_there_is_none(reader, monkeypatch):
    said = {"a": "Ann asked a question."}
    monkeypatch.setitem(NEWS_WORDS, "test", said.get)
    put_in_digest(reader.user, News("test", "a"), now=NOW)
    (letter,) = to_tess(reader)
    assert isinstance(check_before_sending(letter, MORNING), Send)
    said.clear()
    assert isinstance(check_before_sending(letter, MORNING), Cancel)


def test_what_a_newer_version_noted_is_left_out(reader):
    put_in_digest(reader.user, News("not known here", "a"), now=NOW)
    (letter,) = to_tess(reader)
    assert words_when_due(letter, MORNING) is None


def test_a_digest_that_is_leaving_takes_nothing_more(reader, session):
    booked(session, reader, now=NOW)
    Letter.objects.filter(kind="digest").update(state=Letter.State.CLAIMED)
    assert put_in_digest(reader.user, News("test", "a"), now=NOW) is None


@pytest.mark.parametrize("choice", ["at_once", "none"])
def test_without_a_digest_it_is_no_line_of_one(tess, choice):
    wants(tess, choice)
    assert put_in_digest(tess.user, News("test", "a"), now=NOW) is None


@pytest.mark.engines
def test_a_day_of_changes_is_one_email_in_the_morning(reader, session):
    appointment = booked(session, reader)
    move(appointment, start=TEN + HOUR, now=NOW + HOUR)
    cancel(appointment, now=NOW + 2 * HOUR)
    booked(session, reader, attendee=BEN, now=NOW + 3 * HOUR)
    (letter,) = to_tess(reader)
    assert (letter.kind, letter.due_at) == ("digest", MORNING)


@pytest.mark.engines
def test_it_tells_all_that_happened_in_its_order(reader, session):
    appointment = booked(session, reader)
    move(appointment, start=TEN + HOUR, now=NOW + HOUR)
    cancel(appointment, now=NOW + 2 * HOUR)
    leave(MORNING)
    (letter,) = to_tess(reader)
    said = (
        "Ann Lee booked: Tuesday, March 16 at 10:00 AM.",
        "Ann Lee moved from Tuesday, March 16 at 10:00 AM to Tuesday, March 16 at 11:00 AM.",
        "Ann Lee canceled: Tuesday, March 16 at 11:00 AM.",
    )
    assert letter.state == "sent"
    assert letter.subject == "3 things have happened since yesterday morning"
    assert [is_in_both_parts(letter, one) for one in said] == [True] * 3
    assert [letter.text.index(one) for one in said] == sorted(letter.text.index(one) for one in said)


def test_a_day_without_news_has_no_email(reader, session):
    booked(session, reader)
    leave(MORNING)
    assert len(to_tess(reader)) == 1
    booked(session, reader, TEN + HOUR, attendee=BEN, now=MORNING + 49 * HOUR)
    assert [letter.due_at for letter in to_tess(reader)] == [MORNING, MORNING + 72 * HOUR]


def test_what_happens_on_the_stroke_of_seven_belongs_to_the_next_morning(reader, session):
    booked(session, reader, now=MORNING)
    (letter,) = to_tess(reader)
    assert letter.due_at == MORNING + 24 * HOUR
    leave(letter.due_at)
    assert is_in_both_parts(to_tess(reader)[0], "Ann Lee booked")


@pytest.mark.engines
def test_a_worker_that_comes_late_tells_each_thing_once(reader, session):
    booked(session, reader)
    booked(session, reader, TEN + HOUR, attendee=BEN, now=MORNING + HOUR)
    leave(MORNING + 30 * HOUR)
    first, second = to_tess(reader)
    assert ("Ann Lee" in first.text, "Ben Hart" in first.text) == (True, False)
    assert ("Ann Lee" in second.text, "Ben Hart" in second.text) == (False, True)


@pytest.mark.engines
def test_what_one_did_oneself_is_no_news_and_what_a_colleague_did_names_them(reader, jonah, session):
    booked(session, reader, by=reader.user)
    assert to_tess(reader) == []
    booked(session, reader, TEN + HOUR, attendee=BEN, by=jonah.user)
    leave(MORNING)
    (letter,) = to_tess(reader)
    assert is_in_both_parts(letter, "Jonah Reyes booked Ben Hart: Tuesday, March 16 at 11:00 AM.")
    assert "Ann Lee" not in letter.text


def test_anothers_sessions_are_not_in_it(reader, jonah, session):
    session.practitioners.add(jonah)
    booked(session, reader)
    booked(session, jonah, attendee=BEN)
    leave(MORNING)
    (letter,) = to_tess(reader)
    assert "Ben Hart" not in letter.text


TUESDAY = "Tuesday, March 16 at"


@pytest.fixture
def dee(practice) -> User:
    """Dee, at the front desk."""
    return make_user("Dee", role=User.Role.FRONT_DESK)


def in_the_morning(practitioner) -> str:
    """What the digest said; nothing where none went."""
    leave(MORNING)
    return "".join(one.text for one in Letter.objects.filter(user=practitioner.user, state="sent"))


@pytest.mark.engines
def test_anyone_who_gave_a_session_away_reads_with_whom_it_is_and_the_person_who_took_it_whose_it_was(
    reader, jonah, both, dee
):
    wants(jonah, "digest")
    hand_over(booked(both, reader, by=reader.user), to=jonah, by=dee, now=NOW)
    to_tess, to_jonah = in_the_morning(reader), in_the_morning(jonah)
    assert f"Dee handed over the session with Ann Lee: {TUESDAY} 10:00 AM. It is now with Jonah Reyes." in (
        to_tess
    )
    assert (
        f"Dee handed the session with Ann Lee over to you: {TUESDAY} 10:00 AM. It was with Tess Marlow."
        in to_jonah
    )


@pytest.mark.engines
@pytest.mark.parametrize(
    ("later", "sentence"),
    [
        (HOUR, f"Dee moved Ann Lee from {TUESDAY} 10:00 AM to {TUESDAY} 11:00 AM."),
        (0 * HOUR, f"Dee handed over the session with Ann Lee: {TUESDAY} 10:00 AM."),
    ],
)
def test_of_a_move_to_a_colleague_too(later, sentence, reader, jonah, both, dee):
    wants(jonah, "digest")
    move(booked(both, reader, by=reader.user), start=TEN + later, to=jonah, by=dee, now=NOW)
    assert f"{sentence} It is now with Jonah Reyes." in in_the_morning(reader)
    assert "It was with Tess Marlow." in in_the_morning(jonah)


@pytest.mark.engines
def test_of_its_undo_each_thing_is_told_as_it_was_then(reader, jonah, both, dee):
    wants(jonah, "digest")
    made = booked(both, reader, by=reader.user)
    move_back(move(made, start=TEN + HOUR, to=jonah, by=dee, now=NOW), by=dee, now=NOW)
    undone = f"Dee undid a move for Ann Lee, from {TUESDAY} 11:00 AM back to {TUESDAY} 10:00 AM."
    to_tess = in_the_morning(reader)
    assert "11:00 AM. It is now with Jonah Reyes." in to_tess
    assert f"{undone} It was with Jonah Reyes." in to_tess
    assert f"{undone} It is now with Tess Marlow." in in_the_morning(jonah)


@pytest.mark.engines
def test_a_request_is_a_question_and_goes_at_once(reader):
    booked(make_session_type(reader, slug="first", needs_approval=True), reader)
    assert [letter.kind for letter in to_tess(reader)] == ["notice_requested"]
    decline_unanswered(now=NOW + 48 * HOUR)
    leave(NOW + 72 * HOUR)
    digest = to_tess(reader, kind="digest")[0]
    assert is_in_both_parts(digest, "No one answered Ann Lee in time")


@pytest.mark.engines
def test_a_request_moved_to_a_colleague_asks_them_at_once(reader, jonah, dee):
    wants(jonah, "digest")
    asked = booked(make_session_type(reader, jonah, slug="first", needs_approval=True), reader)
    move(asked, start=TEN + HOUR, to=jonah, by=dee, now=NOW)
    leave(NOW)
    notice = Letter.objects.get(user=jonah.user, kind="notice_moved", state="sent")
    assert is_in_both_parts(notice, "Please answer by Wednesday, March 3 at 8:00 AM.")
    assert is_in_both_parts(notice, f"/workspace/appointments/{asked.uid}/")
    assert [one.kind for one in to_tess(reader, state="planned")] == ["digest"]


def test_who_changes_their_mind_before_the_morning_gets_none(reader, session):
    booked(session, reader)
    wants(reader, "none")
    (letter,) = to_tess(reader)
    assert check_before_sending(letter, MORNING) == Cancel(because("notices_off"))


def test_until_it_leaves_its_row_holds_nothing_of_anyone(reader, session):
    booked(session, reader)
    (letter,) = to_tess(reader)
    assert "Ann" not in letter.text + letter.html + letter.subject
    assert isinstance(check_before_sending(letter, MORNING), Send)


@pytest.mark.engines
def test_a_reason_written_for_a_cancel_is_not_told_on(reader, jonah, session):
    appointment = booked(session, reader)
    cancel(appointment, by=jonah.user, now=NOW, override_note="Her back is worse.")
    leave(MORNING)
    assert "worse" not in to_tess(reader)[0].text


def test_names_do_not_become_markup(reader, session):
    booked(session, reader, attendee=Attendee("<b>Ann</b> & Co", "ann@example.com"))
    leave(MORNING)
    (letter,) = to_tess(reader)
    assert "<b>Ann</b> & Co booked" in letter.text
    assert "&lt;b&gt;Ann&lt;/b&gt; &amp; Co" in letter.html


@pytest.mark.parametrize(
    ("day", "morning"),
    [
        ("2027-03-14", "2027-03-14 07:00"),  # the night the clocks go forward
        ("2027-11-07", "2027-11-07 07:00"),  # and back
    ],
)
def test_the_morning_is_seven_on_the_practitioners_clock(day, morning):
    assert morning_of(dt.date.fromisoformat(day), DENVER) == denver(morning)
