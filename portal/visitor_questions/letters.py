"""Emails about visitors' questions: one that there are some, and the answer itself.

Called within the transaction of their cause.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _  # worded in the reader’s language, by `render`

from booking.letters.digest import NEWS_WORDS, News, put_in_digest
from portal.models import VisitorQuestion
from practice.core.reasons import because
from practice.mail.channels.transport import Recipient
from practice.mail.composing.render import render
from practice.mail.post import post
from practice.mail.send_check import Cancel, Check, Fresh, Send, Verdict
from practice.models import Letter, User


def notice_of_hour(*, now: datetime) -> list[Letter]:
    """Email the owners that a visitor has asked something, once an hour, or in their digest."""
    found = [
        put_in_digest(owner, News("visitor_questions", "visitor-questions"), now=now)
        or post(
            "notice_visitor_question",
            key=f"visitor-questions:{owner.pk}:{now:%Y%m%dT%H}",
            to=owner,
            context=_about_questions(owner),
            now=now,
        )
        for owner in User.objects.owners()
    ]
    return [letter for letter in found if letter]


def _about_questions(owner: User) -> dict[str, Any]:
    return {
        "first_name": owner.first_name,
        "act_url": settings.SITE_URL + reverse("workspace_questions"),
        "act_words": _("Read and answer it"),
        "why": _("You’re receiving this because visitors can ask about your free lesson."),
    }


def _news(about: str) -> str | None:
    waiting = VisitorQuestion.objects.filter(state=VisitorQuestion.State.WAITING).exists()
    return str(_("A visitor asked about a free lesson.")) if waiting else None


def check_notice(letter: Letter, now: datetime) -> Verdict:
    """Judge the notice as it is sent: canceled when no question waits."""
    if not VisitorQuestion.objects.filter(state=VisitorQuestion.State.WAITING).exists():
        return Cancel(because("question_answered"))
    return Send()


def answer_visitor(question: VisitorQuestion, *, by: User, now: datetime) -> Letter | None:
    """Email the answer to the visitor, who has no page to read it on."""
    return post(
        "visitor_answer",
        key=f"visitor-question:{question.pk}:answer",
        to=Recipient(question.name, question.email),
        context=_about_answer(question, by),
        about=f"visitor-question:{question.pk}",
        from_name=by.name,
        event={"by": by.pk},
        now=now,
    )


def _about_answer(question: VisitorQuestion, by: User) -> dict[str, Any]:
    return {
        "first_name": question.name.partition(" ")[0],
        "answer": question.answer,
        "sign": by.first_name,
        "act_url": settings.SITE_URL + question.lesson.get_absolute_url(),
        "act_words": _("Go to the lesson"),
        "why": _("You’re receiving this because you asked us a question on our website."),
    }


def check_answer(letter: Letter, now: datetime) -> Verdict:
    """Judge the answer as it is sent, and word it: canceled when the question is gone."""
    pk = letter.about.removeprefix("visitor-question:")
    question = VisitorQuestion.objects.filter(pk=pk).select_related("lesson").first()
    if question is None or not question.answer:
        return Cancel(because("question_gone"), purge=True)
    by = User.objects.filter(pk=letter.event.get("by") or 0).first()
    if by is None:
        return Send()  # the author's account is gone: the email keeps its text
    words = render(
        "visitor_answer",
        {"to": Recipient(question.name, question.email), "sender": by.name, **_about_answer(question, by)},
        language=question.language,
    )
    return Send(Fresh(words, from_name=by.name))


NEWS_WORDS["visitor_questions"] = _news
CHECKS = {
    "notice_visitor_question": Check(check_notice),
    "visitor_answer": Check(check_answer),
}
