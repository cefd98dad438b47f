"""Pain and activities over time: whose, in what order, beside which sessions, and what a rating keeps."""

from __future__ import annotations

import datetime as dt
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from booking.intake.answers import Answers, write
from booking.models import Intake
from portal.models import ActivityRating
from portal.over_time.actions import rate
from portal.over_time.charts import Chart, over_time
from portal.tests.practice_day import DENVER, NOW, Scenario, denver, make_scenario, page
from practice.testing import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def scenario(clock: Any) -> Scenario:
    return make_scenario()


def hand_in_goals(scenario: Scenario, when: str, **goals: int | None) -> Intake:
    part = {"goals": [{"what": what, "now": now} for what, now in goals.items()]}
    answers = Answers().with_part("goals", part, version=1)
    return Intake.objects.create(client=scenario.ann, answers=write(answers), handed_in_at=denver(when))


def charts(scenario: Scenario) -> tuple[Chart, ...]:
    return over_time(scenario.ann, zone=DENVER, locale="en-us", now=NOW).charts


def browser_of(scenario: Scenario) -> Client:
    browser = Client()
    browser.force_login(scenario.ann)
    return browser


def test_where_nothing_was_said_there_is_no_chart(scenario: Scenario) -> None:
    scenario.heard(scenario.ann, "2027-03-01 07:00")
    assert charts(scenario) == ()


def test_pain_is_told_on_the_clients_own_day_beside_the_session(scenario: Scenario) -> None:
    scenario.came(scenario.ann, "2027-03-01 10:00")
    scenario.heard(scenario.ann, "2027-03-02 23:50", pain_before="4", pain_after="2")
    scenario.heard(scenario.ann, "2027-03-04 07:00", pain_after="0")
    (pain,) = charts(scenario)
    assert [(row.day, *row.cells, row.session) for row in pain.rows] == [
        ("March 4, 2027", "–", "0", ""),
        ("March 2, 2027", "4", "2", ""),
        ("March 1, 2027", "Session with Jonah"),
    ]
    assert [len(drawing.sessions) for _which, drawing in pain.drawings] == [1, 1]


def test_the_numbers_of_someone_else_are_not_there(scenario: Scenario) -> None:
    ben = make_user("Ben Hart")
    scenario.heard(ben, "2027-03-02 07:00", pain_before="9")
    rate(ben, [{"what": "Ski", "now": 9}], now=NOW)
    assert charts(scenario) == ()


def test_an_activity_goes_on_from_the_intake(scenario: Scenario) -> None:
    hand_in_goals(scenario, "2027-02-01 09:00", stairs=3, shoes=None)
    rate(scenario.ann, [{"what": "stairs", "now": 6}], now=NOW)
    (stairs,) = charts(scenario)
    assert (stairs.heading, [row.cells for row in stairs.rows]) == ("stairs", [("6",), ("3",)])


def test_a_single_number_is_a_table_alone(scenario: Scenario) -> None:
    hand_in_goals(scenario, "2027-02-01 09:00", stairs=3)
    (stairs,) = charts(scenario)
    assert (stairs.drawings, len(stairs.rows)) == ((), 1)


def test_pressed_twice_is_one_rating_and_the_next_day_another(scenario: Scenario) -> None:
    for minutes in (0, 1, 60 * 24):
        rate(scenario.ann, [{"what": "stairs", "now": 6}], now=NOW + dt.timedelta(minutes=minutes))
    assert ActivityRating.objects.count() == 2


def test_nothing_chosen_is_said_and_what_was_typed_stays(scenario: Scenario) -> None:
    answer = browser_of(scenario).post("/portal/history/activities/", {"goal_0": "carry my daughter"})
    shown = unescape(answer.content.decode())
    assert (answer.status_code, ActivityRating.objects.count()) == (422, 0)
    assert "Please choose a number" in shown
    assert "carry my daughter" in shown


def test_the_form_begins_with_the_words_of_last_time_and_no_number(scenario: Scenario) -> None:
    hand_in_goals(scenario, "2027-02-01 09:00", stairs=3)
    shown = browser_of(scenario).get("/portal/history/activities/").content.decode()
    assert 'value="stairs"' in shown
    assert "checked" not in shown


def test_a_rating_is_on_the_clients_history_and_at_work(scenario: Scenario) -> None:
    scenario.came(scenario.ann, "2027-03-01 10:00")
    scenario.heard(scenario.ann, "2027-03-02 07:00")
    browser = browser_of(scenario)
    answer = browser.post("/portal/history/activities/", {"goal_0": "stairs", "now_0": "6"}, follow=True)
    assert ">stairs</h3>" in answer.content.decode()
    assert ">stairs</h3>" in page(scenario.jonah.user, f"/workspace/clients/{scenario.ann.pk}/")


def test_sixty_times_cost_no_more_queries_than_one(scenario: Scenario) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as found:
            charts(scenario)
        return len(found)

    scenario.heard(scenario.ann, "2027-03-01 07:00", pain_before="4")
    rate(scenario.ann, [{"what": "stairs", "now": 6}], now=NOW)
    hand_in_goals(scenario, "2027-02-01 09:00", stairs=3)
    few = queries()
    for minute in range(40):
        scenario.heard(scenario.ann, f"2027-03-02 07:{minute:02}", pain_before="4")
    assert queries() == few == 4
