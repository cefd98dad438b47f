"""The client's first page: a greeting, one thing to do, when they come next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal import queries
from portal.views.appointments import shown
from portal.views.clients import for_clients
from practice import text
from practice.models import User
from practice.queries import the_practice, zone_of

MORNING, AFTERNOON, EVENING = 5, 12, 18  # the hours at which they begin


@dataclass(frozen=True)
class Greeting:
    """The first words of the page, and the day they are said on."""

    words: str
    day: str


def greeting(name: str, local: dt.datetime, *, locale: str) -> Greeting:
    """By the clock where the client is: `local` is a time in their zone. Before five it is still evening."""
    if MORNING <= local.hour < AFTERNOON:
        hello = _("Good morning")
    elif AFTERNOON <= local.hour < EVENING:
        hello = _("Good afternoon")
    else:
        hello = _("Good evening")
    return Greeting(
        f"{hello}, {name}." if name else f"{hello}.", text.day_in_words(local.date(), locale=locale)
    )


@require_safe
@for_clients
def home(request: HttpRequest, client: User) -> HttpResponse:
    """One lesson to do now, the next appointment, and what else is theirs."""
    practice, now = the_practice(), timezone.now()
    zone = zone_of(client.zone, practice=practice)
    own = [one for one in queries.assigned_lessons(client) if one.minutes is not None]
    coming = queries.next_appointment(client, now=now)
    return render(
        request,
        "portal/home.html",
        {
            "greeting": greeting(client.first_name, now.astimezone(zone), locale=practice.locale),
            "lesson": own[0] if own else queries.first_free_lesson(),
            "more": own[1:],
            "coming": coming and shown(coming, practice, zone, now),
            "has_passkey": _has_passkey(client),
        },
    )


@require_safe
@for_clients
def lessons(request: HttpRequest, client: User) -> HttpResponse:
    """What is given to this client, and what everybody may hear."""
    own = queries.assigned_lessons(client)
    given = {one.slug for one in own}
    free = [one for one in queries.free_lessons() if one.slug not in given]
    return render(request, "portal/lessons.html", {"own": own, "free": free})


def _has_passkey(client: User) -> bool:
    return Authenticator.objects.filter(user=client, type=Authenticator.Type.WEBAUTHN).exists()
