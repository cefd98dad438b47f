"""A plan is saved at the moment in which a sender claims one of its emails."""

import threading

import pytest
from django.db import connection

from portal.followup_plans import effect
from portal.followup_plans.actions import apply as applying
from portal.followup_plans.actions import save as saving
from portal.followup_plans.actions.save import Confirmed, save_plan
from portal.followup_plans.effect import NewSteps
from portal.followups.engine.plan_change import PlanStep
from portal.followups.queue import plan_letters
from portal.models import FollowUpPlan
from portal.tests.followups.sample_rows import SESSION, Scenario, State, denver
from practice.mail.delivery import deliver
from practice.models import Letter

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
NEW = NewSteps(steps=(PlanStep(6), PlanStep(20)), moves={4: 6})
NOW = denver(15, 8)


@pytest.fixture
def claimed_meanwhile(settings, monkeypatch):
    """Ann's email of day 4 is claimed after its row was read and before it is written."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    scenario = Scenario()
    plan = FollowUpPlan.objects.create(name="Short", is_default=True)
    for days in (4, 11):
        plan.steps.create(days=days)
    plan_letters(scenario.session, now=SESSION)
    write = saving.apply

    def claim():
        deliver.claim_one(denver(15))
        connection.close()

    def claim_first(*args, **options):
        if connection.vendor == "postgresql":
            sender = threading.Thread(target=claim)
            sender.start()
            sender.join()
        else:  # SQLite has one writer at a time: what a claim writes, in the same transaction
            Letter.objects.filter(follow_up__place=0).update(state=State.CLAIMED)
        return write(*args, **options)

    monkeypatch.setattr(saving, "apply", claim_first)
    return plan


def save(plan):
    mark = effect.fingerprint(effect.effects(effect.of_plan(plan), NEW, now=NOW))
    return save_plan(plan, NEW, name="Short", pain="", seen=1, confirmed=Confirmed(mark=mark), now=NOW)


def test_the_email_stays_with_its_sender_and_the_others_follow(claimed_meanwhile):
    save(claimed_meanwhile)
    claimed = Letter.objects.get(follow_up__place=0)
    assert (claimed.state, claimed.due_at) == (State.CLAIMED, denver(15))
    assert list(Letter.objects.filter(state=State.PLANNED).values_list("due_at", flat=True)) == [denver(31)]


def test_without_the_condition_it_would_be_moved_under_the_senders_hands(claimed_meanwhile, monkeypatch):
    monkeypatch.setattr(applying, "still_waiting", lambda row, _before: {"pk": row.letter_id})
    save(claimed_meanwhile)
    claimed = Letter.objects.get(follow_up__place=0)
    assert (claimed.state, claimed.due_at) == (State.CLAIMED, denver(17))
