"""One step: claim, judge, send, note. Each rule by itself, with the letters going to memory."""

import datetime as dt
import threading

import pytest
from django.core import mail
from django.db import OperationalError, connection, transaction

from practice.core.reasons import as_written
from practice.mail import queries as mail_queries
from practice.mail import send_check, suppression
from practice.mail.channels.smtp import Postbox
from practice.mail.channels.transport import Later, NoAnswer, Refused, Unsure
from practice.mail.composing.render import Rendered
from practice.mail.delivery import deliver
from practice.mail.delivery.claims import FINISH_FOR, LEASE, claim_one, finish, write_with_retries
from practice.mail.kinds import KINDS
from practice.mail.post import Attachment
from practice.mail.send_check import Cancel, Fresh, Postpone, Send
from practice.models import Letter, Suppression, User
from practice.testing import make_practice, make_user
from practice.tests.mail.builders import NOON, make_letter, minutes

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
State = Letter.State
AGES_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def judges(monkeypatch):
    """The registered judges, to be changed for one test."""
    monkeypatch.setattr(send_check, "_judges", {})


def step_at(when=NOON):
    return deliver.step(now=when)


def test_nothing_due_is_no_step():
    make_letter(due_at=NOON + minutes(1))
    assert step_at() is False


def test_a_due_email_goes_once():
    letter = make_letter()
    assert (step_at(), step_at()) == (True, False)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts, letter.reason, letter.leased_until) == (State.SENT, 1, "", None)
    assert [m.extra_headers["Message-ID"] for m in mail.outbox] == [letter.message_id]


def test_the_longest_waiting_goes_first():
    make_letter(subject="young")
    make_letter(subject="old", due_at=NOON - minutes(5))
    step_at()
    assert mail.outbox[0].subject == "old"


def test_a_code_does_not_wait_behind_a_thousand_reminders(monkeypatch):
    for _ in range(3):
        make_letter("reminder")
    make_letter("sign_in_code", subject="code", due_at=NOON + minutes(1))
    monkeypatch.setattr(deliver.timezone, "now", lambda: NOON + minutes(2))
    assert deliver.drain() == 4
    assert mail.outbox[0].subject == "code"


def test_a_confirmation_does_not_wait_behind_the_encouragement_of_the_morning():
    for _ in range(3):
        make_letter("follow_up")
    make_letter(subject="It is booked", due_at=NOON + minutes(1))
    step_at(NOON + minutes(2))
    assert mail.outbox[0].subject == "It is booked"


def test_a_drain_stops_when_told_and_at_its_limit():
    for _ in range(3):
        make_letter(due_at=AGES_AGO)
    assert deliver.drain(stop=lambda: True) == 0
    assert deliver.drain(limit=2) == 2
    assert deliver.drain() == 1


def test_the_text_of_a_code_is_not_kept():
    letter = make_letter("sign_in_code", text="123456", html="<p>123456</p>")
    step_at()
    letter.refresh_from_db()
    assert "123456" in mail.outbox[0].body
    assert (letter.text, letter.html, letter.state) == ("", "", State.SENT)
    assert letter.blanked_at is not None


def test_the_text_of_a_code_that_came_too_late_is_not_kept_either():
    letter = make_letter("sign_in_code", text="123456", not_after=NOON - minutes(1))
    step_at()
    letter.refresh_from_db()
    assert (letter.state, letter.text) == (State.MISSED, "")


def test_a_claim_cannot_be_made_inside_a_transaction():
    make_letter()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        step_at()
    assert mail.outbox == []


# --- Judged again ------------------------------------------------------------------------------


def judged(letter):
    step_at()
    letter.refresh_from_db()
    assert mail.outbox == []
    assert letter.reason.endswith(".")
    return letter.state


def test_an_address_that_bounced_gets_no_email_and_a_person_is_told():
    suppression.suppress("ANN@example.com", cause=Suppression.Cause.BOUNCE)
    letter = make_letter()
    assert judged(letter) == State.FAILED
    assert list(mail_queries.needing_decision()) == [letter]


def test_a_code_held_back_waits_for_a_person_and_its_text_is_gone():
    suppression.suppress("ann@example.com", cause=Suppression.Cause.BOUNCE)
    letter = make_letter("sign_in_code", text="123456")
    assert judged(letter) == State.FAILED
    assert (letter.text, list(mail_queries.needing_decision())) == ("", [letter])


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_complaint_stops_only_what_nobody_asked_for(kind):
    suppression.suppress("ann@example.com", cause=Suppression.Cause.COMPLAINT)
    letter = make_letter(kind)
    step_at()
    letter.refresh_from_db()
    assert letter.state == (State.CANCELLED if kind in ("follow_up", "digest") else State.SENT)


def test_encouragement_held_back_is_no_matter_for_a_person():
    suppression.suppress("ann@example.com", cause=Suppression.Cause.BOUNCE)
    assert judged(make_letter("follow_up")) == State.CANCELLED


def test_a_closed_account_gets_no_email():
    assert judged(make_letter(user=make_user("Ann Hale", is_active=False))) == State.CANCELLED


def test_an_email_whose_time_passed_is_missed():
    assert judged(make_letter(not_after=NOON - minutes(1))) == State.MISSED


def test_an_email_whose_text_is_gone_is_called_off():
    assert judged(make_letter(text="")) == State.CANCELLED


def test_the_app_may_call_it_off(judges):
    send_check.register("reminder", lambda *_: Cancel(as_written("It was canceled.")))
    letter = make_letter("reminder")
    assert judged(letter) == State.CANCELLED
    assert letter.reason == "It was canceled."


def test_the_app_may_postpone_it_and_that_is_no_try(judges):
    later = NOON + minutes(90)
    verdicts = iter([Postpone(later, as_written("They practice just now.")), Send()])
    send_check.register("follow_up", lambda *_: next(verdicts))
    letter = make_letter("follow_up")
    assert judged(letter) == State.PLANNED
    assert (letter.due_at, letter.attempts, letter.claim) == (later, 0, None)
    assert step_at(later) is True
    letter.refresh_from_db()
    assert (letter.state, letter.reason) == (State.SENT, "")


def test_a_judge_that_breaks_does_not_stop_the_line(judges):
    send_check.register("reminder", lambda *_: 1 / 0)
    poisoned, other = make_letter("reminder", due_at=NOON - minutes(1)), make_letter()
    step_at()
    step_at()
    poisoned.refresh_from_db()
    other.refresh_from_db()
    assert (poisoned.state, other.state) == (State.PLANNED, State.SENT)
    assert poisoned.due_at > NOON
    assert "ZeroDivisionError" in poisoned.reason


# --- Claims and leases -------------------------------------------------------------------------


def died_with(letter):
    """Its sender is gone and its lease is over."""
    claim_one(NOON)
    Letter.objects.filter(pk=letter.pk).update(leased_until=AGES_AGO)
    assert step_at() is True
    letter.refresh_from_db()
    return letter


def test_a_claimed_email_belongs_to_one_sender():
    make_letter()
    assert claim_one(NOON) is not None
    assert claim_one(NOON) is None


def test_a_lease_lasts_five_minutes_by_the_clock_of_the_database():
    make_letter()
    claim_one(NOON)  # NOON lies years from the database's now
    with connection.cursor() as cursor:
        now = "strftime('%s', 'now')" if connection.vendor == "sqlite" else "extract(epoch from now())"
        cursor.execute(f"select {now}")
        now = float(cursor.fetchone()[0])
    left = Letter.objects.get().leased_until.timestamp() - now
    assert 290 < left <= 301


def test_a_running_lease_is_left_alone():
    letter = make_letter()
    claim_one(NOON)
    assert step_at(NOON + minutes(600)) is False
    letter.refresh_from_db()
    assert letter.state == State.CLAIMED


def test_a_dead_senders_confirmation_goes_again():
    letter = died_with(make_letter())
    assert (letter.state, letter.attempts, letter.claim) == (State.PLANNED, 1, None)
    assert letter.reason.endswith(".")
    assert step_at() is True
    assert len(mail.outbox) == 1


def test_a_dead_senders_encouragement_waits_for_a_person():
    letter = died_with(make_letter("follow_up"))
    assert letter.state == State.UNKNOWN
    assert letter.reason.endswith(".")
    assert step_at() is False
    assert mail.outbox == []


def test_an_email_that_kills_its_senders_is_given_up_after_eight():
    assert died_with(make_letter(attempts=7)).state == State.FAILED


def test_a_slow_sender_may_still_say_that_it_went():
    letter = make_letter("follow_up")
    mine = claim_one(NOON)
    Letter.objects.update(leased_until=AGES_AGO)
    step_at()
    assert finish(mine, state=State.SENT, why=[]) is True
    letter.refresh_from_db()
    assert letter.state == State.SENT


def test_a_slow_sender_whose_email_someone_else_took_changes_nothing():
    letter = make_letter()
    mine = claim_one(NOON)
    Letter.objects.update(leased_until=AGES_AGO)
    step_at()
    step_at()
    assert finish(mine, state=State.FAILED, why=[]) is False
    letter.refresh_from_db()
    assert letter.state == State.SENT


@pytest.mark.django_db(transaction=True)
def test_ten_workers_claim_one_email_once():
    make_letter()
    claimed, start, finished = [], threading.Barrier(10), threading.Condition()

    def work():
        start.wait()
        while True:
            try:
                claimed.append(claim_one(NOON))
                break
            except OperationalError:  # SQLite in memory, as in tests, does not wait for a lock
                with finished:
                    finished.wait(1)
        with finished:
            finished.notify_all()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(claimed) == 10
    assert sum(letter is not None for letter in claimed) == 1


# --- Trying again ------------------------------------------------------------------------------


def test_pauses_grow_to_an_hour_and_differ():
    longest = [max(deliver.pause_after(n).total_seconds() for _ in range(50)) for n in range(1, 9)]
    assert longest == sorted(longest)
    assert 30 < longest[0] < 38
    assert longest[-1] == 3600
    assert len({deliver.pause_after(3) for _ in range(10)}) > 5


# --- The database goes away --------------------------------------------------------------------


def failing(times):
    """A write that the database refuses so many times before it takes it."""
    answers = iter([OperationalError("gone")] * times)

    def write():
        for error in answers:
            raise error
        return 1

    return write


@pytest.mark.django_db(transaction=True)
def test_the_end_of_an_email_is_insisted_on_while_the_database_is_away():
    assert write_with_retries(failing(3), patience=5) == 1


@pytest.mark.django_db(transaction=True)
def test_insisting_ends_before_the_lease_does():
    with pytest.raises(OperationalError):
        write_with_retries(failing(100), patience=0.3)
    assert LEASE.total_seconds() > FINISH_FOR


# --- Words made when it leaves -----------------------------------------------------------------

FRESH = Fresh(
    words=Rendered("How was it?", "Fresh words.\n", "<p>Fresh words.</p>"),
    headers={"List-Unsubscribe": "<https://portal.example/out>"},
    attachments=(Attachment.calendar("BEGIN:VCALENDAR\r\n", method="REQUEST"),),
    from_name="Jonah Reyes",
)


@pytest.fixture
def worded(judges):
    """A letter whose words are made when it leaves."""
    send_check.register("follow_up", lambda *_: Send(FRESH))
    return make_letter("follow_up", not_after=NOON + minutes(600))


def said(letter):
    letter.refresh_from_db()
    files = [one["filename"] for one in letter.attachments]
    return letter.subject, letter.text, letter.html, letter.from_name, files, letter.headers


def test_what_is_said_at_the_last_moment_goes_and_is_kept(worded):
    step_at()
    (sent,) = mail.outbox
    assert (sent.subject, sent.body) == ("How was it?", "Fresh words.\n")
    assert sent.from_email.startswith("Jonah Reyes <")
    assert said(worded) == (
        *("How was it?", "Fresh words.\n", "<p>Fresh words.</p>", "Jonah Reyes", ["invite.ics"]),
        {"List-Unsubscribe": "<https://portal.example/out>"},
    )


@pytest.mark.parametrize("error", [Later("451"), Refused("554"), RuntimeError("broken")])
def test_what_did_not_go_is_not_kept(worded, monkeypatch, error):
    before = said(worded)
    monkeypatch.setattr(Postbox, "send", lambda *_: (_ for _ in ()).throw(error))
    step_at()
    assert said(worded) == before


def test_nor_when_the_mail_server_does_not_answer(worded, monkeypatch):
    before = said(worded)
    monkeypatch.setattr(Postbox, "send", lambda *_: (_ for _ in ()).throw(NoAnswer("gone")))
    with pytest.raises(NoAnswer):
        step_at()
    assert said(worded) == before


def test_what_may_have_gone_is_kept(worded, monkeypatch):
    monkeypatch.setattr(Postbox, "send", lambda *_: (_ for _ in ()).throw(Unsure("silent")))
    step_at()
    assert said(worded)[1] == "Fresh words.\n"
    assert worded.state == State.UNKNOWN


def test_it_goes_to_the_address_name_and_reply_address_of_this_moment(practice_moves):
    letter = make_letter(user=make_user("Ann Hale"))
    User.objects.update(email="ann.lee@example.com", name="Ann Lee")
    step_at()
    (sent,) = mail.outbox
    assert (sent.to, sent.reply_to) == (["Ann Lee <ann.lee@example.com>"], ["new@juniper.example"])
    letter.refresh_from_db()
    assert (letter.to_name, letter.to_address) == ("Ann Lee", "ann.lee@example.com")


@pytest.fixture
def practice_moves():
    """The practice reads its mail elsewhere than when the letter was promised."""
    return make_practice(email="new@juniper.example")


def test_a_code_goes_where_it_was_asked_for():
    make_letter("sign_in_code", user=make_user("Ann Hale", email="other@example.com"))
    step_at()
    assert mail.outbox[0].to == ["Ann Hale <ann@example.com>"]


def test_who_has_no_address_anymore_gets_nothing():
    letter = make_letter(user=make_user("Ann Hale", email=None))
    step_at()
    letter.refresh_from_db()
    assert (mail.outbox, letter.state) == ([], State.FAILED)
    assert letter.reason == "There is no email address on file. Please tell them another way."


def test_it_is_the_address_of_this_moment_that_is_marked_as_dead(monkeypatch):
    make_letter(user=make_user("Ann Hale", email="ann.lee@example.com"))
    gone = Refused("550", dead_address=True)
    monkeypatch.setattr(Postbox, "send", lambda *_: (_ for _ in ()).throw(gone))
    step_at()
    assert suppression.suppression_of("ann.lee@example.com") is not None
    assert suppression.suppression_of("ann@example.com") is None


def test_an_email_someone_else_took_is_not_sent(worded, judges):
    def taken(letter, now):
        Letter.objects.filter(pk=letter.pk).update(claim=Letter.new_claim())
        return Send(FRESH)

    send_check.register("follow_up", taken)
    step_at()
    assert mail.outbox == []
    assert said(worded)[1] != "Fresh words.\n"


def test_a_postponed_email_lives_as_long_after_its_new_time(judges):
    send_check.register("follow_up", lambda *_: Postpone(NOON + minutes(90), as_written("Not now.")))
    letter = make_letter("follow_up", not_after=NOON + minutes(60))
    step_at()
    letter.refresh_from_db()
    assert letter.not_after == NOON + minutes(150)


def test_one_that_may_always_go_still_may(judges):
    send_check.register("follow_up", lambda *_: Postpone(NOON + minutes(90), as_written("Not now.")))
    letter = make_letter("follow_up")
    step_at()
    letter.refresh_from_db()
    assert letter.not_after is None


def test_a_purged_email_says_nothing_anymore(judges):
    send_check.register("follow_up", lambda *_: Cancel(as_written("They are gone."), purge=True))
    letter = make_letter("follow_up")
    step_at()
    assert said(letter)[1:] == ("", "", "Tess Marlow", [], {})
    assert (letter.to_name, letter.to_address) == ("", "")
    assert (letter.state, letter.reason) == (State.CANCELLED, "They are gone.")


def test_of_someone_who_is_still_here_name_and_address_stay(judges):
    send_check.register("follow_up", lambda *_: Cancel(as_written("The session is gone."), purge=True))
    letter = make_letter("follow_up", user=make_user("Ann Hale"))
    step_at()
    assert said(letter)[1:3] == ("", "")
    assert (letter.to_name, letter.to_address) == ("Ann Hale", "ann@example.com")
