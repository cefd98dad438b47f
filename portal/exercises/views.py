"""Pages of exercises: assigned ones first, then all; one with its pictures and timer; done with one tap."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from portal.client_pages import for_clients
from portal.exercises.display import ShownExercise, as_given, exercise_for, published, shown_timer
from portal.exercises.engine.care import ClientReport
from portal.exercises.next_practice import NextPractice, given_to
from portal.exercises.reported import heed_said, report_of
from portal.models import Exercise, PracticeEntry
from portal.practice_log.actions.exercise_done import MAY_TAKE_BACK, UndoTooLate, exercise_done, undo_exercise
from portal.practice_log.actions.listen import OtherClientsEntry
from portal.practice_log.queries import done_lately, times_done
from practice.core import formatting
from practice.core.body import BY_SLUG, REGIONS
from practice.models import Practice, User
from practice.queries import the_practice, zone_of
from practice.security.limits import count_use
from practice.web.errors import too_many

SHOWN_AS_DONE = dt.timedelta(hours=12)  # how long a page asks how it feels now
TAPS, WINDOW = 60, dt.timedelta(minutes=5)


@dataclass(frozen=True)
class ExerciseRow:
    """An exercise of the list; `uid` is of its next tap, `done` the last one if recent, `heed` a sentence."""

    one: ShownExercise
    given: NextPractice | None = None
    uid: uuid.UUID | None = None
    done: RecentlyDone | None = None
    heed: str = ""


@dataclass(frozen=True)
class RecentlyDone:
    """An exercise done lately: its time, and whether it can be taken back. `uid` names the entry."""

    uid: str
    at: str
    may_take_back: bool
    felt: str
    hurts: bool


@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    """Show assigned exercises, then the rest; of one region when asked; with `?mine` only assigned ones."""
    region = BY_SLUG.get(request.GET.get("region", ""))
    mine = _given(request.user)
    own = [one.exercise for one in mine if one.exercise]
    if region:
        mine = [one for one in mine if one.exercise and region in one.exercise.regions]
    taken = {one.slug for one in own}
    others = [one for one in published() if one.slug not in taken]
    if region:
        others = [one for one in others if region in one.regions]
    only_mine = "mine" in request.GET and bool(own)
    told = report_of(_client(request.user))
    return render(
        request,
        "portal/exercises.html",
        {
            "own": _own_rows(mine, told, _client(request.user), now=timezone.now()),
            "exercises": [] if only_mine else [ExerciseRow(one, heed=heed_said(one, told)) for one in others],
            "only_mine": only_mine,
            "has_own": bool(own),
            "region": region,
            "regions": REGIONS,
        },
    )


def _own_rows(
    mine: list[NextPractice], told: ClientReport, client: User | None, *, now: dt.datetime
) -> list[ExerciseRow]:
    """Return the assigned exercises as rows that can be marked as done."""
    if client is None:
        return []
    slugs = [one.exercise.slug for one in mine if one.exercise]
    lately = done_lately(client, slugs, since=now - SHOWN_AS_DONE) if slugs else {}
    practice = the_practice()
    return [
        ExerciseRow(
            one.exercise,
            one,
            uuid.uuid4(),
            done(lately[one.exercise.slug], client, practice=practice, now=now)
            if one.exercise.slug in lately
            else None,
            heed_said(one.exercise, told, ask=one.given_by),
        )
        for one in mine
        if one.exercise
    ]


@require_safe
def exercise(request: HttpRequest, slug: str) -> HttpResponse:
    """Show one exercise: its pictures and timer, what to do, feel and heed, and a button for "done"."""
    found, now = exercise_for(request.user, slug), timezone.now()
    context: dict[str, object] = {}
    if client := _client(request.user):
        given = next((one for one in _given(client) if one.url == found.url), None)
        if given:
            found = as_given(found, given.dosage)
        lately = done_lately(client, [slug], since=now - SHOWN_AS_DONE).get(slug)
        context |= {
            "given": given,
            "heed": heed_said(found, report_of(client), ask=given.given_by if given else ""),
            "uid": uuid.uuid4(),
            "done": lately and done(lately, client, practice=the_practice(), now=now),
            "times": _times(times_done(client, slug)) if lately else "",
            "felts": PracticeEntry.Felt.choices,
        }
    context |= {"exercise": found, "timer": shown_timer(found)}
    return render(request, "portal/exercise.html", context)


@require_POST
@for_clients
def exercise_is_done(request: HttpRequest, client: User, slug: str) -> HttpResponse:
    """Record the exercise as done, and how it felt if said. The same `uid` twice is once."""
    found, now = get_object_or_404(Exercise, slug=slug, is_published=True), timezone.now()
    uid, felt = _uid(request), request.POST.get("felt", "")
    if not count_use(f"exercise:{client.pk}", limit=TAPS, window=WINDOW, now=now):
        return too_many(request)
    try:
        exercise_done(client, found, uid=uid, felt=felt if felt in PracticeEntry.Felt else "", now=now)
    except OtherClientsEntry as stranger:
        raise Http404("nothing of theirs") from stranger
    return _back(request, slug)


@require_POST
@for_clients
def exercise_was_not_done(request: HttpRequest, client: User, slug: str) -> HttpResponse:
    """Take the entry back, or say in a sentence why it stays."""
    try:
        undo_exercise(client, _uid(request), now=timezone.now())
    except UndoTooLate as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.info(request, _("Undone. It’s not in your history."))
    return _back(request, slug)


def done(entry: PracticeEntry, client: User, *, practice: Practice, now: dt.datetime) -> RecentlyDone:
    """Return the words of an exercise done lately, on the client's clock."""
    return RecentlyDone(
        uid=str(entry.uid),
        at=formatting.clock_time(
            entry.started_at, zone_of(client.zone, practice=practice), locale=practice.locale
        ),
        may_take_back=now - entry.created_at <= MAY_TAKE_BACK and not entry.needs_human,
        felt=entry.felt,
        hurts=bool(entry.needs_human),
    )


def _client(somebody: User | AnonymousUser) -> User | None:
    """Return the reader if they are a client."""
    return somebody if isinstance(somebody, User) and not somebody.is_staff else None


def _given(somebody: User | AnonymousUser) -> list[NextPractice]:
    """Return the client's assigned exercises; none for anyone else."""
    client = _client(somebody)
    return [one for one in given_to(client, pictures=True) if one.exercise] if client else []


def _times(number: int) -> str:
    return ngettext("The first time.", "%(number)s times so far.", number) % {"number": number}


def _uid(request: HttpRequest) -> uuid.UUID:
    """Return the uid that the page gave to this tap. Raises Http404 for none."""
    try:
        return uuid.UUID(request.POST.get("uid", ""))
    except ValueError as error:
        raise Http404("no such tap") from error


def _back(request: HttpRequest, slug: str) -> HttpResponse:
    """Redirect to the page of the button."""
    if request.POST.get("on") == "home":
        return redirect(reverse("portal") + "#given")
    if request.POST.get("on") == "list":
        return redirect(f"{reverse('portal_exercises')}#{slug}")
    return redirect(reverse("portal_exercise", args=[slug]) + "#done")
