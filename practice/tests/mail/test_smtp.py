"""Against a real mail server: one that refuses, is busy, falls silent, or is not there."""

import pytest

from practice.mail import actions as mail_actions
from practice.mail.channels.lines import Lines
from practice.mail.channels.transport import NoAnswer
from practice.mail.delivery import deliver
from practice.models import Letter, Suppression
from practice.testing import make_practitioner
from practice.tests.mail.builders import NOON, make_letter, minutes
from practice.tests.mail.server import TOOK_IT

pytestmark = pytest.mark.django_db
State = Letter.State


def step_on(letter, when=NOON):
    assert deliver.step(now=when) is True
    letter.refresh_from_db()
    return letter


def all_of_them(when=NOON):
    """Whatever is due."""
    while deliver.step(now=when):
        pass


def fall_silent(smtp, stage):
    """From now on the server does not answer at this stage, and we wait two seconds."""
    smtp.impatient(2.0)
    return smtp.hold(stage)


def test_not_now_is_tried_again_under_the_same_message_id(smtp):
    answers = iter(["451 4.7.1 greylisted, come back", TOOK_IT])
    smtp.data_answer = lambda _message: next(answers)
    letter = step_on(make_letter())
    assert (letter.state, letter.attempts, letter.claim) == (State.PLANNED, 1, None)
    assert "greylisted" in letter.reason
    assert NOON < letter.due_at < NOON + minutes(1)
    assert deliver.step(now=NOON) is False
    assert step_on(letter, letter.due_at).state == State.SENT
    assert [message["Message-ID"] for message in smtp.accepted] == [letter.message_id]


def test_a_busy_mailbox_is_tried_eight_times(smtp):
    smtp.rcpt_answer = lambda _address: "452 4.2.2 mailbox full"
    letter, when = make_letter(), NOON
    for _ in range(8):
        letter = step_on(letter, when)
        when = letter.due_at
    assert (letter.state, letter.attempts) == (State.FAILED, 8)
    assert letter.reason.endswith("We tried eight times.")
    assert deliver.step(now=when + minutes(600)) is False
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("where", ["rcpt_answer", "data_answer"])
def test_a_dead_address_fails_at_once_is_marked_and_others_go(smtp, where):
    setattr(smtp, where, lambda _: "550 5.1.1 no such user")
    letter = step_on(make_letter(to_address="gone@example.com"))
    assert (letter.state, letter.attempts) == (State.FAILED, 1)
    assert "no such user" in letter.reason
    mark = Suppression.objects.get()
    assert (mark.address, mark.cause) == ("gone@example.com", Suppression.Cause.BOUNCE)
    setattr(smtp, where, lambda _: TOOK_IT)
    assert step_on(make_letter()).state == State.SENT
    assert step_on(make_letter(to_address="gone@example.com")).state == State.FAILED
    assert smtp.asked_for.count("gone@example.com") == 1


def test_several_refusals_about_us_stop_the_kind_tell_the_owner_and_mark_nobody(smtp):
    make_practitioner()
    smtp.rcpt_answer = lambda address: (
        f"550 SPF check failed for {address} ({len(address)})" if "tess" not in address else "250 ok"
    )
    for number in range(5):
        make_letter("reminder", to_address=f"client{number}@example.com")
    another_kind = make_letter()
    all_of_them()
    states = list(Letter.objects.filter(kind="reminder").order_by("pk").values_list("state", flat=True))
    assert states == [*[State.FAILED] * 3, *[State.PLANNED] * 2]
    assert not Suppression.objects.exists()
    another_kind.refresh_from_db()
    assert another_kind.state == State.FAILED  # it is tried all the same
    told = Letter.objects.get(kind="mail_refused")
    assert (told.to_address, "SPF check failed" in told.text) == ("tess@example.com", True)


def test_they_stop_it_at_once_although_refusals_are_read_once_a_second(smtp):
    smtp.rcpt_answer = lambda _address: "550 SPF check failed"
    for number in range(6):
        make_letter("reminder", to_address=f"client{number}@example.com")
    with deliver.present_settings():
        all_of_them()
    states = list(Letter.objects.order_by("pk").values_list("state", flat=True))
    assert states == [*[State.FAILED] * 3, *[State.PLANNED] * 3]


def test_an_hour_later_it_is_tried_again_or_when_one_is_sent_again_by_hand(smtp):
    tess = make_practitioner().user
    smtp.rcpt_answer = lambda _address: "550 SPF check failed"
    failed = [make_letter("reminder", to_address=f"{number}@example.com") for number in "abc"]
    waits = make_letter("reminder", to_address="d@example.com")
    all_of_them()
    waits.refresh_from_db()
    smtp.rcpt_answer = lambda _address: "250 ok"
    assert waits.due_at == NOON + minutes(60)
    mail_actions.send_again(failed[0], by=tess, now=NOON + minutes(1))
    assert step_on(failed[0], NOON + minutes(1)).state == State.SENT
    assert step_on(waits, NOON + minutes(60)).state == State.SENT


def test_a_code_does_not_outlive_its_ten_minutes_while_its_kind_waits(smtp):
    smtp.rcpt_answer = lambda _address: "550 SPF check failed"
    for name in "abcd":
        code = make_letter("sign_in_code", to_address=f"{name}@example.com", not_after=NOON + minutes(10))
    all_of_them()
    code.refresh_from_db()
    assert (code.state, code.not_after) == (State.PLANNED, NOON + minutes(10))
    assert step_on(code, NOON + minutes(60)).state == State.MISSED


def test_a_line_that_goes_dead_after_the_text_is_sent_again_or_asks_a_person(smtp):
    fall_silent(smtp, "TAKEN")
    confirmation = step_on(make_letter())
    encouragement = step_on(make_letter("follow_up"))
    assert (confirmation.state, encouragement.state) == (State.PLANNED, State.UNKNOWN)
    assert encouragement.reason.endswith("It may not have been sent.")
    smtp.release()
    assert deliver.step(now=NOON) is False


@pytest.mark.parametrize("kind", ["confirmation", "follow_up"])
def test_a_line_that_goes_dead_before_the_text_leaves_nothing_unsure(smtp, kind):
    is_silent = fall_silent(smtp, "MAIL")
    letter = step_on(make_letter(kind))
    assert (letter.state, letter.attempts) == (State.PLANNED, 1)
    assert is_silent()
    smtp.release()
    assert step_on(letter, letter.due_at).state == State.SENT


def test_without_a_mail_server_emails_wait_and_it_counts_as_no_try(smtp):
    port = smtp.port
    smtp.stop()
    letter = make_letter(due_at=NOON)
    for _ in range(10):
        with pytest.raises(NoAnswer):
            deliver.step(now=NOON)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.due_at) == (State.PLANNED, 0, NOON)
    assert "does not answer" in letter.reason
    smtp.start(port)
    assert step_on(letter).state == State.SENT
    assert letter.reason == ""


def test_a_drain_connects_once_to_a_server_that_is_down(smtp):
    smtp.stop()
    for _ in range(3):
        make_letter(due_at=NOON - minutes(10_000_000))
    assert deliver.drain() == 0
    smtp.start()


def test_one_connection_serves_a_whole_drain(smtp):
    for _ in range(5):
        make_letter(due_at=NOON - minutes(10_000_000))
    assert deliver.drain() == 5
    assert smtp.connections == 1


def test_a_server_that_ends_the_connection_after_some_emails_loses_none_and_none_waits(smtp):
    for _ in range(5):
        make_letter("follow_up", due_at=NOON - minutes(10_000_000))
    answers = iter([*["250 ok", "250 ok", "421 4.7.0 enough for one connection"] * 2, "250 ok"])
    smtp.mail_answer = lambda: next(answers)
    assert deliver.drain() == 5
    assert set(Letter.objects.values_list("state", "attempts")) == {(State.SENT, 1)}
    assert (smtp.connections, len(smtp.accepted)) == (3, 5)


def test_a_connection_that_the_server_dropped_is_opened_again_and_nothing_is_unsure(smtp):
    first, second = make_letter("follow_up"), make_letter("follow_up")
    port = smtp.port
    with Lines() as lines:
        deliver.step(now=NOON, lines=lines)
        smtp.stop()
        smtp.start(port)
        deliver.step(now=NOON, lines=lines)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == (State.SENT, State.SENT)
    assert smtp.connections == 2
