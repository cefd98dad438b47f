"""Asking a question, answering it, and marking the answer as read."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils.translation import gettext

from portal.letters import answered, notice_question
from portal.models import Exercise, Lesson, Question
from portal.practice_log.actions.self_report import tidy
from practice.models import User

LONGEST_QUESTION = 2_000
LONGEST_ANSWER = 5_000
SAME = dt.timedelta(minutes=10)  # the same words again within this are one question pressed twice
LATEST_MS = 24 * 60 * 60 * 1000


class NotAsked(Exception):
    """Raised when a question or answer cannot be kept. The message is for people, `code` for machines."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@transaction.atomic
def ask(
    client: User,
    text: str,
    *,
    lesson: Lesson | None = None,
    exercise: Exercise | None = None,
    at_ms: int | None = None,
    uid: uuid.UUID | None = None,
    now: dt.datetime,
) -> Question:
    """Save a client's question and notify the practitioner. Raises NotAsked.

    `at_ms`: the place in the lesson. The same question sent twice within ten minutes is one; with a `uid`,
    which the client's device made, it is one however late it is sent again.
    """
    words = _words(text, LONGEST_QUESTION, gettext("Please write your question first."))
    User.objects.select_for_update(no_key=True).get(pk=client.pk)  # two presses at once wait for each other
    if uid is not None and (standing := Question.objects.filter(uid=uid).first()):
        if standing.client_id != client.pk:
            raise NotAsked("uid", gettext("We couldn’t save this question. Please write it again."))
        return standing
    lately = Question.objects.filter(client=client, lesson=lesson, exercise=exercise, asked_at__gt=now - SAME)
    for standing in lately:
        if standing.text == words:
            return standing
    if at_ms is not None and not (lesson and 0 <= at_ms <= LATEST_MS):
        at_ms = None  # no place of a lesson: the question is worth more than its place
    question = Question.objects.create(
        uid=uid, client=client, lesson=lesson, exercise=exercise, at_ms=at_ms, text=words, asked_at=now
    )
    notice_question(question, now=now)
    return question


@transaction.atomic
def answer(question: Question, text: str, *, by: User, now: dt.datetime) -> Question:
    """Answer a question and notify the client; editable until the client has seen it. Raises NotAsked."""
    words = _words(text, LONGEST_ANSWER, gettext("Please write an answer first."))
    standing = Question.objects.select_for_update().get(pk=question.pk)
    if standing.answer == words:
        return standing
    if standing.seen_at:
        raise NotAsked("seen", gettext("The client has already read this answer, so it can’t be changed."))
    standing.answer, standing.answered_at, standing.answered_by = words, now, by
    standing.save(update_fields=["answer", "answered_at", "answered_by"])
    answered(standing, by=by, now=now)
    return standing


def mark_seen(client: User, *, now: dt.datetime) -> int:
    """Mark the client's answers up to `now` as read, and return how many were new."""
    new = Question.objects.filter(client=client, answered_at__lte=now, seen_at=None)
    return new.update(seen_at=now)


def _words(text: str, most: int, missing: str) -> str:
    words = tidy(text)
    if not words:
        raise NotAsked("empty", missing)
    if len(words) > most:
        raise NotAsked(
            "long",
            gettext("That’s %(length)s characters, and the limit is %(most)s. What you wrote is still here.")
            % {"length": len(words), "most": most},
        )
    return words
