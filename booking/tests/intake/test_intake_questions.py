"""The owner's own questions: asked in order, retired and edited without changing what was said."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from booking.intake.wording import answered_steps as in_words
from booking.models import Intake, IntakeQuestion
from booking.tests.intake_writer import NO_SIGNS, IntakeWriter, saved_answers
from booking.tests.people import NOW, booked
from booking.tests.web_client import hidden, words_of
from practice.testing import at_work

ASKED = "Do you sleep on your side?"


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as travelling:
        yield travelling


@pytest.fixture
def writer(session: Any, tess: Any) -> IntakeWriter:
    booked(session, tess)
    return IntakeWriter(Intake.objects.get()).begin()


@pytest.fixture
def question(db: None) -> IntakeQuestion:
    return IntakeQuestion.objects.create(text=ASKED, kind="yes_no")


def answer(writer: IntakeWriter, question: IntakeQuestion, said: str, **more: Any) -> Any:
    """As the page that shows the question now would send it."""
    return writer.write("more", {**hidden(writer.page("more")), f"q{question.pk}": said, **more})


def said_about(writer: IntakeWriter) -> list[tuple[str, str]]:
    return [
        line for one in in_words(saved_answers(writer.intake)) if one.step == "more" for line in one.lines
    ]


def test_without_questions_there_is_no_such_step(writer):
    assert writer.page("more").status_code == 404
    assert "Step 1 of 7" in words_of(writer.page("since"))


def test_all_three_kinds_are_asked_in_the_owners_order(writer):
    IntakeQuestion.objects.create(text="Last?", order=3)
    IntakeQuestion.objects.create(text="First?", order=1, kind="choice", choices="red\n\n blue ")
    page = words_of(writer.page("more"))
    assert page.index("First?") < page.index("red") < page.index("blue") < page.index("Last?")


def test_what_was_said_keeps_the_question_as_it_was_asked(writer, question):
    answer(writer, question, "yes")
    IntakeQuestion.objects.filter(pk=question.pk).update(text="Do you snore?")
    assert said_about(writer) == [(ASKED, "Yes")]


def test_a_question_changed_between_showing_and_answering_is_shown_again(writer, question):
    shown = hidden(writer.page("more"))
    IntakeQuestion.objects.filter(pk=question.pk).update(text="Do you snore?")
    refused = writer.write("more", {**shown, f"q{question.pk}": "yes"})
    assert refused.status_code == 422
    assert "This question was just changed" in words_of(refused)
    assert said_about(writer) == []
    writer.write("more", {**hidden(refused), f"q{question.pk}": "yes"})
    assert said_about(writer) == [("Do you snore?", "Yes")]


def test_a_question_retired_between_showing_and_answering_was_asked_all_the_same(writer, question):
    shown = hidden(writer.page("more"))
    IntakeQuestion.objects.update(is_active=False)
    writer.write("since", {"since": "days"})
    IntakeQuestion.objects.create(text="Another?", order=9)
    writer.write("more", {**shown, f"q{question.pk}": "no", "version": "2"})
    assert said_about(writer) == [(ASKED, "No")]


def test_an_answer_to_a_question_that_is_asked_no_more_stays_when_others_are_answered(writer, question):
    answer(writer, question, "yes")
    IntakeQuestion.objects.update(is_active=False)
    other = IntakeQuestion.objects.create(text="Another?")
    answer(writer, other, "So it is.")
    assert said_about(writer) == [(ASKED, "Yes"), ("Another?", "So it is.")]


@pytest.mark.parametrize("said", ["perhaps", "yes" * 3000])
def test_an_answer_nobody_can_choose_is_refused(writer, question, said):
    assert answer(writer, question, said).status_code == 422
    assert said_about(writer) == []


def test_the_owners_words_are_no_markup(writer):
    IntakeQuestion.objects.create(text="<b>Bold?</b>", help_text="<script>1</script>")
    html = writer.page("more").content.decode()
    assert "<b>Bold" not in html
    assert "<script>1" not in html


def test_a_choice_without_answers_is_not_made_and_none_is_deleted(tess, question):
    office = at_work(tess.user)
    path = "/backoffice/booking/intakequestion/"
    refused = office.post(f"{path}add/", {"text": "Which?", "kind": "choice", "choices": "red", "order": "0"})
    assert "at least two answers" in words_of(refused)
    assert office.get(f"{path}{question.pk}/delete/").status_code == 403
    made = {"text": "Which?", "kind": "choice", "choices": "red\nblue", "order": "0", "is_active": "on"}
    office.post(f"{path}add/", made)
    assert IntakeQuestion.objects.get(text="Which?").options == ["red", "blue"]


def test_submitted_without_an_answer_to_them_is_fine(writer, question):
    writer.write("signs", NO_SIGNS)
    assert writer.hand_in().status_code == 302
