"""The pages of plans: bad steps are refused in words and stay, a change is shown before it is saved."""

import datetime as dt
import re
from html import unescape

import pytest
from django.utils import timezone

from portal.followup_plans.actions.shipped import SHIPPED, add_missing
from portal.followups.choosing import plan_for, plan_steps
from portal.followups.engine.plan_change import PlanStep
from portal.followups.queue import plan_letters
from portal.models import FollowUpPlan
from portal.tests.followups.sample_rows import Scenario, State
from practice.models import Letter
from practice.testing import at_work, make_practitioner

pytestmark = pytest.mark.django_db
LIST = "/workspace/practice/email-plans/"


@pytest.fixture
def today(settings):
    """Ann's session was over an hour ago; her emails follow the practice's plan of days 4 and 11."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    scenario = Scenario()
    now = timezone.now()
    scenario.session = scenario.meet(
        scenario.ann, now - dt.timedelta(hours=2), state="completed", ends_at=now - dt.timedelta(hours=1)
    )
    scenario.plan = FollowUpPlan.objects.create(name="Short", is_default=True)
    for days in (4, 11):
        scenario.plan.steps.create(days=days)
    plan_letters(scenario.session, now=now)
    return scenario


@pytest.fixture
def desk(today):
    return at_work(today.tess.user)


def posted(*rows, do="preview", version=1, **more):
    """A page of steps as it is sent; a row is (day before, day) or a dict."""
    sent = {"name": "Short", "pain": "", "version": version, "do": do, "steps-TOTAL_FORMS": len(rows)}
    sent["steps-INITIAL_FORMS"] = 0
    for place, row in enumerate(rows):
        fields = row if isinstance(row, dict) else {"was": row[0], "days": row[1]}
        sent |= {f"steps-{place}-{name}": value for name, value in fields.items()}
    return sent | more


def said(answer):
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def page_of(today):
    return f"{LIST}{today.plan.pk}/"


def client_page(today):
    return f"/workspace/clients/{today.ann.pk}/email-plan/"


def waiting():
    return Letter.objects.filter(state=State.PLANNED).count()


def mark_in(answer):
    return re.search(r'name="mark" value="(\w+)"', answer.content.decode()).group(1)


# Without the mark: what is refused asks no database to keep it.
@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([(4, 4), (11, 4)], "Two emails are on day 4. A plan sends at most one a day."),
        ([], "A plan needs at least one email."),
        ([{"was": 4, "days": 4, "remove": "on"}], "A plan needs at least one email."),
        ([(4, 400)], "Choose a day from 1 to 42: emails end six weeks after the session."),
        ([("", day) for day in range(1, 14)], "A plan has at most 12 emails; this one has 13."),
        ([{"days": 1 + day % 42} for day in range(300)], "A plan has at most 12 emails; this one has 300."),
        ([(4, "soon")], "Enter a whole number of days, such as 4."),
        ([(4, "")], "Enter a day, or check “Remove this email”."),
        ([{"was": 4, "days": 4, "hour": "exact"}], "Enter the time, or choose a part of the day."),
        ([{"was": 4, "days": 4, "hour": "exact", "at": "late"}], "Enter a time, such as 2:30 PM or 14:30."),
    ],
)
def test_bad_steps_are_refused_in_words_and_what_was_typed_stays(today, desk, rows, sentence):
    answer = desk.post(page_of(today), posted(*rows, name="My name for it"))
    assert answer.status_code == 422
    assert sentence in said(answer)
    text = answer.content.decode()
    typed = [str(row["days"] if isinstance(row, dict) else row[1]) for row in rows]
    assert [day for day in typed if day and f'value="{day}"' not in text] == []
    assert 'value="My name for it"' in text
    assert plan_steps(FollowUpPlan.objects.get()) == (PlanStep(4), PlanStep(11))


@pytest.mark.engines(
    "portal.followup_plans.actions.save",
    "portal.followup_plans.actions.apply",
    "portal.followup_plans.actions.plans",
    "portal.followup_plans.actions.shipped",
)
def test_a_change_is_shown_with_names_before_it_is_saved_and_then_done(today, desk):
    rows = [(4, 6), (11, 11), ("", 20)]
    shown = desk.post(page_of(today), posted(*rows))
    text = said(shown)
    assert "2 waiting emails change. Nothing is saved yet." in text
    assert "1 moves to another time" in text
    assert "1 is new" in text
    assert "Ann Lee" in text
    assert waiting() == 2
    done = desk.post(page_of(today), posted(*rows, do="apply", mark=mark_in(shown)), follow=True)
    assert "Saved. 2 waiting emails changed." in said(done)
    assert waiting() == 3


@pytest.mark.engines
def test_it_can_be_saved_for_future_sessions_only(today, desk):
    desk.post(page_of(today), posted((4, 6), do="later"))
    assert (waiting(), plan_steps(today.plan)) == (2, (PlanStep(6),))


@pytest.mark.engines
def test_what_changes_no_email_is_saved_at_once(today, desk):
    answer = desk.post(page_of(today), posted((4, 4), (11, 11), name="Calm"), follow=True)
    assert "Saved for future sessions." in said(answer)
    assert FollowUpPlan.objects.get().name == "Calm"


@pytest.mark.engines
def test_where_the_queue_changed_since_the_new_effect_is_shown_and_nothing_saved(today, desk):
    shown = desk.post(page_of(today), posted((4, 6), (11, 12)))
    Letter.objects.filter(follow_up__days=11).update(state=State.CANCELLED)
    answer = desk.post(page_of(today), posted((4, 6), (11, 12), do="apply", mark=mark_in(shown)))
    assert answer.status_code == 409
    assert "The waiting emails changed in the meantime." in said(answer)
    assert "1 waiting email changes. Nothing is saved yet." in said(answer)
    assert plan_steps(today.plan) == (PlanStep(4), PlanStep(11))


@pytest.mark.engines
def test_of_two_editors_the_second_sees_both_and_can_still_save(today, desk):
    desk.post(page_of(today), posted((4, 5), do="later"))
    answer = desk.post(page_of(today), posted((4, 9), do="later", name="Mine"))
    assert answer.status_code == 409
    assert "Someone else changed this plan in the meantime." in said(answer)
    assert "It now has: Day 5." in said(answer)
    text = answer.content.decode()
    assert 'value="Mine"' in text
    assert 'value="9"' in text
    assert 'name="version" value="2"' in text
    desk.post(page_of(today), posted((4, 9), do="later", version=2))
    assert plan_steps(today.plan) == (PlanStep(9),)


@pytest.mark.engines
def test_another_row_is_added_without_losing_what_was_typed(today, desk):
    answer = desk.post(page_of(today), posted((4, "soon"), do="add"))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="soon"' in text
    assert 'name="steps-1-days"' in text
    assert 'name="steps-TOTAL_FORMS" value="2"' in text


@pytest.mark.engines
def test_parts_of_the_day_exact_times_and_texts_are_kept(today, desk):
    rows = [
        {"was": 4, "days": 4, "hour": "evening", "stage": "assigned", "variants": ["assigned-b"]},
        {"was": 11, "days": 11, "hour": "exact", "at": "14:30"},
    ]
    desk.post(page_of(today), posted(*rows, do="later"))
    assert plan_steps(today.plan) == (
        PlanStep(4, dt.time(18), "assigned", ("assigned-b",)),
        PlanStep(11, dt.time(14, 30)),
    )
    page = desk.get(page_of(today)).content.decode()
    assert re.search(r'<option value="evening" selected', page)
    assert 'value="14:30"' in page


@pytest.mark.engines
def test_two_plans_are_not_chosen_for_one_pain(today, desk):
    FollowUpPlan.objects.create(name="First weeks", pain="new")
    answer = desk.post(page_of(today), posted((4, 4), pain="new"))
    assert "“First weeks” is already chosen for that pain." in said(answer)


@pytest.mark.engines
def test_a_client_gets_emails_of_their_own_and_goes_back(today, desk):
    address = client_page(today)
    assert 'name="steps-0-days" value="4"' in desk.get(address).content.decode()
    shown = desk.post(address, posted((4, 4), version=0))
    assert "1 is canceled" in said(shown)
    desk.post(address, posted((4, 4), version=0, do="apply", mark=mark_in(shown)))
    assert (waiting(), plan_steps(plan_for(today.ann))) == (1, (PlanStep(4),))
    shown = desk.post(address, {"do": "back", "version": 1})
    assert "1 is new" in said(shown)
    done = desk.post(address, {"do": "back-apply", "version": 1, "mark": mark_in(shown)}, follow=True)
    assert "Saved. 1 waiting email changed." in said(done)
    assert (waiting(), plan_for(today.ann)) == (2, today.plan)


@pytest.mark.engines
def test_two_who_give_a_client_a_plan_the_second_is_told(today, desk):
    desk.post(client_page(today), posted((4, 5), version=0, do="later"))
    answer = desk.post(client_page(today), posted((4, 9), version=0, do="later"))
    assert (answer.status_code, plan_steps(plan_for(today.ann))) == (409, (PlanStep(5),))


@pytest.mark.engines
def test_names_of_other_practitioners_clients_are_not_shown(today):
    jonah = at_work(make_practitioner("Jonah Reyes", role="practitioner").user)
    text = said(jonah.post(page_of(today), posted((4, 6))))
    assert "Ann Lee" not in text
    assert "The emails of 1 other client change too." in text
    assert jonah.get(client_page(today)).status_code == 404


@pytest.mark.engines
def test_an_unknown_time_zone_is_said_beside_its_client(today, desk):
    type(today.ann).objects.filter(pk=today.ann.pk).update(zone="Asia/Nowhere")
    text = said(desk.post(page_of(today), posted((4, 6))))
    assert "We don’t know the time zone “Asia/Nowhere”, so we use America/Denver." in text


@pytest.mark.engines
def test_plans_are_copied_made_the_standard_one_and_deleted(today, desk):
    desk.post(f"{page_of(today)}copy/")
    copy = FollowUpPlan.objects.get(name="Short, copy")
    assert plan_steps(copy) == plan_steps(today.plan)
    desk.post(f"{LIST}{copy.pk}/standard/")
    assert FollowUpPlan.objects.get(is_default=True) == copy
    assert "2 emails of this plan are waiting and do not change." in said(
        desk.get(f"{page_of(today)}delete/")
    )
    desk.post(f"{page_of(today)}delete/")
    assert (FollowUpPlan.objects.get(), waiting()) == (copy, 2)


@pytest.mark.engines
def test_the_plans_of_the_product_are_added_where_there_is_none_in_their_place(today, desk):
    assert "You can add these" in said(desk.get(LIST))
    for _twice in range(2):
        desk.post(LIST, {"do": "shipped"})
    assert sorted(FollowUpPlan.objects.values_list("name", "pain", "is_default")) == [
        ("New pain", "new", False),
        ("Pain for years", "long", False),
        ("Short", "", True),
    ]
    assert "You can add these" not in said(desk.get(LIST))


@pytest.mark.engines
def test_a_new_practice_has_all_three_and_each_passes_its_own_form(today, desk):
    FollowUpPlan.objects.all().delete()
    assert add_missing() == len(SHIPPED) == 3
    for plan in FollowUpPlan.objects.all():
        rows = [(step.days, step.days) for step in plan_steps(plan)]
        answer = desk.post(f"{LIST}{plan.pk}/", posted(*rows, do="later", name=plan.name, pain=plan.pain))
        assert answer.status_code == 302
