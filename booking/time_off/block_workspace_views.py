"""The workspace pages of a blocked time: block it, see it, remove it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from booking.access import reads_why_blocked
from booking.errors import BookedThen
from booking.models import BlockedTime
from booking.time_off.actions.block_time import block_time, booked_then, unblock
from booking.time_off.forms.block import BlockForm
from booking.time_off.forms.closures import mark_of
from booking.time_off.workspace_views import people_closed_by
from practice.access.pages import require_staff, staff_only
from practice.core import formatting
from practice.models import User
from practice.queries import practice_zone, the_practice
from practice.web.return_to import next_page

FIRST_GUESS = {"with": "practitioner", "day": "day", "begins": "begins", "ends": "ends"}


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def workspace_block(request: HttpRequest) -> HttpResponse:
    """Ask whose time to block, from when to when; POST blocks it, over booked sessions once confirmed."""
    user, now = require_staff(request), timezone.now()
    people, zone = people_closed_by(user), practice_zone(the_practice())
    if not people:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = BlockForm(data, people=people, zone=zone, now=now, initial=first_guess(request, user))
    if data is not None and form.is_valid():
        return blocked(request, form)
    return block_page(request, form, status=422 if form.errors else 200)


def first_guess(request: HttpRequest, user: User) -> dict[str, Any]:
    """Return what the address names already; else today, and the reader."""
    today = timezone.now().astimezone(practice_zone(the_practice())).date().isoformat()
    own = next((one.slug for one in people_closed_by(user) if one.user_id == user.pk), "")
    named = {field: request.GET[name][:40] for name, field in FIRST_GUESS.items() if name in request.GET}
    return {"day": today, "practitioner": own, **named}


def block_page(request: HttpRequest, form: BlockForm, *, status: int = 200, **more: Any) -> HttpResponse:
    """Show the form."""
    page = {"form": form, "back": next_page(request), "zone": form.zone, **more}
    return render(request, "workspace/block.html", page, status=status)


def blocked(request: HttpRequest, form: BlockForm) -> HttpResponse:
    """Block the time; or name who is booked then, and ask."""
    said, user = form.cleaned_data, require_staff(request)
    person, start, end = said["person"], said["start"], said["end"]
    booked = booked_then(person, start=start, end=end)
    confirmed = request.POST.get("seen") == mark_of(booked)
    try:
        block_time(
            person, start=start, end=end, by=user, reason=said["reason"], over=booked if confirmed else ()
        )
    except BookedThen as error:
        asked = {"booked": error.booked, "seen": mark_of(error.booked)}
        return block_page(request, form, status=409, **asked)
    when = formatting.span(start, end, form.zone, locale=the_practice().locale)
    words = _("Blocked: %(when)s, %(name)s.") % {"when": when, "name": person.user.name}
    if form.comes_twice:
        words += " " + _("The clocks move back that night, and the block covers the repeated hour.")
    messages.success(request, words)
    return redirect(next_page(request) or "workspace")


def blocked_of(user: User, pk: int) -> BlockedTime:
    """Return a blocked time of somebody whose days this person closes; 404 for all others."""
    found = BlockedTime.objects.filter(pk=pk, practitioner__in=people_closed_by(user))
    row = found.select_related("practitioner__user", "made_by").first()
    if row is None:
        raise Http404
    return row


@staff_only
@require_safe
def workspace_blocked(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a blocked time, who blocked it and why, with the button that removes it."""
    user = require_staff(request)
    row = blocked_of(user, pk)
    practice = the_practice()
    zone, locale = practice_zone(practice), practice.locale
    page = {
        "blocked": row,
        "when": formatting.span(row.starts_at, row.ends_at, zone, locale=locale),
        "reason": row.reason if reads_why_blocked(user, row) else "",
        "booked": booked_then(row.practitioner, start=row.starts_at, end=row.ends_at),
        "back": next_page(request),
        "zone": zone,
    }
    return render(request, "workspace/blocked.html", page)


@staff_only
@require_POST
def workspace_unblock(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the block: its time can be booked again."""
    unblock(blocked_of(require_staff(request), pk))
    messages.success(request, _("Removed. This time can be booked again."))
    return redirect(next_page(request) or "workspace")
