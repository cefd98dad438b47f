"""After a letter went or failed: what a person may do, what is kept, and what the health page reads."""

import datetime as dt

import pytest
from django.core import mail
from django.db.models.functions import Now

from practice.core.reasons import as_written
from practice.health import heartbeat, machine
from practice.mail import actions as mail_actions
from practice.mail import queries as mail_queries
from practice.mail import suppression
from practice.mail.delivery import deliver
from practice.mail.retention import blank_old_bodies
from practice.models import Heartbeat, Letter, Suppression, UsageCount, User
from practice.retention import chores
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.mail.builders import NOON, make_letter, minutes

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
State = Letter.State
Cause = Suppression.Cause


@pytest.fixture
def tess():
    """Who decides."""
    return make_user("Tess Marlow")


# --- A person decides --------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.FAILED, State.UNKNOWN])
def test_send_again_sends_under_the_same_message_id(tess, state):
    letter = make_letter(
        "follow_up", state=state, attempts=8, not_after=NOON - minutes(1), claim=Letter.new_claim()
    )
    mail_actions.send_again(letter, by=tess, now=NOON)
    assert letter.reason == "Sent again by Tess Marlow."
    deliver.step(now=NOON)
    assert [m.extra_headers["Message-ID"] for m in mail.outbox] == [letter.message_id]


def test_send_again_changes_nothing_on_an_email_that_went(tess):
    letter = make_letter(state=State.SENT)
    assert mail_actions.send_again(letter, by=tess).state == State.SENT


def test_a_code_cannot_be_sent_again(tess):
    letter = make_letter("sign_in_code", state=State.FAILED, text="", blanked_at=NOON)
    with pytest.raises(mail_actions.CannotSendAgain):
        mail_actions.send_again(letter, by=tess)


def test_send_again_to_a_dead_address_says_what_to_do_first(tess):
    letter = make_letter(state=State.FAILED)
    suppression.suppress(letter.to_address, cause=Cause.BOUNCE)
    with pytest.raises(mail_actions.CannotSendAgain, match="Unblock the address first"):
        mail_actions.send_again(letter, by=tess)
    suppression.lift_suppressions(letter.to_address)
    assert mail_actions.send_again(letter, by=tess).state == State.PLANNED


def test_leave_it_asks_nobody_anymore_and_keeps_the_reason(tess):
    letter = make_letter(state=State.FAILED, why=as_written("No such user."))
    assert list(mail_queries.needing_decision()) == [letter]
    mail_actions.leave_unsent(letter, by=tess)
    assert list(mail_queries.needing_decision()) == []
    assert letter.reason == "No such user. Dismissed by Tess Marlow."


# --- Marks on addresses ------------------------------------------------------------------------


def test_a_complaint_outweighs_a_bounce():
    for cause in (Cause.BOUNCE, Cause.BOUNCE, Cause.COMPLAINT, Cause.BOUNCE):
        suppression.suppress("Ann@Example.com", cause=cause)
    assert Suppression.objects.get().cause == Cause.COMPLAINT
    assert suppression.suppression_of("ANN@example.com") is not None


def test_marks_of_one_day_are_lifted_together_complaints_too():
    suppression.suppress("ann@example.com", cause=Cause.COMPLAINT)
    suppression.suppress("ben@example.com", cause=Cause.BOUNCE)
    assert suppression.lift_suppressions("ANN@example.com", "ben@example.com", "nobody@example.com") == 2
    assert not Suppression.objects.exists()


def test_the_owner_lifts_the_marks_of_a_day_together_in_the_back_office(tess):
    make_practice()
    marks = [suppression.suppress(f"{name}@example.com", cause=Cause.BOUNCE).pk for name in "abc"]
    owner = make_practitioner("Olga Owner").user
    said = {"action": "lift_them", "_selected_action": marks[:2]}
    at_work(owner).post("/backoffice/practice/suppression/", said)
    assert list(Suppression.objects.values_list("address", flat=True)) == ["c@example.com"]


def test_send_again_goes_to_the_address_of_today(tess):
    ann = make_user("Ann Hale", email="ann.lee@example.com")
    letter = make_letter(state=State.FAILED, user=ann)
    suppression.suppress("ann@example.com", cause=Cause.BOUNCE)
    mail_actions.send_again(letter, by=tess, now=NOON)
    deliver.step(now=NOON)
    assert mail.outbox[0].to == ["Ann Hale <ann.lee@example.com>"]


def test_send_again_without_an_address_says_what_is_missing(tess):
    letter = make_letter(state=State.FAILED, user=make_user("Ann Hale", email=None))
    with pytest.raises(mail_actions.CannotSendAgain, match="no email address"):
        mail_actions.send_again(letter, by=tess)


def test_after_a_complaint_what_is_needed_can_be_sent_again(tess):
    letter = make_letter(state=State.FAILED)
    suppression.suppress(letter.to_address, cause=Cause.COMPLAINT)
    assert mail_actions.send_again(letter, by=tess).state == State.PLANNED


# --- What is kept ------------------------------------------------------------------------------


def test_texts_go_after_the_days_the_owner_chose_and_the_ledger_stays():
    make_practice(keep_letter_bodies_days=30)
    old = make_letter(state=State.SENT, due_at=NOON - dt.timedelta(days=31), attachments=[{"content": "x"}])
    young = make_letter(state=State.SENT, due_at=NOON - dt.timedelta(days=29))
    waiting = make_letter(due_at=NOON - dt.timedelta(days=31))
    assert (blank_old_bodies(NOON), blank_old_bodies(NOON)) == (1, 0)
    for letter in (old, young, waiting):
        letter.refresh_from_db()
    assert (old.text, old.html, old.attachments, old.blanked_at) == ("", "", [], NOON)
    assert (old.subject, old.to_address) == ("A time for you", "ann@example.com")
    assert "" not in (young.text, waiting.text)


def test_many_old_texts_go_in_portions(monkeypatch):
    monkeypatch.setattr("practice.mail.retention.AT_ONCE", 2)
    for _ in range(5):
        make_letter(state=State.SENT, due_at=NOON - dt.timedelta(days=91))
    assert blank_old_bodies(NOON) == 5


def test_a_chore_that_breaks_does_not_keep_the_others_from_being_done(monkeypatch):
    def break_down(now):
        raise OSError

    def sweep(now):
        return 7

    monkeypatch.setattr(chores, "_chores", {})
    chores.register(chores.blank_old_bodies, chores.forget_tallies, break_down, sweep)
    UsageCount.objects.create(key="x", window=NOON - dt.timedelta(days=3))
    UsageCount.objects.create(key="x", window=NOON)
    assert chores.tidy(NOON) == {"blank_old_bodies": 0, "forget_tallies": 1, "sweep": 7}


# --- The health page ---------------------------------------------------------------------------


def test_nothing_to_do_has_no_age():
    make_letter(due_at=NOON + minutes(5))
    make_letter(due_at=NOON - minutes(5), state=State.SENT)
    assert mail_queries.queue_state(NOON) == mail_queries.QueueState(
        None, due=0, planned=1, sending=0, failed=0, unknown=0
    )


def test_the_oldest_due_email_tells_how_late_we_are():
    make_letter(due_at=NOON - minutes(5))
    make_letter(due_at=NOON - minutes(20))
    make_letter(state=State.FAILED)
    make_letter(state=State.UNKNOWN)
    assert mail_queries.queue_state(NOON) == mail_queries.QueueState(
        1200, due=2, planned=2, sending=0, failed=1, unknown=1
    )


def test_what_a_dead_sender_holds_is_due_and_what_a_living_one_holds_is_not():
    """Leases are kept on the database's own clock."""
    make_letter(state=State.CLAIMED, due_at=NOON - minutes(20), leased_until=Now() - minutes(1))
    make_letter(state=State.CLAIMED, due_at=NOON - minutes(30), leased_until=Now() + minutes(1))
    assert mail_queries.queue_state(NOON) == mail_queries.QueueState(
        1200, due=1, planned=0, sending=2, failed=0, unknown=0
    )


def test_the_queue_is_one_query_whatever_the_history(django_assert_num_queries):
    for _ in range(30):
        make_letter(state=State.SENT)
    with django_assert_num_queries(1):
        mail_queries.queue_state(NOON)


def test_a_pulse_is_written_at_most_every_half_minute_however_often_it_ticks():
    written = set()
    for seconds in range(0, 601, 5):
        heartbeat.record_beat("beat", NOON + dt.timedelta(seconds=seconds))
        written.add(Heartbeat.objects.get().at)
    assert written == {NOON + dt.timedelta(seconds=seconds) for seconds in range(0, 601, 30)}
    assert heartbeat.last_beat("other") is None


def test_a_practice_that_ticks_is_never_near_the_age_at_which_it_counts_as_silent():
    assert 3 * heartbeat.AT_MOST_EVERY < machine.QUIET


# --- The back office


def enter_complaint(who: User, address: str) -> int:
    """Somebody at work enters that an address wants no emails."""
    form = {"address": address, "detail": "Called on Monday."}
    return at_work(who).post("/backoffice/practice/suppression/add/", form).status_code


def test_the_owner_enters_a_complaint_and_only_what_was_asked_for_is_sent_there() -> None:
    owner = make_practitioner().user
    assert enter_complaint(owner, "Ann@Example.com") == 302
    mark = Suppression.objects.get()
    assert (mark.address, mark.cause, mark.detail) == ("ann@example.com", "complaint", "Called on Monday.")
    assert suppression.complained("ann@example.com")


def test_a_complaint_takes_the_place_of_a_bounce_and_is_lifted_by_the_owner() -> None:
    owner = make_practitioner().user
    suppression.suppress("ann@example.com", cause=Cause.BOUNCE)
    assert enter_complaint(owner, "ann@example.com") == 302
    mark = Suppression.objects.get()
    assert mark.cause == Cause.COMPLAINT
    lift = {"action": "lift_them", "_selected_action": [str(mark.pk)]}
    at_work(owner).post("/backoffice/practice/suppression/", lift)
    assert not Suppression.objects.exists()


def test_a_practitioner_blocks_no_strangers_address() -> None:
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER).user
    assert enter_complaint(jonah, "ann@example.com") == 403
    assert not Suppression.objects.exists()
