"""Clients' questions at work: open ones first, and one question with room for its answer."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking.access import zone_at_work
from portal.models import Question
from portal.questions.actions import NotAsked, answer
from portal.records.access import records_of, sees_records
from portal.visitor_questions import queries as visitor_questions
from portal.workspace import brief_wording
from portal.workspace.activity_summary import sum_up
from portal.workspace.brief import done_between
from portal.workspace.views.today import DeskReader
from practice.access.actions.open_record import log_opening, log_openings
from practice.access.pages import require_staff, staff_only
from practice.models import User
from practice.queries import the_practice

OPEN, ANSWERED = 50, 20
LATELY = dt.timedelta(days=60)
AROUND = dt.timedelta(days=7)


def questions_for(user: User) -> QuerySet[Question]:
    """Return the questions this person may read; none for the front desk."""
    return Question.objects.filter(client__in=records_of(user)).select_related(
        "client", "lesson", "exercise", "answered_by"
    )


@staff_only
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Show open questions, the oldest first, then those answered in the last 60 days."""
    user = require_staff(request)
    if not sees_records(user):
        raise Http404
    now = timezone.now()
    waiting = list(questions_for(user).filter(answered_at=None).order_by("asked_at", "pk")[:OPEN])
    answered = list(
        questions_for(user).filter(answered_at__gte=now - LATELY).order_by("-answered_at", "-pk")[:ANSWERED]
    )
    visitors, visitors_before = visitor_questions.lately(since=now - LATELY)
    log_openings(user, {one.client_id for one in [*waiting, *answered]}, "access:questions", now=now)
    return render(
        request,
        "workspace/questions.html",
        {
            "waiting": waiting,
            "answered": answered,
            "visitors": visitors,
            "visitors_before": visitors_before,
            "zone": zone_at_work(user),
        },
    )


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a question with its place and the client's practice around it; save the answer."""
    user = require_staff(request)
    found = questions_for(user).filter(pk=pk).first()
    if found is None:
        raise Http404
    desk = DeskReader(user, timezone.now(), zone_at_work(user), the_practice())
    wrong, typed = "", found.answer
    if request.method == "POST":
        typed = request.POST.get("text", "")
        try:
            answer(found, typed, by=user, now=desk.now)
        except NotAsked as error:
            wrong = str(error)
        else:
            messages.success(
                request, _("Answered. We’ve emailed %(name)s.") % {"name": found.client.first_name}
            )
            return redirect("workspace" if request.POST.get("from") == "today" else "workspace_questions")
    log_opening(user, found.client, "access:questions", now=desk.now)
    zone, today = desk.today_of(found.client)
    around = done_between(found.client, found.asked_at - AROUND, found.asked_at + AROUND)
    return render(
        request,
        "workspace/question.html",
        {
            "question": found,
            "lines": brief_wording.lines(sum_up(around, zone=zone), today=today, locale=desk.locale),
            "wrong": wrong,
            "typed": typed,
            "zone": desk.zone,
            "may_write": found.seen_at is None,
        },
        status=422 if wrong else 200,
    )
