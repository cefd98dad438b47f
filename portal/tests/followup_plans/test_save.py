"""A plan is saved: what its effect on the waiting emails is, and that this and nothing else happens."""

import datetime as dt

import pytest

from portal.export.archive import as_page
from portal.export.record import record_of
from portal.followup_plans import effect
from portal.followup_plans.actions.plans import make_standard
from portal.followup_plans.actions.save import (
    Confirmed,
    PainTaken,
    PlanStale,
    QueueChanged,
    back_to_plan,
    save_for_client,
    save_plan,
)
from portal.followup_plans.actions.shipped import SHIPPED
from portal.followup_plans.effect import NewSteps
from portal.followups.choosing import plan_for, plan_steps
from portal.followups.engine.plan_change import Effect, PlanStep, fault_of
from portal.followups.queue import plan_letters, replan
from portal.models import FollowUp, FollowUpPlan
from portal.tests.followups.sample_rows import SESSION, State, denver, scenario, send_until
from practice.mail.delivery import deliver
from practice.models import Letter, User

__all__ = ["scenario"]  # a fixture
pytestmark = [
    pytest.mark.engines("portal.followup_plans.actions.save", "portal.followup_plans.actions.apply")
]
LATER = Confirmed()
NOON = denver(12, 12)


def steps(*days):
    return tuple(PlanStep(day) for day in days)


@pytest.fixture
def short(scenario):
    """The standard plan of the practice: 1, 4 and 11 days after; of Ann's emails the first is gone."""
    plan = FollowUpPlan.objects.create(name="Short", is_default=True)
    for days in (1, 4, 11):
        plan.steps.create(days=days)
    plan_letters(scenario.session, now=SESSION)
    send_until(denver(12))
    return plan


def waiting():
    found = Letter.objects.filter(state=State.PLANNED).order_by("due_at")
    return list(found.values_list("due_at", flat=True))


def seen(which, new, now=NOON):
    return Confirmed(mark=effect.fingerprint(effect.effects(which, new, now=now)))


def save(plan, new, confirmed, *, version=None, now=NOON):
    version = plan.version if version is None else version
    return save_plan(plan, new, name=plan.name, pain="", seen=version, confirmed=confirmed, now=now)


NEW = NewSteps(steps=steps(1, 6, 20), moves={4: 6})


def test_saved_with_its_effect_the_waiting_emails_follow(short):
    assert save(short, NEW, seen(effect.of_plan(short), NEW)) == 3
    assert waiting() == [denver(17), denver(31)]
    assert Letter.objects.get(follow_up__days=11).reason == (
        "The plan was changed, and this email is no longer in it."
    )


def test_a_plan_that_was_just_deleted_does_not_become_the_standard_one(short):
    other = FollowUpPlan.objects.create(name="Other")
    FollowUpPlan.objects.filter(pk=other.pk).delete()

    assert not make_standard(other)
    assert FollowUpPlan.objects.get(is_default=True) == short


def test_a_client_reads_their_own_plan_of_emails_in_their_copy(short, scenario):
    assert record_of(scenario.ann, by=scenario.ann, now=NOON)["email_plan"] == []
    new = NewSteps(steps=(PlanStep(3), PlanStep(9, dt.time(18), "assigned", ("assigned_1",))))
    save_for_client(scenario.ann, new, seen=0, confirmed=LATER, now=NOON)
    record = record_of(scenario.ann, by=scenario.ann, now=NOON)

    assert record["email_plan"] == [
        {"days": 3, "at": None, "stage": "", "texts": []},
        {"days": 9, "at": dt.time(18), "stage": "assigned", "texts": ["assigned_1"]},
    ]
    assert "Your own plan of emails after a session" in as_page(record)


def test_saved_for_later_sessions_only_they_stay_as_they_are(short):
    before = list(Letter.objects.order_by("pk").values())
    assert save(short, NEW, LATER) == 0
    assert list(Letter.objects.order_by("pk").values()) == before
    assert plan_steps(short) == steps(1, 6, 20)


def test_an_email_that_was_sent_is_never_touched(short):
    went = Letter.objects.filter(state=State.SENT).values().get()
    new = NewSteps(steps=steps(20), moves={})
    save(short, new, seen(effect.of_plan(short), new))
    assert Letter.objects.filter(state=State.SENT).values().get() == went


def test_an_email_that_a_sender_holds_is_left_alone(short):
    new = NewSteps(steps=steps(1, 11))
    held = deliver.claim_one(denver(15))
    save(short, new, seen(effect.of_plan(short), new, denver(15)), now=denver(15))
    letter = Letter.objects.get(pk=held.pk)
    assert (letter.state, letter.claim, letter.due_at) == (State.CLAIMED, held.claim, held.due_at)


def test_one_that_was_canceled_by_hand_does_not_come_back(short):
    Letter.objects.filter(follow_up__days=4).update(state=State.CANCELLED)
    new = NewSteps(steps=steps(1, 4, 11, 20))
    save(short, new, seen(effect.of_plan(short), new))
    assert waiting() == [denver(22), denver(31)]


def test_a_queue_that_changed_since_the_preview_is_shown_again_and_nothing_is_saved(short):
    mark = seen(effect.of_plan(short), NEW)
    Letter.objects.filter(follow_up__days=11).update(state=State.CANCELLED)
    with pytest.raises(QueueChanged) as raised:
        save(short, NEW, mark)
    assert effect.counts(raised.value.found)[Effect.CANCELED] == 0
    assert plan_steps(FollowUpPlan.objects.get()) == steps(1, 4, 11)


def test_of_two_who_save_the_second_is_told_and_nothing_is_lost(short):
    save(short, NEW, LATER)
    with pytest.raises(PlanStale):
        save(short, NewSteps(steps=steps(2)), LATER, version=1)
    assert plan_steps(short) == steps(1, 6, 20)


def test_a_plan_deleted_in_the_meantime_is_told_too(short):
    FollowUpPlan.objects.all().delete()
    with pytest.raises(PlanStale):
        save(short, NEW, LATER)


def test_texts_that_a_step_names_are_those_of_its_waiting_email(short):
    one = PlanStep(4, stage="assigned", variants=("assigned-c",))
    new = NewSteps(steps=(PlanStep(1), one, PlanStep(11)))
    save(short, new, seen(effect.of_plan(short), new))
    send_until(denver(15))
    row = FollowUp.objects.get(days=4)
    assert (row.stage, row.variant) == ("assigned", "assigned-c")


def test_an_hour_that_a_step_names_is_kept_when_the_client_prefers_another(short):
    new = NewSteps(steps=(PlanStep(1), PlanStep(4, dt.time(15)), PlanStep(11)))
    save(short, new, seen(effect.of_plan(short), new))
    FollowUp.objects.filter(days=11).update(at=dt.time(9))
    replan(User.objects.get(pk=FollowUp.objects.first().client_id), now=denver(12, 13))
    assert waiting() == [denver(15, 15), denver(22)]


def test_another_plans_emails_are_no_part_of_it(short, scenario):
    other = FollowUpPlan.objects.create(name="Other")
    new = NewSteps(steps=steps(30))
    assert effect.effects(effect.of_plan(other), new, now=NOON) == []


def test_a_plan_for_one_client_is_that_of_their_emails_now_and_later(short, scenario):
    new = NewSteps(steps=steps(1, 8), moves={4: 8})
    done = save_for_client(
        scenario.ann, new, seen=0, confirmed=seen(effect.of_client(scenario.ann), new), now=NOON
    )
    assert (done, waiting()) == (2, [denver(19)])
    assert plan_steps(plan_for(scenario.ann)) == steps(1, 8)
    assert effect.effects(effect.of_plan(short), NewSteps(steps=steps(2)), now=NOON) == []


def test_back_to_the_plan_brings_back_what_was_dropped(short, scenario):
    new = NewSteps(steps=steps(1, 4))
    mark = seen(effect.of_client(scenario.ann), new)
    save_for_client(scenario.ann, new, seen=0, confirmed=mark, now=NOON)
    assert waiting() == [denver(15)]
    mark = seen(effect.of_client(scenario.ann), NewSteps(steps=plan_steps(short)))
    assert back_to_plan(scenario.ann, seen=1, confirmed=mark, now=NOON) == 1
    assert waiting() == [denver(15), denver(22)]
    assert plan_for(scenario.ann) == short


def test_two_who_give_a_client_a_plan_at_once_the_second_is_told(short, scenario):
    save_for_client(scenario.ann, NewSteps(steps=steps(3)), seen=0, confirmed=LATER, now=NOON)
    with pytest.raises(PlanStale):
        save_for_client(scenario.ann, NewSteps(steps=steps(5)), seen=0, confirmed=LATER, now=NOON)
    assert plan_steps(plan_for(scenario.ann)) == steps(3)


def test_a_time_zone_that_no_longer_exists_is_said_and_the_practices_is_used(short, scenario):
    User.objects.filter(pk=scenario.ann.pk).update(zone="America/Buenos_Nowhere")
    one = effect.effects(effect.of_plan(short), NEW, now=NOON)[0]
    assert one.warning.startswith("We don’t know the time zone “America/Buenos_Nowhere”, so we use")
    assert save(short, NEW, seen(effect.of_plan(short), NEW)) == 3


def test_the_queries_of_a_preview_do_not_grow_with_the_steps(short, django_assert_num_queries):
    def queries(new):
        with django_assert_num_queries(6):
            effect.effects(effect.of_plan(short), new, now=NOON)

    queries(NewSteps(steps=steps(1)))
    queries(NewSteps(steps=steps(*range(1, 13))))


def test_two_plans_for_one_pain_are_refused_under_the_lock_as_well(short):
    FollowUpPlan.objects.create(name="First weeks", pain="new")
    with pytest.raises(PainTaken, match=r"^“First weeks” is already chosen for that pain\."):
        save_plan(short, NEW, name="Short", pain="new", seen=1, confirmed=LATER, now=NOON)


def test_emails_of_no_plan_stay_with_the_standard_plan_of_their_time(short):
    FollowUp.objects.update(plan=None)
    other = FollowUpPlan.objects.create(name="Other")
    make_standard(other)
    assert effect.effects(effect.of_plan(other), NEW, now=NOON) == []
    short.refresh_from_db()
    assert len(effect.effects(effect.of_plan(short), NEW, now=NOON)) == 1


def test_the_plans_that_ship_keep_to_the_rules_of_plans(scenario):
    assert [fault_of([step.days for step in one.steps]) for one in SHIPPED] == [None] * 3
    for one in SHIPPED:
        for days in range(36):
            week = [step for step in one.steps if days <= step.days < days + 7]
            assert len(week) <= 2
