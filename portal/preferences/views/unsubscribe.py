"""The page behind the unsubscribe link of each email between sessions: no sign-in, no cookie, no name.

A GET changes nothing, however often a scanner asks. The token is the authority: a POST brings no CSRF token,
for a person who could forge one has the email already.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.models import ClientProfile
from portal.preferences import actions
from practice.core import formatting
from practice.mail.unsubscribe import read_token
from practice.models import User
from practice.queries import the_practice, wants_letters, zone_of

ONE_CLICK = ("list-unsubscribe", "one-click")  # RFC 8058, what a mail program's own button sends
ButtonAction = Callable[[User, dt.datetime], object]


def _undo(user: User, now: dt.datetime) -> None:
    if actions.may_undo(user, now=now):
        actions.start_letters(user, now=now)


def _stop(user: User, now: dt.datetime) -> None:
    actions.stop_letters(user, now=now)


def _pause(weeks: int, user: User, now: dt.datetime) -> None:
    if wants_letters(user):
        actions.pause(user, weeks, now=now)


def _go_on(user: User, _now: dt.datetime) -> None:
    actions.end_pause(user)


def _reminders(wanted: bool, user: User, _now: dt.datetime) -> None:
    actions.set_reminders(user, wanted=wanted)


# What the buttons of the page say in `do`.
DEEDS: Mapping[str, ButtonAction] = {
    "stop": _stop,
    "undo": _undo,
    **{f"pause-{weeks}": partial(_pause, weeks) for weeks in actions.PAUSES},
    "go-on": _go_on,
    "reminders-off": partial(_reminders, False),
    "reminders-on": partial(_reminders, True),
}


@login_not_required
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def email_choices(request: HttpRequest, token: str) -> HttpResponse:
    """Show or change which emails come; for an erased client, say that none comes."""
    answer = _answer(request, token)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    pk = read_token(token)
    if pk is None:
        return _page(request, "email/unknown.html", status=404)
    pk = User.objects.family(pk)[-1]  # an email from before a merge stops those of the kept record
    if request.method != "POST":
        return _shown(request, pk)
    if is_one_click(request):
        _do(pk, "stop")
        return HttpResponse(
            _("You are unsubscribed: you won’t get emails between sessions.") + "\n",
            content_type="text/plain; charset=utf-8",
        )
    do = request.POST.get("do", "")
    if do not in DEEDS:
        return _shown(request, pk, status=422)
    _do(pk, do)
    return _shown(request, pk, done=do)


def is_one_click(request: HttpRequest) -> bool:
    """Return whether a mail program's own button was pressed, in any case and line ends."""
    said = ((name, value) for name, values in request.POST.lists() for value in values)
    return any((name.strip().lower(), value.strip().lower()) == ONE_CLICK for name, value in said)


def _do(pk: int, do: str) -> None:
    """Carry it out if the client is still here. Erased meanwhile: there is nothing left to stop."""
    with suppress(User.DoesNotExist, IntegrityError):
        DEEDS[do](User.objects.get(pk=pk, is_active=True), timezone.now())


def _shown(request: HttpRequest, pk: int, *, done: str = "", status: int = 200) -> HttpResponse:
    """Show the present state. `done`: the button just pressed."""
    user = User.objects.filter(pk=pk, is_active=True).first()
    state = {"done": done, **state_of(user, timezone.now())} if user else {"gone": True}
    return _page(request, "email/wishes.html", state, status=status)


def state_of(user: User, now: dt.datetime) -> dict[str, Any]:
    """Return which emails come, for a page."""
    practice = the_practice()
    zone = zone_of(user.zone, practice=practice)
    paused = ClientProfile.objects.of(user).paused_until
    return {
        "wants_letters": wants_letters(user),
        "paused_until": formatting.day_in_words(paused.astimezone(zone).date(), locale=practice.locale)
        if paused and paused > now
        else "",
        "pauses": actions.PAUSES,
        "wants_reminders": user.wants_reminders,
        "may_undo": actions.may_undo(user, now=now),
    }


def _page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Return a page that reads no session, so that it sets no cookie and names nobody who is signed in."""
    return render(request, template, {"user": None, "messages": (), **(context or {})}, status=status)
