"""Messages: what waits for an answer, by role; and the head of every page at work."""

from __future__ import annotations

import re

import pytest
import time_machine

from booking.models import Appointment
from portal.models import Question
from portal.tests.practice_day import NOW, Scenario, denver, make_scenario
from practice.models import AccessLog, User
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
PAGE = "/workspace/messages/"


@pytest.fixture
def scenario():
    """Ann, who was here with Jonah, has asked something, and requests a session."""
    with time_machine.travel(NOW, tick=False):
        scenario = make_scenario()
        scenario.came(scenario.ann, "2027-03-02 13:00")
        Question.objects.create(client=scenario.ann, text="Foot flat?")
        until = denver("2027-03-17 12:00")
        scenario.comes(scenario.ann, "2027-03-18 13:00", state="pending", answer_by=until)
        yield scenario


def shown(user: User) -> str:
    return at_work(user).get(PAGE).content.decode()


def test_requests_and_questions_are_there_each_with_its_answer(scenario: Scenario):
    page = shown(scenario.jonah.user)
    asked, question = Appointment.objects.get(state="pending"), Question.objects.get()
    assert "2 things are waiting for an answer." in page
    assert f"/workspace/appointments/{asked.uid}/approve/" in page
    assert f"/workspace/questions/{question.pk}/" in page
    assert "Foot flat?" in page


def test_the_front_desk_sees_requests_and_nothing_of_a_record(scenario: Scenario):
    page = shown(make_user("Dee Desk", role=User.Role.FRONT_DESK))
    assert "One thing is waiting for an answer." in page
    assert ("Requests" in page, "Foot flat?" in page, "/workspace/questions/" in page) == (True, False, False)


def test_a_question_that_was_shown_is_in_the_clients_access_log(scenario: Scenario):
    shown(scenario.jonah.user)
    assert AccessLog.objects.filter(whose=scenario.ann, code="access:questions").count() == 1


def test_a_request_approved_there_leads_back_there(scenario: Scenario):
    asked = Appointment.objects.get(state="pending")
    path = f"/workspace/appointments/{asked.uid}/approve/"
    answer = at_work(scenario.jonah.user).post(path, {"from": "messages"})
    assert answer["Location"] == PAGE
    assert Appointment.objects.get(pk=asked.pk).state == "booked"


@pytest.mark.parametrize("path", ["/workspace/", PAGE, "/workspace/book/", "/workspace/practice/"])
@pytest.mark.parametrize("role", [User.Role.OWNER, User.Role.PRACTITIONER, User.Role.FRONT_DESK])
def test_every_page_at_work_has_the_search_booking_and_the_same_ways(path, role, scenario: Scenario):
    html = at_work(make_user("Cy Work", role=role)).get(path).content.decode()
    head = html.partition("<header")[2].partition("</header>")[0]
    ways = [way for way in re.findall(r">([A-Z]\w+)</a>", head) if way != "Week"]
    assert ways == ["Today", "Clients", "Messages", "Practice"]
    assert 'action="/workspace/search/"' in head
    assert 'href="/workspace/book/"' in head
