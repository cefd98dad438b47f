"""The back office: plans are kept in order there, and what came of them can be read."""

import pytest
from django.conf import settings

from portal.models import FollowUpPlan
from portal.tests.followups.sample_rows import planned, row, scenario
from practice.models import AccessLog, User
from practice.testing import at_work, make_practitioner, make_user

__all__ = ["planned", "scenario"]  # fixtures
PLANS = f"/{settings.ADMIN_PATH}/portal/followupplan/"
LETTERS = f"/{settings.ADMIN_PATH}/practice/letter/"
ASSIGNMENTS = f"/{settings.ADMIN_PATH}/portal/assignment/"
FOLLOW_UPS = f"/{settings.ADMIN_PATH}/portal/followup/"


def form(*days, default=False, name="Gentle"):
    data = {
        "name": name,
        "steps-TOTAL_FORMS": len(days),
        "steps-INITIAL_FORMS": 0,
        "steps-MIN_NUM_FORMS": 0,
        "steps-MAX_NUM_FORMS": 1000,
    } | ({"is_default": "on"} if default else {})
    for number, day in enumerate(days):
        data |= {f"steps-{number}-days": day, f"steps-{number}-at": ""}
    return data


@pytest.fixture
def office(scenario):
    return at_work(scenario.tess.user)


def test_a_plan_is_written_with_its_steps(office):
    office.post(f"{PLANS}add/", form(2, 9, default=True))
    plan = FollowUpPlan.objects.get()
    assert (plan.is_default, [step.days for step in plan.steps.all()]) == (True, [2, 9])


def test_of_two_defaults_the_second_is_refused_in_words(office):
    FollowUpPlan.objects.create(name="Usual", is_default=True)
    page = office.post(f"{PLANS}add/", form(2, default=True)).content.decode()
    assert "“Usual” is already the standard plan." in page
    assert FollowUpPlan.objects.count() == 1


@pytest.mark.parametrize("days", [(2, 2), (0,), (43,), ("x",)])
def test_steps_that_make_no_sense_are_refused(office, days):
    assert office.post(f"{PLANS}add/", form(*days)).status_code == 200
    assert not FollowUpPlan.objects.exists()


def test_a_follow_up_is_read_there_and_not_written(office, planned):
    address = f"{FOLLOW_UPS}{row().pk}/change/"
    assert "The day after the session, per the plan." in office.get(address).content.decode()
    assert office.post(address, {"place": 3}).status_code == 403


def test_the_list_of_plans_and_of_follow_ups_opens(office, planned):
    FollowUpPlan.objects.create(name="Usual").steps.create(days=2)
    assert [office.get(page).status_code for page in (PLANS, FOLLOW_UPS)] == [200, 200]


def test_the_front_desk_finds_neither(scenario, planned):
    desk = at_work(make_user("Desk", role=User.Role.FRONT_DESK))
    pages = (PLANS, FOLLOW_UPS, f"{FOLLOW_UPS}{row().pk}/change/")
    assert {desk.get(page).status_code for page in pages} <= {403, 404}


@pytest.mark.parametrize("ledger", [FOLLOW_UPS, LETTERS])
def test_a_practitioner_who_is_not_hers_finds_none_of_it(scenario, planned, ledger):
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    assert "Ann Lee" not in at_work(jonah.user).get(ledger).content.decode()


def test_nor_opens_one(scenario, planned):
    jonah = make_practitioner("Jonah Reyes", role=User.Role.PRACTITIONER)
    for address in (f"{FOLLOW_UPS}{planned[0].pk}/change/", f"{LETTERS}{planned[0].letter.pk}/change/"):
        assert at_work(jonah.user).get(address).status_code == 302  # the back office leads back


@pytest.mark.parametrize("what", ["follow-ups", "an assignment"])
def test_who_opens_one_is_in_the_clients_record(scenario, planned, office, what):
    pages = {
        "follow-ups": f"{FOLLOW_UPS}{planned[0].pk}/change/",
        "an assignment": f"{ASSIGNMENTS}{scenario.assignment.pk}/change/",
    }
    office.get(pages[what])
    assert [(one.whose, one.words) for one in AccessLog.objects.all()] == [(scenario.ann, what)]


def test_while_no_plan_is_the_standard_one_the_built_in_plan_is_shown(office):
    built_in = "The standard plan is built in: an email 1, 4, 11, 18, 25, 32, 39 days after a session"
    FollowUpPlan.objects.create(name="Gentle")
    assert built_in in office.get(PLANS).content.decode()
    FollowUpPlan.objects.create(name="Usual", is_default=True)
    assert built_in not in office.get(PLANS).content.decode()
