"""Views for what a client sends from a lesson's page: words, guidelines read, a question."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.audio.position import at_place
from portal.lessons import access, lesson_page
from portal.lessons.forms import WordsForm
from portal.lessons.playback_token import InvalidTicket, read_words_ticket
from portal.lessons.views.lessons import lesson_of_client
from portal.models import Lesson, LessonAudio, PracticeEntry
from portal.practice_log.actions.listen import OtherClientsEntry
from portal.practice_log.actions.self_report import NotBegun, ReportRejected, write_down
from portal.questions.actions import NotAsked, ask
from practice.models import User
from practice.security.limits import count_use

MOST = 300  # in five minutes: what is kept while one writes is a few
MOST_QUESTIONS = 20
WINDOW = dt.timedelta(minutes=5)


def for_practising(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Return the view as `view(request, client, lesson, now)`, for POST by clients of this lesson.

    404 for staff, and for a lesson that is not the client's. One unassigned may still be written about for a
    day, as it may be reported as heard.
    """

    @require_POST
    def guarded(request: HttpRequest, slug: str) -> HttpResponse:
        client, now = request.user, timezone.now()
        if not isinstance(client, User) or client.is_staff:
            raise Http404("only clients practise here")
        return view(request, client, access.lesson_heard(client, slug, now=now), now)

    return guarded


@for_practising
def words(request: HttpRequest, client: User, lesson: Lesson, now: dt.datetime) -> HttpResponse:
    """Save what was written; answer JSON if asked for, else redirect back to the page."""
    form = WordsForm(request.POST)
    if not count_use(f"words:{client.pk}", limit=MOST, window=WINDOW, now=now):
        form.add_error(None, _("Please wait a moment and save again."))
        return _refused(request, client, lesson, form, HTTPStatus.TOO_MANY_REQUESTS)
    try:
        ticket = read_words_ticket(request.POST.get("ticket"), client=client, lesson=lesson, now=now)
    except InvalidTicket as dead:
        raise Http404("nothing of theirs") from dead
    if not form.is_valid():
        return _refused(request, client, lesson, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        entry = write_down(
            client,
            form.said(),
            uid=form.cleaned_data["entry"],
            lesson=lesson,
            recording=_recording(lesson, ticket.recording_id),
            since=ticket.made_at,
            age=form.written_ago,
            now=now,
        )
    except OtherClientsEntry as stranger:
        raise Http404("nothing of theirs") from stranger
    except NotBegun:
        return _waits(request, client, lesson, form)
    except ReportRejected as refusal:
        form.add_error(refusal.name, str(refusal))
        return _refused(request, client, lesson, form, HTTPStatus.UNPROCESSABLE_ENTITY, code=refusal.code)
    return _kept(request, client, lesson, entry)


def _recording(lesson: Lesson, pk: int | None) -> LessonAudio | None:
    """Return the recording that was played; None where the ticket names none, or it is gone."""
    return None if pk is None else lesson.recordings.filter(pk=pk).first()


def _kept(request: HttpRequest, client: User, lesson: Lesson, entry: PracticeEntry) -> HttpResponse:
    rose = lesson_page.open_pain(client, entry)
    if _wants_json(request):
        return JsonResponse({"kept": True, "rose": rose, "done": entry.finished_at is not None})
    if not rose:
        messages.success(request, _("Saved."))
    return _back(client, lesson, f"?entry={entry.uid}#after")


def _waits(request: HttpRequest, client: User, lesson: Lesson, form: WordsForm) -> HttpResponse:
    """Answer that words from before alone stay on the page until something was heard or noticed."""
    if _wants_json(request):
        return JsonResponse({"kept": False, "rose": False, "done": False})
    messages.info(
        request,
        _("This is saved once you write something afterward or mark the lesson as done."),
    )
    return lesson_of_client(request, client, lesson, form=form)


def _refused(
    request: HttpRequest,
    client: User,
    lesson: Lesson,
    form: WordsForm,
    status: HTTPStatus,
    *,
    code: str = "words",
) -> HttpResponse:
    """Answer with the errors. `code` "day": written on another day, so the script uses a new entry."""
    if _wants_json(request):
        wrong = {name: list(words) for name, words in form.errors.items()}
        return JsonResponse({"error": {"code": code, "fields": wrong}}, status=status)
    return lesson_of_client(request, client, lesson, form=form, status=status)


@for_practising
def guidelines(request: HttpRequest, client: User, lesson: Lesson, now: dt.datetime) -> HttpResponse:
    """Record that the client has read the guidelines."""
    if not lesson_page.keep_guidelines_read(client, lesson, request.POST.get("digest", ""), now=now):
        messages.info(request, _("This was just changed. Please read it again."))
    at = _at_ms(request.POST.get("at", ""))
    return _back(client, lesson, f"{at_place('', at)}#before")


@for_practising
def question(request: HttpRequest, client: User, lesson: Lesson, now: dt.datetime) -> HttpResponse:
    """Send a question to the practitioner, about this place in the lesson."""
    text, wrong, status = request.POST.get("question", ""), "", HTTPStatus.UNPROCESSABLE_ENTITY
    if not count_use(f"ask:{client.pk}", limit=MOST_QUESTIONS, window=dt.timedelta(hours=1), now=now):
        wrong, status = _("Please wait a moment and send it again."), HTTPStatus.TOO_MANY_REQUESTS
    else:
        try:
            at_ms, uid = _at_ms(request.POST.get("at", "")), _uid(request.POST.get("uid", ""))
            ask(client, text, lesson=lesson, at_ms=at_ms, uid=uid, now=now)
        except NotAsked as refusal:
            wrong = str(refusal)
    if _wants_json(request):
        return JsonResponse({"error": wrong} if wrong else {"asked": True}, status=status if wrong else 200)
    if wrong:
        return lesson_of_client(
            request, client, lesson, question={"text": text, "wrong": wrong}, status=status
        )
    messages.success(request, _("Question sent. You’ll find the answer in your portal."))
    return _back(client, lesson, "#ask")


def _at_ms(text: str) -> int | None:
    """Return the player's seconds in ms; None for anything else."""
    return int(text) * 1000 if text.isascii() and text.isdigit() and len(text) <= 6 else None


def _uid(text: str) -> uuid.UUID | None:
    """Return the name a device gave its question; None for anything else."""
    try:
        return uuid.UUID(text) if text.isascii() else None
    except ValueError:
        return None


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("accept", "")


def _back(client: User, lesson: Lesson, rest: str) -> HttpResponse:
    """Redirect to the lesson's page, or to the portal when it was unassigned meanwhile."""
    if not access.may_hear(client, lesson):
        return redirect("portal")
    return redirect(reverse("portal_lesson", args=[lesson.slug]) + rest)
