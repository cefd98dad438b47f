"""Emails that say that something was written at home, never a word of it.

Called within the transaction of their cause. Nothing here says that anybody hurts: the pages do, to those who
may open them.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _  # worded in the reader’s language, by `render`

from booking.letters.digest import NEWS_WORDS, News, put_in_digest
from booking.letters.to_practitioner import practitioner_to_notify
from portal.models import Assignment, Exercise, Lesson, PracticeEntry, Question
from portal.records.access import may_open
from practice.core.reasons import because
from practice.mail.composing.render import render
from practice.mail.post import post
from practice.mail.send_check import Cancel, Check, Fresh, Send, Verdict
from practice.models import Letter, User


def notice_pain(entry: PracticeEntry, *, now: datetime) -> Letter | None:
    """Email the practitioner to look in, once for each rise of pain, without saying who or why.

    `entry.cleared_at`: when they last looked, if they did.
    """
    reader = practitioner_of(entry.client, entry.lesson or entry.exercise, now=now)
    if reader is None:
        return None
    again = f":{entry.cleared_at:%Y%m%dT%H%M%S%f}" if entry.cleared_at else ""
    return put_in_digest(reader, News("pain", f"entry:{entry.uid}"), now=now) or post(
        "notice_pain",
        key=f"entry:{entry.uid}:notice-pain{again}",
        to=reader,
        context=_about_pain(entry, reader),
        about=f"entry:{entry.uid}",
        now=now,
    )


def _about_pain(entry: PracticeEntry, reader: User) -> dict[str, Any]:
    return {
        "first_name": reader.first_name,
        "act_url": _for_reader(reader, entry.client, "workspace_client", entry.client_id),
        "act_words": _("Open the client’s page"),
        "why": _("You’re receiving this because one of your clients practices at home."),
    }


def check_pain_notice(letter: Letter, now: datetime) -> Verdict:
    """Judge the email about pain as it is sent: canceled when somebody has looked meanwhile."""
    entry = _risen(letter.about).first()
    if entry is None or letter.user is None:
        return Cancel(because("looked_at"))
    return Send(_worded("notice_pain", letter.user, _about_pain(entry, letter.user)))


def notice_question(question: Question, *, now: datetime) -> Letter | None:
    """Email the practitioner that there is a question, which itself stays in the workspace."""
    reader = practitioner_of(question.client, question.lesson or question.exercise, now=now)
    if reader is None:
        return None
    return put_in_digest(reader, News("question", f"question:{question.pk}"), now=now) or post(
        "notice_question",
        key=f"question:{question.pk}:notice",
        to=reader,
        context=_about_question(question, reader),
        about=f"question:{question.pk}",
        now=now,
    )


def _about_question(question: Question, reader: User) -> dict[str, Any]:
    return {
        "first_name": reader.first_name,
        "who": question.client.name,
        "act_url": _for_reader(reader, question.client, "workspace_question", question.pk),
        "act_words": _("Read and answer it"),
        "why": _("You’re receiving this because one of your clients practices at home."),
    }


def check_question_notice(letter: Letter, now: datetime) -> Verdict:
    """Judge the email about a question as it is sent: canceled when it is answered or gone."""
    question = _question_of(letter)
    if question is None or letter.user is None:
        return Cancel(because("question_gone"))
    if question.answered_at is not None:
        return Cancel(because("question_answered"))
    return Send(_worded("notice_question", letter.user, _about_question(question, letter.user)))


def answered(question: Question, *, by: User, now: datetime) -> Letter | None:
    """Email the client, once for each question, that there is an answer, to be read after signing in."""
    return post(
        "answered",
        key=f"question:{question.pk}:answered",
        to=question.client,
        context=_about_answer(question.client, by),
        about=f"question:{question.pk}",
        from_name=by.name,
        event={"by": by.pk},
        now=now,
    )


def _about_answer(client: User, by: User) -> dict[str, Any]:
    return {
        "first_name": client.first_name,
        "who": by.first_name,
        "sign": by.first_name,
        "act_url": settings.SITE_URL + reverse("portal_questions"),
        "act_words": _("Read the answer"),
        "why": _("You’re receiving this because you asked a question in your portal."),
    }


def check_answer_notice(letter: Letter, now: datetime) -> Verdict:
    """Judge the email about an answer as it is sent: canceled when the question is gone."""
    question, by = _question_of(letter), User.objects.filter(pk=letter.event.get("by") or 0).first()
    if question is None or letter.user is None:
        return Cancel(because("question_gone"))
    if by is None:
        return Send()  # the author's account is gone: the email keeps its text
    return Send(_worded("answered", letter.user, _about_answer(letter.user, by), sender=by.name))


def _question_of(letter: Letter) -> Question | None:
    pk = letter.about.removeprefix("question:")
    return Question.objects.filter(pk=pk).select_related("client").first()


def _pain_news(about: str) -> str | None:
    if not _risen(about).exists():
        return None
    return str(_("What a client noted after practicing needs your attention."))


def _question_news(about: str) -> str | None:
    question = Question.objects.filter(pk=about.removeprefix("question:"), answered_at=None)
    asked = question.select_related("client").first()
    return str(_("%(who)s asked a question.")) % {"who": asked.client.name} if asked else None


def _risen(about: str) -> QuerySet[PracticeEntry]:
    """Return the entry that an email or a line is about, if its pain rose and nobody has looked yet."""
    rose = PracticeEntry.objects.filter(uid=about.removeprefix("entry:"), cleared_at=None)
    return rose.exclude(needs_human="").select_related("client")


def _worded(kind: str, reader: User, context: dict[str, Any], *, sender: str = "") -> Fresh:
    """Return the email's text as it is sent now."""
    words = render(kind, {"to": reader, "sender": sender, **context}, language=reader.language)
    return Fresh(words, from_name=sender)


def _for_reader(reader: User, client: User, page: str, pk: int) -> str:
    """Return the address to read it at; the workspace where that page is closed to the reader."""
    return settings.SITE_URL + (
        reverse(page, args=[pk]) if may_open(reader, client) else reverse("workspace")
    )


def practitioner_of(client: User, what: Lesson | Exercise | None, *, now: datetime) -> User | None:
    """Return whom to tell: who assigned it; else who sees the client next, or last; else the owner.

    Nobody to whom the record is closed by now: they could not look.
    """
    given = Assignment.objects.filter(client=client, assigned_by__user__is_active=True)
    this = given.filter(Q(lesson=what) if isinstance(what, Lesson) else Q(exercise=what, lesson=None))
    order = this.select_related("assigned_by__user").order_by("-created_at", "-id")
    found = order.filter(ended_at=None).first() or order.first()
    if found and may_open(found.assigned_by.user, client):
        return found.assigned_by.user
    return practitioner_to_notify(client, now=now)


NEWS_WORDS.update({"pain": _pain_news, "question": _question_news})
CHECKS = {
    "notice_pain": Check(check_pain_notice),
    "notice_question": Check(check_question_notice),
    "answered": Check(check_answer_notice),
}
