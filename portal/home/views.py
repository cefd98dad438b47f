"""The client's first page: a greeting, one thing to do with their plan, and the next appointment."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from booking.intake import queries as intake_queries
from booking.models import Appointment
from portal import queries
from portal.appointments.views import rebooking_row, shown
from portal.audio.position import at_place
from portal.client_pages import for_clients
from portal.exercises.next_practice import MOST, NextPractice, first_of, given_to, interrupted_lesson
from portal.exercises.views import SHOWN_AS_DONE, RecentlyDone, done
from portal.followups.engine.stages import QUIET_AFTER
from portal.models import ClientProfile, PracticeEntry
from portal.practice_log import queries as practice_log_queries
from portal.practice_log.history import last_noticed
from portal.practice_log.listening import day_of
from portal.questions.queries import new_answer
from portal.wording import on_day
from practice.consents import queries as consents_queries
from practice.core import formatting
from practice.models import Practice, User
from practice.queries import the_practice, zone_of

MORNING, AFTERNOON, EVENING = 5, 12, 18  # the hours at which they begin


@dataclass(frozen=True)
class Greeting:
    """The first words of the page, and the day."""

    words: str
    day: str


@dataclass(frozen=True)
class AssignmentRow:
    """An assignment as a row. For an exercise: the uid of its next tap, and the last one if recent."""

    what: NextPractice
    uid: uuid.UUID
    done: RecentlyDone | None


def greeting(name: str, local: dt.datetime, *, locale: str, was_away: bool = False) -> Greeting:
    """Return the greeting for `local`, a time in the client's zone. Before five it is still evening."""
    if was_away:
        hello = _("Welcome back")
    elif MORNING <= local.hour < AFTERNOON:
        hello = _("Good morning")
    elif AFTERNOON <= local.hour < EVENING:
        hello = _("Good afternoon")
    else:
        hello = _("Good evening")
    return Greeting(
        f"{hello}, {name}." if name else f"{hello}.", formatting.day_in_words(local.date(), locale=locale)
    )


@require_safe
@for_clients
def home(request: HttpRequest, client: User) -> HttpResponse:
    """Show one thing to do now, other assignments, the next appointment, and answers and noticings."""
    practice, now = the_practice(), timezone.now()
    zone = zone_of(client.zone, practice=practice)
    hurts, last = practice_log_queries.has_open_pain(client), practice_log_queries.last_entry(client)
    was_away = last is not None and now - last.last_at >= QUIET_AFTER and not hurts
    coming = queries.next_appointment(client, now=now)
    return render(
        request,
        "portal/home.html",
        {
            "greeting": greeting(
                client.first_name, now.astimezone(zone), locale=practice.locale, was_away=was_away
            ),
            "hurts": hurts,
            "coming": coming and shown(coming, client, practice, now),
            "again": None if coming else rebooking_row(client, practice, zone, now),
            "answer": new_answer(client),
            "noticed": last_noticed(client),
            "before": open_before_session(client, coming),
            "zone": zone,
            "has_passkey": _has_passkey(client),
            **({} if hurts else _to_do(client, practice, last, now=now)),
        },
    )


def open_before_session(client: User, coming: Appointment | None) -> str:
    """Return what is open before the next session: "intake", "consent" or "".

    An intake that nobody has begun is not mentioned without an appointment.
    """
    standing = intake_queries.open_of(client)
    if standing and (coming or standing.answers):
        return "intake"
    return "consent" if coming and consents_queries.unsigned(client) else ""


def _to_do(
    client: User, practice: Practice, last: PracticeEntry | None, *, now: dt.datetime
) -> dict[str, object]:
    """Return the one thing to do, where they stopped in it, their plan for it, and the others."""
    given = given_to(client)
    first = interrupted_lesson(given, last, now=now) or first_of(given, client, now=now)
    if first is None:
        return {"lesson": queries.first_free_lesson()}
    others = [one for one in given if one != first][: MOST - 1]
    lately = practice_log_queries.done_lately(
        client, [one.exercise.slug for one in given if one.exercise], since=now - SHOWN_AS_DONE
    )
    boards = [
        AssignmentRow(
            one,
            uuid.uuid4(),
            done(lately[one.exercise.slug], client, practice=practice, now=now)
            if one.exercise and one.exercise.slug in lately
            else None,
        )
        for one in (first, *others)
    ]
    return {
        "first": boards[0],
        "stopped": _stopped(client, first, practice, now=now),
        "plan": ClientProfile.objects.of(client),
        "others": boards[1:],
    }


def _stopped(
    client: User, first: NextPractice, practice: Practice, *, now: dt.datetime
) -> dict[str, str] | None:
    """Return where the client stopped in the lesson, and when; None to begin anew."""
    before = practice_log_queries.resume_point(client, first.recording) if first.recording else None
    if before is None:
        return None
    zone = zone_of(client.zone, practice=practice)
    return {
        "at": formatting.place_in_audio(before.stop.at_ms / 1000),
        "url": at_place(first.url, before.stop.at_ms),
        "when": on_day(day_of(before.stop.when, zone), today=day_of(now, zone), locale=practice.locale),
    }


def _has_passkey(client: User) -> bool:
    return Authenticator.objects.filter(user=client, type=Authenticator.Type.WEBAUTHN).exists()
