"""Questions in the workspace: whose, in what order, and what becomes of an answer."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine

from portal.models import Question
from portal.tests.practice_day import NOW, Scenario, make_scenario, page
from practice.models import AccessLog, Letter
from practice.testing import at_work, make_user

pytestmark = pytest.mark.django_db
QUESTIONS = "/workspace/questions/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def scenario(clock) -> Scenario:
    return make_scenario()


@pytest.fixture
def asked(scenario: Scenario) -> Question:
    """Ann's, at 7:40 of the lesson."""
    return Question.objects.create(
        client=scenario.ann, lesson=scenario.floor, at_ms=460_000, text="Foot flat?", asked_at=NOW
    )


def path_of(question: Question) -> str:
    return f"{QUESTIONS}{question.pk}/"


@pytest.fixture
def of_a_colleague(scenario: Scenario) -> Question:
    ben = make_user("Ben Hart")
    scenario.comes(ben, "2027-03-09 10:00", to=scenario.tess)
    return Question.objects.create(client=ben, text="Ben's question")


def test_a_colleagues_question_is_not_there(scenario: Scenario, of_a_colleague: Question) -> None:
    browser = at_work(scenario.jonah.user)
    assert browser.get(path_of(of_a_colleague)).status_code == 404
    assert not re.search(
        r"\bBen\b", page(scenario.jonah.user, QUESTIONS)
    )  # as a word: tokens have letters too


def test_nor_can_it_be_answered(scenario: Scenario, of_a_colleague: Question) -> None:
    answer = at_work(scenario.jonah.user).post(path_of(of_a_colleague), {"text": "Yes."})
    of_a_colleague.refresh_from_db()
    assert (answer.status_code, of_a_colleague.answer) == (404, "")


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_front_desk_finds_neither_list_nor_question(
    scenario: Scenario, asked: Question, method: str
) -> None:
    browser = at_work(scenario.faye)
    assert browser.get(QUESTIONS).status_code == 404
    assert getattr(browser, method)(path_of(asked), {"text": "Yes."}).status_code == 404


def test_open_ones_come_first(scenario: Scenario, asked: Question) -> None:
    Question.objects.create(
        client=scenario.ann, text="Older?", asked_at=NOW - dt.timedelta(days=9), answer="So.", answered_at=NOW
    )
    said = page(scenario.jonah.user, QUESTIONS)
    assert said.index("Foot flat?") < said.index("Recently answered") < said.index("Older?")


def test_it_is_with_its_place_and_what_was_practiced_around_it(scenario: Scenario, asked: Question) -> None:
    scenario.heard(scenario.ann, "2027-03-07 20:00", noticing="Left side longer.")
    scenario.heard(scenario.ann, "2027-01-07 20:00", noticing="Long ago.")
    said = page(scenario.jonah.user, path_of(asked))
    assert "“Let the floor hold you”, at 7:40" in said
    assert ("Left side longer." in said, "Long ago." in said) == (True, False)


def test_an_answer_is_kept_and_tells_the_client_without_its_words(
    scenario: Scenario, asked: Question
) -> None:
    at_work(scenario.jonah.user).post(path_of(asked), {"text": "Yes, as flat as it likes."})
    asked.refresh_from_db()
    letter = Letter.objects.get(user=scenario.ann)
    assert (asked.answer, asked.answered_by) == ("Yes, as flat as it likes.", scenario.jonah.user)
    assert "flat" not in f"{letter.subject} {letter.text} {letter.html}"


@pytest.mark.parametrize(("said", "back"), [({}, QUESTIONS), ({"from": "today"}, "/workspace/")])
def test_one_goes_back_to_where_one_was(scenario: Scenario, asked: Question, said: dict, back: str) -> None:
    answer = at_work(scenario.jonah.user).post(path_of(asked), {"text": "Yes.", **said})
    assert answer["Location"] == back


@pytest.mark.parametrize("text", ["", "  \r\n ", "long " * 2000])
def test_what_cannot_be_kept_stays_in_the_form(scenario: Scenario, asked: Question, text: str) -> None:
    answer = at_work(scenario.jonah.user).post(path_of(asked), {"text": text})
    asked.refresh_from_db()
    assert (answer.status_code, asked.answered_at) == (422, None)
    assert answer.context["typed"] == text
    assert "Not sent" in answer.content.decode()


def test_an_answer_that_was_read_stays_as_it_is(scenario: Scenario, asked: Question) -> None:
    Question.objects.update(answer="Yes.", answered_at=NOW, seen_at=NOW, answered_by=scenario.jonah.user)
    assert at_work(scenario.jonah.user).post(path_of(asked), {"text": "No."}).status_code == 422
    asked.refresh_from_db()
    assert asked.answer == "Yes."
    assert "<textarea" not in page(scenario.jonah.user, path_of(asked))


def test_opening_a_question_is_written_down(scenario: Scenario, asked: Question) -> None:
    page(scenario.jonah.user, path_of(asked))
    assert AccessLog.objects.get().whose == scenario.ann


def test_the_list_costs_the_same_for_one_and_for_thirty(
    scenario: Scenario, asked: Question, django_assert_num_queries
) -> None:
    browser = at_work(scenario.jonah.user)
    browser.get(QUESTIONS)
    for number in range(30):
        if number in (0, 29):
            with django_assert_num_queries(8):  # one of them for visitors' questions
                browser.get(QUESTIONS)
        Question.objects.create(client=scenario.ann, exercise=scenario.tilt, text=f"{number}?", asked_at=NOW)
