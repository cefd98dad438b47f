"""Two senders in one process: one prepares the next email while the other talks to the mail server."""

import datetime as dt
import threading

import pytest
from django.db import DatabaseError, connection

from practice.core.reasons import because
from practice.mail import send_check
from practice.mail.channels.lines import Lines
from practice.mail.channels.transport import NoAnswer
from practice.mail.composing.render import Rendered
from practice.mail.delivery import deliver, prepare
from practice.mail.delivery.claims import claim_one
from practice.mail.send_check import Fresh, Send
from practice.models import Letter, User
from practice.testing import make_user
from practice.tests.mail.builders import NOON, ONCE, make_letter

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
State = Letter.State
AGES_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
on_postgres = pytest.mark.skipif(
    connection.vendor == "sqlite",
    reason="SQLite in memory has one writer: with files, practice/tests/processes/test_emails_killed.py",
)


# --- What is claimed while something is in hand ------------------------------------------------


def claimed_beside(in_hand):
    letter = claim_one(NOON, in_hand=in_hand)
    return letter and letter.subject


def test_the_emails_about_one_appointment_wait_for_each_other():
    first = make_letter(about="appointment:1")
    make_letter(about="appointment:1", subject="the same one")
    make_letter(about="appointment:2", subject="another one")
    assert claim_one(NOON) == first
    assert claimed_beside([first]) == "another one"
    assert claimed_beside([first]) is None
    assert claimed_beside([]) == "the same one"


def test_the_emails_to_one_person_wait_for_each_other():
    ann, ben = make_user("Ann Lee"), make_user("Ben Hart")
    first = make_letter(user=ann)
    make_letter(user=ann, subject="to Ann too")
    make_letter(user=ben, subject="to Ben")
    assert claim_one(NOON) == first
    assert claimed_beside([first]) == "to Ben"
    assert claimed_beside([first]) is None


def test_one_that_must_never_go_twice_is_in_hand_alone():
    first = make_letter(user=make_user("Ann Lee"))
    make_letter("follow_up", user=make_user("Ben Hart"), subject="to Ben")
    assert claim_one(NOON) == first
    assert claimed_beside([first]) is None
    assert claimed_beside([]) == "to Ben"


def test_strangers_and_emails_about_nothing_wait_for_nobody():
    first = make_letter(user=make_user("Ann Lee"))
    make_letter(subject="to a stranger")
    make_letter(subject="to another stranger")
    assert claim_one(NOON) == first
    stranger = claim_one(NOON, in_hand=[first])
    assert stranger.subject == "to a stranger"
    assert claimed_beside([first, stranger]) == "to another stranger"


# --- When it is its turn -----------------------------------------------------------------------


@pytest.fixture
def worded_anew(monkeypatch):
    """Confirmations are worded when they leave, and the check notes something."""

    def judge(letter, now):
        User.objects.filter(pk=letter.user_id).update(name="Noted Then")
        return Send(Fresh(Rendered("New words", "New.\n", "<p>New.</p>")))

    monkeypatch.setattr(send_check, "_judges", {"confirmation": judge})


def held(letter):
    """What its row says."""
    row = Letter.objects.get(pk=letter.pk)
    return row.state, row.attempts, row.claim, row.subject, row.text


AS_BEFORE = (State.PLANNED, 0, None, "A time for you", "Tuesday at nine.\n")


def test_a_check_that_has_become_old_is_made_again(worded_anew, monkeypatch, mailoutbox):
    letter = make_letter(user=make_user("Ann Lee"))
    monkeypatch.setattr(deliver, "CHECKED_FOR", -1.0)
    deliver.step(now=NOON)
    assert (held(letter), mailoutbox) == (AS_BEFORE, [])
    monkeypatch.undo()
    deliver.step(now=NOON)
    assert (held(letter)[:2], len(mailoutbox)) == ((State.SENT, 1), 1)


def test_a_server_that_did_not_answer_the_one_in_front_is_not_asked_again(worded_anew, mailoutbox):
    letter = make_letter(user=make_user("Ann Lee"))
    with Lines() as lines:
        mine = claim_one(NOON)
        lines.silent.add("email")
        deliver.check_and_send(mine, lines, NOON)
        assert lines.open == {}
    assert (held(letter), mailoutbox) == (AS_BEFORE, [])


def test_no_answer_is_known_before_the_next_one_has_its_turn(monkeypatch):
    make_letter()
    with Lines() as lines:
        monkeypatch.setattr(
            lines, "send", lambda _letter: (_ for _ in ()).throw(NoAnswer("no_answer", said=""))
        )
        known = []
        monkeypatch.setattr(deliver, "put_back", lambda *_a, **_o: known.append(lines.turn.locked()))
        with pytest.raises(NoAnswer):
            deliver.step(now=NOON, lines=lines)
        assert (known, lines.silent, lines.turn.locked()) == ([True], {"email"}, False)


def test_the_end_is_noted_before_the_next_one_has_its_turn(monkeypatch):
    make_letter()
    with Lines() as lines:
        locked = []
        monkeypatch.setattr(lines, "send", lambda _letter: locked.append(lines.turn.locked()))
        noted = deliver.record_end

        def end(*args, **options):
            locked.append(lines.turn.locked())
            noted(*args, **options)

        monkeypatch.setattr(deliver, "record_end", end)
        deliver.step(now=NOON, lines=lines)
        assert (locked, lines.turn.locked()) == ([True, True], False)


@pytest.mark.django_db(transaction=True)
def test_what_a_check_noted_is_undone_if_its_words_cannot_be_written(worded_anew, monkeypatch, mailoutbox):
    ann = make_user("Ann Lee")
    letter = make_letter(user=ann, to_name="Noted Then")

    def cannot(*_args):
        raise DatabaseError("no room")

    monkeypatch.setattr(prepare, "update_content", cannot)
    deliver.step(now=NOON)
    ann.refresh_from_db()
    assert (ann.name, held(letter)[0], mailoutbox) == ("Ann Lee", State.PLANNED, [])
    assert Letter.objects.get().why == because("our_error", what="DatabaseError")


# --- Side by side ------------------------------------------------------------------------------


@pytest.fixture
def process(smtp, monkeypatch):
    """What delivers with two senders, in a thread that the test can wait for; the second begins at once."""
    monkeypatch.setattr(deliver, "MANY", 1)
    told, ended = threading.Event(), []

    def run():
        ended.append(deliver.drain(stop=told.is_set, senders=2))
        connection.close()

    thread = threading.Thread(target=run)
    thread.stop, thread.ended = told.set, ended
    yield thread
    smtp.release()
    thread.join()


def in_hand():
    return Letter.objects.filter(state=State.CLAIMED).count()


@pytest.fixture
def two_in_hand(smtp, process):
    """Six emails were due: one is gone, one talks to the server, and one is ready behind it."""
    letters = [make_letter(ONCE, about=f"appointment:{number % 2}", due_at=AGES_AGO) for number in range(6)]
    is_held = smtp.hold("TAKEN", 2)
    process.start()
    assert smtp.wait_until(is_held, 60)
    while in_hand() < 2:
        smtp.wait_until(lambda: False, 0.05)
    return letters


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_one_talks_while_the_other_has_the_next_email_ready(smtp, process, two_in_hand):
    assert (smtp.talking, smtp.connections, len(smtp.accepted)) == (1, 1, 2)
    smtp.release()
    process.join()
    assert process.ended == [6]
    assert smtp.connections == 1
    assert set(smtp.copies().values()) == {1}
    for number in range(2):  # of each appointment, in their order
        mine = [one.message_id for one in two_in_hand if one.about == f"appointment:{number}"]
        assert [one["Message-ID"] for one in smtp.accepted if one["Message-ID"] in mine] == mine


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_told_to_stop_with_two_in_hand_nothing_is_lost(smtp, process, two_in_hand):
    process.stop()
    smtp.release()
    process.join()
    states = dict(Letter.objects.values_list("message_id", "state"))
    assert len(smtp.accepted) == 3
    assert smtp.copies() == {one: 1 for one, state in states.items() if state == State.SENT}
    assert set(states.values()) == {State.SENT, State.PLANNED}


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_what_ends_the_other_sender_is_not_hidden(smtp, monkeypatch):
    for _ in range(3):
        make_letter(ONCE, due_at=AGES_AGO)
    monkeypatch.setattr(deliver, "MANY", 1)
    main, claim = threading.current_thread(), deliver.claim_one

    def claim_or_fail(*args, **options):
        if threading.current_thread() is not main:
            raise DatabaseError("gone")
        return claim(*args, **options)

    monkeypatch.setattr(deliver, "claim_one", claim_or_fail)
    with pytest.raises(DatabaseError, match="gone"):
        deliver.drain(senders=2)
    assert set(Letter.objects.values_list("state", flat=True)) == {State.SENT}  # the first went on alone
