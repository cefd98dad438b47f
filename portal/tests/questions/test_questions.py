"""Questions and answers: kept encrypted, told of without a word of them, answered once."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection

from booking.letters.digest import words_when_due
from portal.models import Question
from portal.questions.actions import NotAsked, answer, ask, mark_seen
from portal.testing import assign, make_exercise, make_lesson
from practice.models import Letter, Practitioner
from practice.testing import both_parts, make_practice, make_practitioner, make_user

NOW = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(hours=1)

pytestmark = [pytest.mark.engines, pytest.mark.django_db]


@pytest.fixture
def tess(db):
    make_practice()
    return make_practitioner()


@pytest.fixture
def ann(tess):
    return make_user("Ann")


@pytest.fixture
def question(ann):
    return ask(ann, "canary: should it pull?", now=NOW)


@pytest.mark.parametrize(("text", "code"), [("", "empty"), (" \r\n ", "empty"), ("q" * 2001, "long")])
def test_nothing_and_a_novel_are_refused(ann, text, code):
    with pytest.raises(NotAsked) as refused:
        ask(ann, text, now=NOW)
    assert (refused.value.code, Question.objects.exists()) == (code, False)


def test_pressed_twice_it_is_asked_once_and_told_once(ann, question):
    assert ask(ann, "canary: should it pull?\r\n", now=NOW + dt.timedelta(minutes=1)) == question
    assert Letter.objects.filter(kind="notice_question").count() == 1


def test_asked_again_the_next_day_it_is_another(ann, question):
    assert ask(ann, "canary: should it pull?", now=NOW + dt.timedelta(days=1)) != question


def test_the_place_in_the_lesson_is_kept(ann):
    assert ask(ann, "Here?", lesson=make_lesson(), at_ms=462_000, now=NOW).at_ms == 462_000


@pytest.mark.parametrize("at_ms", [-1, 10**12])
def test_an_unreadable_position_is_ignored(ann, at_ms):
    assert ask(ann, "Here?", lesson=make_lesson(), at_ms=at_ms, now=NOW).at_ms is None


def test_anyone_who_gave_it_is_told_without_a_word_of_it(ann, tess):
    jonah = make_practitioner("Jonah Reed", role="practitioner")
    exercise = make_exercise()
    assign(exercise, ann, by=jonah)
    ask(ann, "canary", exercise=exercise, now=NOW)
    letter = Letter.objects.get()
    assert (letter.user, letter.subject) == (jonah.user, "A question is waiting for you")
    assert f"/workspace/questions/{Question.objects.get().pk}/" in letter.text
    assert ("Ann" in letter.text, "canary" in both_parts(letter), exercise.title in letter.text) == (
        True,
        False,
        False,
    )


def test_question_and_answer_are_encrypted(question, tess):
    answer(question, "canary: less.", by=tess.user, now=LATER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text, answer FROM portal_question")
        assert all(kept.startswith("gAAAA") for kept in cursor.fetchone())


def test_an_answer_is_told_to_the_person_who_asked_without_a_word_of_it(question, tess, ann):
    answered = answer(question, "canary: less.", by=tess.user, now=LATER)
    letter = Letter.objects.get(kind="answered")
    assert (answered.answered_at, answered.answered_by) == (LATER, tess.user)
    assert (letter.user, letter.subject, letter.category) == (
        ann,
        "Tess has answered your question",
        "answer",
    )
    assert ("/portal/questions/" in letter.text, "canary" in both_parts(letter)) == (True, False)


def test_an_answer_may_be_bettered_until_it_was_read_and_is_told_of_once(question, tess, ann):
    answer(question, "Less.", by=tess.user, now=LATER)
    assert answer(question, "Half of it.", by=tess.user, now=LATER).answer == "Half of it."
    assert (mark_seen(ann, now=LATER), mark_seen(ann, now=LATER)) == (1, 0)
    with pytest.raises(NotAsked, match="already read"):
        answer(question, "No.", by=tess.user, now=LATER)
    assert Letter.objects.filter(kind="answered").count() == 1


@pytest.mark.parametrize(("text", "code"), [("", "empty"), ("a" * 5001, "long")])
def test_an_answer_has_words_and_not_too_many(question, tess, text, code):
    with pytest.raises(NotAsked) as refused:
        answer(question, text, by=tess.user, now=LATER)
    assert refused.value.code == code


def test_what_is_not_answered_is_not_seen(question, ann):
    assert mark_seen(ann, now=LATER) == 0


def test_nobody_reads_off_anothers_answers(question, tess):
    answer(question, "Less.", by=tess.user, now=LATER)
    assert mark_seen(make_user("Ben"), now=LATER) == 0


def test_in_a_digest_a_question_is_a_line_until_it_is_answered(ann, tess):
    Practitioner.objects.filter(pk=tess.pk).update(notices="digest")
    question = ask(ann, "canary: should it pull?", now=NOW)
    digest = Letter.objects.get(kind="digest")
    words = words_when_due(digest, digest.due_at)
    assert ("Ann asked a question." in words.text, "canary" in words.text + words.html) == (True, False)
    assert not Letter.objects.filter(kind="notice_question").exists()
    answer(question, "Less.", by=tess.user, now=LATER)
    assert words_when_due(digest, digest.due_at) is None
