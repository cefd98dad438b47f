"""Visitors' questions at work: one question with room for its answer, and what is shown of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.access import zone_at_work
from portal.models import VisitorQuestion
from portal.visitor_questions import actions
from portal.visitor_questions.actions import NotTaken
from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.models import User


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def visitor_question(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a visitor's question; POST answers, shows, hides, sets aside or takes back (`do`)."""
    user = require_staff(request)
    if not rows.may(user, "visitor_questions"):
        raise Http404
    found = get_object_or_404(VisitorQuestion.objects.select_related("lesson", "answered_by"), pk=pk)
    if request.method != "POST":
        return _page(request, found)
    try:
        said = _do(request, found, by=user)
    except NotTaken as refusal:
        return _page(request, found, wrong=(refusal.field, str(refusal)), status=422)
    messages.success(request, said)
    return redirect("workspace_questions")


def _do(request: HttpRequest, question: VisitorQuestion, *, by: User) -> str:
    """Do what the pressed button says, and return the sentence about it. Raises NotTaken; 404 for others."""
    do, now, sent = request.POST.get("do"), timezone.now(), request.POST
    if do == "answer":
        actions.answer(question, sent.get("answer", ""), by=by, now=now)
        return _("Answered. The email is on its way to %(address)s.") % {"address": question.email}
    if do == "show":
        asked, answered = sent.get("shown_question", ""), sent.get("shown_answer", "")
        actions.show(question, asked=asked, answered=answered, now=now)
        return _("The question and its answer are on the lesson’s page now.")
    if do == "hide":
        actions.hide(question)
        return _("It is no longer on the lesson’s page.")
    if do == "set_aside":
        actions.set_aside(question)
        return _("Set aside. It will be removed in a month.")
    if do == "take_back":
        actions.take_back(question)
        return _("It is back among the open questions.")
    raise Http404


def _page(
    request: HttpRequest, question: VisitorQuestion, *, wrong: tuple[str, str] = ("", ""), status: int = 200
) -> HttpResponse:
    """Show the question, with what was typed if it could not be used."""
    sent = request.POST
    typed = {
        "answer": sent.get("answer", question.answer),
        "shown_question": sent.get("shown_question", question.shown_question or question.text),
        "shown_answer": sent.get("shown_answer", question.shown_answer or question.answer),
    }
    page = {"question": question, "typed": typed, "zone": zone_at_work(require_staff(request))}
    page |= {"wrong_field": wrong[0], "wrong": wrong[1]}
    return render(request, "workspace/visitor_question.html", page, status=status)
