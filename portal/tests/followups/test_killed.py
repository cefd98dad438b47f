"""Senders that die, two senders at once, letters taken out of the hand: encouragement never goes twice."""

import pytest
from django.core import mail

from portal.followups.engine.facts import Step
from portal.followups.queue import plan_letters
from portal.tests.followups.sample_rows import (
    SESSION,
    State,
    denver,
    letter_at,
    planned,
    row,
    scenario,
    send_until,
    utc,
)
from practice.mail.channels.lines import Lines
from practice.mail.channels.smtp import Postbox
from practice.mail.delivery import deliver
from practice.models import Letter

pytestmark = pytest.mark.engines

__all__ = ["planned", "scenario"]  # fixtures


def sender_dies(place):
    """Its lease is over, whatever it had done."""
    Letter.objects.filter(follow_up__place=place).update(leased_until=utc("2020-01-01T00:00"))


def test_killed_after_the_claim_it_is_unknown_and_never_sent_again(scenario, planned):
    deliver.claim_one(denver(12))
    sender_dies(0)
    assert send_until(denver(12, 9, 6)) == []
    assert letter_at().state == State.UNKNOWN
    assert send_until(denver(13)) == []


def test_killed_after_the_judgement_it_counts_as_gone_with_its_text(scenario, planned, monkeypatch):
    monkeypatch.setattr(Postbox, "send", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        deliver.step(now=denver(12))
    monkeypatch.undo()
    sender_dies(0)
    send_until(denver(12, 9, 6))
    assert (letter_at().state, row().variant) == (State.UNKNOWN, "assigned-a")
    mail.outbox.clear()
    send_until(denver(15))
    assert row(1).variant == "assigned-b"


def test_left_as_it_is_by_a_person_it_still_counts(scenario, planned, monkeypatch):
    test_killed_after_the_judgement_it_counts_as_gone_with_its_text(scenario, planned, monkeypatch)
    Letter.objects.filter(follow_up__place=0).update(state=State.CANCELLED)
    send_until(denver(22))
    assert row(2).variant == "assigned-c"


def test_of_two_in_hand_at_once_only_one_goes(scenario):
    plan_letters(scenario.session, steps=[Step(1), Step(4)], now=SESSION)
    Letter.objects.update(due_at=denver(15), not_after=denver(16))
    first, second = deliver.claim_one(denver(15)), deliver.claim_one(denver(15))
    with Lines() as lines:
        deliver.check_and_send(second, lines, denver(15))
        deliver.check_and_send(first, lines, denver(15))
    assert len(mail.outbox) == 1


def test_an_email_that_is_not_mine_anymore_is_not_sent(scenario, planned):
    letter = deliver.claim_one(denver(12))
    Letter.objects.filter(pk=letter.pk).update(claim=Letter.new_claim())
    with Lines() as lines:
        deliver.check_and_send(letter, lines, denver(12))
    assert mail.outbox == []
