"""What waits for an answer, on one page: requests, questions, and clients whom a person should look at."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from booking import queries as booked
from booking.access import practitioners_for, zone_at_work
from portal.records.access import sees_records
from portal.workspace import attention
from portal.workspace.views.today import AttentionLists, DeskReader, pain_rise
from practice.access.actions.open_record import log_openings
from practice.access.pages import require_staff, staff_only
from practice.queries import the_practice


@staff_only
@require_safe
def messages_page(request: HttpRequest) -> HttpResponse:
    """Show requests to approve and, to those who may open records, questions and what else needs a reply."""
    user = require_staff(request)
    desk = DeskReader(user, timezone.now(), zone_at_work(user), the_practice())
    people = practitioners_for(user)
    waiting = AttentionLists([], [], list(booked.requests_to(people)))
    if sees_records(user):
        add_of_records(waiting, desk)
    page = {
        "waiting": waiting,
        "zone": desk.zone,
        "several": len(people) > 1,
        "sees_records": sees_records(user),
    }
    return render(request, "workspace/messages.html", page)


def add_of_records(waiting: AttentionLists, desk: DeskReader) -> None:
    """Add what is of records, and note for each client that it was shown."""
    waiting.questions = attention.unanswered(desk.user)
    waiting.rose = [pain_rise(one, desk) for one in attention.pain_rose(desk.user)]
    waiting.signs = attention.warning_signs(desk.user)
    waiting.quiet = attention.gone_quiet(desk.user)
    log_openings(desk.user, {one.client_id for one in waiting.questions}, "access:questions", now=desk.now)
    log_openings(desk.user, {one.entry.client_id for one in waiting.rose}, "access:brief", now=desk.now)
