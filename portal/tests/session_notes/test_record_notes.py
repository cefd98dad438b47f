"""What is written in a record between two sessions, under a wrap-up's lock: on both databases."""

from __future__ import annotations

import pytest

from portal.models import Assignment, ClientProfile, RecordNote, SessionNote
from portal.session_notes.actions.assign import NewAssignment
from portal.session_notes.actions.change_home import HomePlan, change_home
from portal.session_notes.actions.record_note import write_note
from portal.session_notes.actions.wrap_up import AssignmentsChanged, PlanChanged, WrapUp, plan_mark, sign
from portal.session_notes.assignable import given_to, home_mark
from portal.testing import assign
from portal.tests.practice_day import NOW, Scenario, make_scenario
from portal.tests.session_notes.wrap_up.steps import posted
from practice.testing import at_work

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def scenario() -> Scenario:
    """Ann has the tilt to do, and a plan."""
    scenario = make_scenario()
    assign(scenario.tilt, scenario.ann, by=scenario.jonah, dosage="daily")
    ClientProfile.objects.keep(scenario.ann, plan="At noon")
    return scenario


def test_what_was_given_in_the_meantime_is_not_ended(scenario: Scenario) -> None:
    seen = home_mark(given_to(scenario.ann))
    Assignment.objects.update(dosage="twice a day")
    with pytest.raises(AssignmentsChanged):
        change_home(scenario.ann, HomePlan(home_seen=seen, plan="Before bed"), by=scenario.jonah, now=NOW)
    assert Assignment.objects.get(ended_at=None).dosage == "twice a day"
    assert ClientProfile.objects.of(scenario.ann).plan == "At noon"


def test_where_the_client_changed_their_plan_in_the_meantime_nothing_is_given_either(
    scenario: Scenario,
) -> None:
    seen = {"home_seen": home_mark(given_to(scenario.ann)), "plan_seen": plan_mark("At noon", "")}
    ClientProfile.objects.keep(scenario.ann, plan="On Sundays")
    written = HomePlan(home=[NewAssignment(scenario.tilt, "hourly")], plan="Before bed", **seen)
    with pytest.raises(PlanChanged):
        change_home(scenario.ann, written, by=scenario.jonah, now=NOW)
    assert (Assignment.objects.get().dosage, ClientProfile.objects.of(scenario.ann).plan) == (
        "daily",
        "On Sundays",
    )


def test_a_note_sent_twice_is_one(scenario: Scenario) -> None:
    sent = [
        write_note(scenario.ann, "Called.", author=scenario.jonah, by=scenario.jonah.user, now=NOW)
        for _ in range(2)
    ]
    assert sent[0] == sent[1] == RecordNote.objects.get()


def test_a_wrap_up_that_was_open_in_the_meantime_replaces_nothing_unasked(scenario: Scenario) -> None:
    session = scenario.came(scenario.ann, "2027-03-02 09:00")
    seen = home_mark(given_to(scenario.ann))
    Assignment.objects.update(dosage="twice a day")
    with pytest.raises(AssignmentsChanged) as changed:
        sign(
            session,
            WrapUp(home=[NewAssignment(scenario.floor)], home_seen=seen),
            by=scenario.jonah.user,
            now=NOW,
        )
    assert [one.dosage for one in changed.value.given] == ["twice a day"]
    assert not SessionNote.objects.filter(signed_at__isnull=False).exists()


def test_its_page_shows_what_they_do_by_now_and_counts_when_it_is_signed_again(scenario: Scenario) -> None:
    session = scenario.came(scenario.ann, "2027-03-02 09:00")
    browser, page = at_work(scenario.jonah.user), f"/workspace/appointments/{session.uid}/wrap-up/"
    seen = home_mark(given_to(scenario.ann))
    said = posted(what_0="exercise:tilt", dosage_0="hourly", home_seen=seen)
    Assignment.objects.update(dosage="twice a day")
    answer = browser.post(page, said)
    assert (answer.status_code, "The tilt, twice a day" in answer.content.decode()) == (409, True)
    browser.post(page, {**said, "home_seen": answer.context["form"]["home_seen"].value()})
    assert [one.dosage for one in given_to(scenario.ann)] == ["hourly"]
