"""A page that shows what a client would get in the coming weeks, if they behaved as the reader imagines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.followups.choosing import plan_for
from portal.followups.engine.facts import Step
from portal.followups.queue import steps_of, waiting_follow_ups
from portal.followups.rehearsal_preview import (
    ClientRehearsal,
    NoSession,
    RehearsedLine,
    rehearse_client,
)
from portal.models import FollowUpPlan
from portal.records.access import client_for
from portal.workspace.forms import RehearsalForm
from practice.access.actions.open_record import log_opening
from practice.access.pages import require_staff, staff_only
from practice.models import User
from practice.queries import the_practice

WAITING, STANDARD = "waiting", "standard"
A_WEEK = dt.timedelta(weeks=1)


@dataclass(frozen=True)
class RehearsedWeek:
    """One week of the rehearsal, counted from its first day."""

    number: int
    begins: dt.date
    lines: Sequence[RehearsedLine]


@staff_only
@require_safe
def rehearsal(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the emails a client would get, week by week; `?read=3` opens the text of step 3."""
    user, now = require_staff(request), timezone.now()
    whose, practice = client_for(user, pk), the_practice()
    log_opening(user, whose, "access:record", now=now)
    form = RehearsalForm(request.GET, starts=_starts(whose, now), locale=practice.locale)
    page = {"client": whose, "form": form, "wrong": "", "found": None}
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return render(request, "workspace/rehearsal.html", page, status=status)
    said = form.cleaned_data
    steps = _steps(said["start"], whose)
    try:
        found = rehearse_client(whose, form.behavior(), weeks=said["weeks"], now=now, steps=steps)
    except NoSession as refusal:
        return render(request, "workspace/rehearsal.html", page | {"wrong": str(refusal)})
    read = request.GET.get("read", "")
    place = int(read) if read.isdecimal() and len(read) < 4 else None
    page |= {
        "found": found,
        "zone": found.known.zone,
        "weeks": _by_week(found),
        "read": place,
        "words": None if place is None else found.words_of(place),
        "asked": form.query(),
    }
    return render(request, "workspace/rehearsal.html", page)


def _starts(client: User, now: dt.datetime) -> list[tuple[str, str]]:
    """Return what a rehearsal can begin with: what waits, or a session that ends now, by each plan.

    First the plan that their emails follow anyway: their own, the one for their pain, or the standard one.
    """
    waits = [(WAITING, _("the emails that wait now"))] if waiting_follow_ups(client, now=now) else []
    anyway = plan_for(client)
    others = FollowUpPlan.objects.filter(Q(client=None) | Q(client=client)).order_by("name")
    first = _session_with(anyway) if anyway else _("a session that ends now, with the standard plan")
    return [
        *waits,
        (STANDARD, first),
        *((str(one.pk), _session_with(one)) for one in others if one != anyway),
    ]


def _session_with(plan: FollowUpPlan) -> str:
    return _("a session that ends now, with “%(plan)s”") % {"plan": plan.name}


def _steps(start: str, client: User) -> tuple[Step, ...] | None:
    if start == WAITING:
        return None
    plan = None if start == STANDARD else FollowUpPlan.objects.filter(pk=int(start)).first()
    return steps_of(plan, client)


def _by_week(found: ClientRehearsal) -> list[RehearsedWeek]:
    """Return every week of the rehearsal with its lines, by the client's calendar."""
    zone, lines = found.known.zone, found.lines()
    first = found.start.astimezone(zone).date()
    last = (found.until - found.start) // A_WEEK - 1

    def week_of(line: RehearsedLine) -> int:
        """Return the week of a line; the hours of the day on which the rehearsal ends are in the last one."""
        return min((line.at.astimezone(zone).date() - first) // A_WEEK, last)

    return [
        RehearsedWeek(number + 1, first + number * A_WEEK, [one for one in lines if week_of(one) == number])
        for number in range(last + 1)
    ]
