"""Questions from visitors: who may ask how often, who answers, and what everyone may read afterward."""

from __future__ import annotations

import datetime as dt
import uuid
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from portal.models import Lesson, VisitorQuestion
from portal.tests.practice_day import NOW, Scenario, make_scenario, page
from portal.visitor_questions.actions import NotTaken, answer, show
from portal.visitor_questions.letters import check_answer, check_notice
from portal.visitor_questions.retention import forget_visitor_questions
from practice.mail.send_check import Cancel, Send
from practice.models import Letter
from practice.testing import at_work, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.engines]
OURS = {"HTTP_ORIGIN": "http://testserver"}
ASK = "/lessons/floor/ask/"
WORDS = "Can I do it on a bed? I don’t get down to the floor."


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as travelled:
        yield travelled


@pytest.fixture
def scenario(clock: Any) -> Scenario:
    made = make_scenario()
    Lesson.objects.filter(slug="floor").update(is_free=True)
    return made


def send(browser: Client | None = None, **fields: Any) -> Any:
    sent = {"uid": uuid.uuid4(), "text": WORDS, "email": "vera@example.com", "name": "Vera", **fields}
    return (browser or Client()).post(ASK, sent, **OURS)


def asked(scenario: Scenario, **fields: Any) -> VisitorQuestion:
    lesson = Lesson.objects.get(slug="floor")
    return VisitorQuestion.objects.create(
        **{"lesson": lesson, "text": WORDS, "email": "vera@example.com", "asked_at": NOW, **fields}
    )


def path_of(question: VisitorQuestion) -> str:
    return f"/workspace/questions/visitors/{question.pk}/"


def test_the_same_form_sent_twice_is_one_question(scenario: Scenario) -> None:
    uid = uuid.uuid4()
    send(uid=uid)
    assert (send(uid=uid).status_code, VisitorQuestion.objects.count()) == (200, 1)


def test_the_page_and_the_answer_set_no_cookie(scenario: Scenario) -> None:
    assert not Client().get(ASK).cookies
    assert not send().cookies


def test_another_sites_form_is_refused(scenario: Scenario) -> None:
    answered = Client().post(ASK, {"text": WORDS}, HTTP_ORIGIN="https://elsewhere.example")
    assert (answered.status_code, VisitorQuestion.objects.count()) == (403, 0)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("website", "http://x.example", "A field that people can’t see was filled in"),
        ("text", "See http://a.example and www.b.example", "leave the web addresses out"),
        ("text", "x" * 2001, "That’s 2001 characters, and the limit is 2000."),
        ("text", "", "Please write your question first."),
        ("text", " \n ", "Please write your question first."),
        ("email", "vera", "This address is missing the @."),
    ],
)
def test_what_cannot_be_used_is_said_and_stays_typed(
    scenario: Scenario, field: str, value: str, sentence: str
) -> None:
    answered = send(**{field: value})
    shown = unescape(answered.content.decode())
    assert (answered.status_code, VisitorQuestion.objects.count()) == (422, 0)
    assert sentence in shown
    assert "Vera" in shown


def test_the_seventh_of_a_day_from_one_network_is_asked_to_wait(scenario: Scenario) -> None:
    answers = [send(email=f"v{number}@example.com").status_code for number in range(7)]
    assert answers == [200] * 6 + [429]


def test_the_fourth_of_a_day_for_one_address_is_asked_to_wait(scenario: Scenario) -> None:
    answers = [send(email=email).status_code for email in ("a@x.example", "A@x.example") * 2]
    assert answers == [200, 200, 200, 429]


def test_a_lesson_that_is_not_free_has_no_such_page(scenario: Scenario) -> None:
    Lesson.objects.filter(slug="floor").update(is_free=False)
    assert Client().get(ASK).status_code == 404
    assert at_work(scenario.tess.user).get(ASK).status_code == 404


def test_a_client_asks_on_their_own_page(scenario: Scenario) -> None:
    browser = Client()
    browser.force_login(scenario.ann)
    assert browser.get(ASK).headers["Location"] == "/portal/lessons/floor/#ask"


def test_the_owner_gets_one_notice_an_hour(scenario: Scenario) -> None:
    send()
    send()
    found = Letter.objects.filter(kind="notice_visitor_question")
    assert [one.user for one in found] == [scenario.tess.user]
    assert WORDS not in found[0].text


def test_the_notice_is_called_off_when_all_is_answered(scenario: Scenario) -> None:
    send()
    VisitorQuestion.objects.update(state="answered")
    assert isinstance(check_notice(Letter.objects.get(kind="notice_visitor_question"), NOW), Cancel)


def test_the_answer_goes_by_email_and_its_words_are_those_of_the_row(scenario: Scenario) -> None:
    question = asked(scenario, name="Vera Voss")
    browser = at_work(scenario.tess.user)
    browser.post(path_of(question), {"do": "answer", "answer": "Yes, a firm bed’s fine & good."})
    letter = Letter.objects.get(kind="visitor_answer")
    verdict = check_answer(letter, NOW)
    assert isinstance(verdict, Send)
    assert verdict.fresh
    assert letter.to_address == "vera@example.com"
    assert "Hello Vera,\n\nYes, a firm bed’s fine & good.\n" in verdict.fresh.words.text


def test_of_two_who_answer_at_once_the_second_is_told(scenario: Scenario) -> None:
    question = asked(scenario)
    answer(question, "Yes.", by=scenario.tess.user, now=NOW)
    with pytest.raises(NotTaken, match="was answered in the meantime"):
        answer(question, "No.", by=scenario.tess.user, now=NOW)
    assert Letter.objects.filter(kind="visitor_answer").count() == 1


def test_without_their_leave_nothing_is_shown(scenario: Scenario) -> None:
    question = asked(scenario)
    with pytest.raises(NotTaken, match="asked us not to show"):
        show(question, asked="A bed?", answered="Yes.", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitorQuestion.objects.filter(pk=question.pk).update(shown_at=NOW)


def test_what_is_shown_are_the_practices_words_and_no_name(scenario: Scenario) -> None:
    question = asked(scenario, name="Vera", may_show=True, state="answered", answer="Private words")
    browser = at_work(scenario.tess.user)
    words = {"do": "show", "shown_question": "Is a bed all right?", "shown_answer": "Yes, a firm one."}
    browser.post(path_of(question), words)
    shown = Client().get("/lessons/floor/").content.decode()
    assert "Is a bed all right?" in shown
    assert not [word for word in ("Vera", WORDS, "Private words") if word in shown]
    browser.post(path_of(question), {"do": "hide"})
    assert "Is a bed all right?" not in Client().get("/lessons/floor/").content.decode()


def test_the_front_desk_reads_none_of_it(scenario: Scenario) -> None:
    question = asked(scenario)
    desk = make_user("Dora Desk", role="front_desk")
    assert at_work(desk).get(path_of(question)).status_code == 404
    assert WORDS not in page(desk, "/workspace/")


def test_it_is_on_today_until_it_is_set_aside(scenario: Scenario) -> None:
    question = asked(scenario)
    assert "A visitor asked about the free lesson" in page(scenario.tess.user, "/workspace/")
    at_work(scenario.tess.user).post(path_of(question), {"do": "set_aside"})
    assert "A visitor asked" not in page(scenario.tess.user, "/workspace/")


def test_setting_aside_can_be_taken_back(scenario: Scenario) -> None:
    question = asked(scenario, state="set_aside")
    at_work(scenario.tess.user).post(path_of(question), {"do": "take_back"})
    question.refresh_from_db()
    assert question.state == "waiting"


def test_after_half_a_year_only_what_is_shown_stays(scenario: Scenario) -> None:
    old = NOW - dt.timedelta(days=181)
    asked(scenario, asked_at=old)
    asked(scenario, state="set_aside", asked_at=NOW - dt.timedelta(days=31))
    asked(scenario, text="New")
    asked(scenario, asked_at=old, may_show=True, shown_at=old, shown_question="A bed?", shown_answer="Yes.")
    assert forget_visitor_questions(NOW, dry=True) == forget_visitor_questions(NOW) == 3
    kept = VisitorQuestion.objects.order_by("asked_at")
    assert [(one.text, one.email, one.shown_question) for one in kept] == [
        ("", "", "A bed?"),
        ("New", "vera@example.com", ""),
    ]
    assert forget_visitor_questions(timezone.now()) == 0
