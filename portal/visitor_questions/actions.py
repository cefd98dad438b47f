"""Asking a question without an account, answering it, showing it to others, and setting it aside."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from portal.models import Lesson, VisitorQuestion
from portal.practice_log.actions.self_report import tidy
from portal.visitor_questions.letters import answer_visitor, notice_of_hour
from practice.models import User

LONGEST_QUESTION = 2_000
LONGEST_ANSWER = 5_000
MOST_ADDRESSES = 1  # web addresses in a question: more of them is advertising
ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)
State = VisitorQuestion.State


class NotTaken(Exception):
    """Raised when what was sent cannot be used. The message is for people; `field` says where it belongs."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class SentQuestion:
    """What a visitor sent. `uid`: of the form it was written in."""

    uid: uuid.UUID
    text: str
    email: str
    name: str = ""
    may_show: bool = False


@transaction.atomic
def ask(lesson: Lesson, asked: SentQuestion, *, now: dt.datetime) -> VisitorQuestion:
    """Save a visitor's question and notify the owner, once an hour at most. Raises NotTaken.

    The same form sent twice is one question.
    """
    text = _words("text", asked.text, LONGEST_QUESTION, missing=gettext("Please write your question first."))
    if len(ADDRESS.findall(text)) > MOST_ADDRESSES:
        raise NotTaken(
            "text", gettext("Please leave the web addresses out. We read each question ourselves.")
        )
    try:
        with transaction.atomic():
            question = VisitorQuestion.objects.create(
                uid=asked.uid,
                lesson=lesson,
                text=text,
                email=asked.email,
                name=asked.name,
                may_show=asked.may_show,
                asked_at=now,
            )
    except IntegrityError:
        standing = VisitorQuestion.objects.filter(uid=asked.uid).first()
        if standing is None:
            raise
        return standing
    notice_of_hour(now=now)
    return question


@transaction.atomic
def answer(question: VisitorQuestion, text: str, *, by: User, now: dt.datetime) -> VisitorQuestion:
    """Answer a question by email. Raises NotTaken.

    The email is written once. Of two people who answer at once, the second is told.
    """
    words = _words("answer", text, LONGEST_ANSWER, missing=gettext("Please write an answer first."))
    standing = VisitorQuestion.objects.select_for_update().get(pk=question.pk)
    if standing.state == State.ANSWERED:
        if standing.answer == words:
            return standing
        raise NotTaken("answer", gettext("This question was answered in the meantime. Reload the page."))
    standing.state, standing.answer = State.ANSWERED, words
    standing.answered_at, standing.answered_by = now, by
    standing.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    answer_visitor(standing, by=by, now=now)
    return standing


@transaction.atomic
def show(question: VisitorQuestion, *, asked: str, answered: str, now: dt.datetime) -> None:
    """Show a question and its answer on the lesson's page, in these words. Raises NotTaken."""
    standing = VisitorQuestion.objects.select_for_update().get(pk=question.pk)
    if not standing.may_show:
        raise NotTaken("shown_question", gettext("They asked us not to show this question to others."))
    standing.shown_question = _words(
        "shown_question", asked, LONGEST_QUESTION, missing=gettext("Please write the question to show.")
    )
    standing.shown_answer = _words(
        "shown_answer", answered, LONGEST_ANSWER, missing=gettext("Please write the answer to show.")
    )
    standing.shown_at = standing.shown_at or now
    standing.save(update_fields=["shown_question", "shown_answer", "shown_at"])


def hide(question: VisitorQuestion) -> None:
    """Take a question off the lesson's page; its words stay here, to be shown again."""
    VisitorQuestion.objects.filter(pk=question.pk).update(shown_at=None)


def set_aside(question: VisitorQuestion) -> None:
    """Set a question aside that wants no answer. It is removed after a month."""
    VisitorQuestion.objects.filter(pk=question.pk, state=State.WAITING).update(state=State.SET_ASIDE)


def take_back(question: VisitorQuestion) -> None:
    """Put a question that was set aside back among those that wait."""
    VisitorQuestion.objects.filter(pk=question.pk, state=State.SET_ASIDE).update(state=State.WAITING)


def _words(field: str, text: str, most: int, *, missing: str) -> str:
    words = tidy(text)
    if not words:
        raise NotTaken(field, missing)
    if len(words) > most:
        said = gettext(
            "That’s %(length)s characters, and the limit is %(most)s. What you wrote is still here."
        )
        raise NotTaken(field, said % {"length": len(words), "most": most})
    return words
