"""The page of a lesson's texts: written, kept while typing, previewed, published."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.access import zone_at_work
from portal.lesson_editing import queries
from portal.lesson_editing.access import edited_lesson, kept_under
from portal.lesson_editing.actions.texts import (
    ChangedSince,
    NotComplete,
    discard_draft,
    publish,
    save_texts,
)
from portal.lesson_editing.engine.readiness import missing
from portal.lesson_editing.forms import TextsForm
from portal.lesson_editing.texts import draft_is_behind, edited_texts, published_texts, version_of
from portal.lesson_editing.wording import missing_in_words
from portal.models import Lesson
from practice.access.pages import staff_only
from practice.articles.markdown import render as markdown
from practice.articles.markdown import sections
from practice.core import formatting
from practice.models import User
from practice.queries import the_practice

JSON = "application/json"
HISTORY = 10  # lines shown


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a lesson's texts; save, publish or preview them. A fetch that asks for JSON saves a draft."""
    user, found = edited_lesson(request, slug)
    if request.method != "POST":
        return _page(request, user, found, TextsForm(None, found))
    form = TextsForm(request.POST, found)
    if request.headers.get("accept") == JSON:
        return _autosave(user, found, form)
    do = request.POST.get("do")
    if not form.is_valid() or do == "preview":
        return _page(request, user, found, form, shows_preview=do == "preview")
    return _written(request, user, found, form, do=do or "save")


@staff_only
@require_POST
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the texts that were sent as clients would read them: a part of a page. Saves nothing."""
    _user, found = edited_lesson(request, slug)
    return render(
        request, "workspace/_lesson_words.html", {"shown": _as_read(TextsForm(request.POST, found))}
    )


def _written(request: HttpRequest, user: User, lesson: Lesson, form: TextsForm, *, do: str) -> HttpResponse:
    """Save what was typed, then publish it if that was asked for; or drop the draft."""
    now, seen = timezone.now(), form.cleaned_data["version"]
    try:
        if do == "discard":
            discard_draft(lesson, seen=seen, by=user, now=now)
            messages.success(request, _("The changes were discarded. Clients read the same as before."))
            return redirect("workspace_lesson", slug=lesson.slug)
        saved = save_texts(lesson, form.texts, seen=seen, by=user, now=now)
        if do == "publish":
            return _published(request, user, saved, now=now)
    except ChangedSince as error:
        form.show_again(error.lesson)
        form.add_error(None, _other_saved())
        return _page(request, user, error.lesson, form, theirs=error.lesson)
    messages.success(
        request,
        _("Saved. Clients read the published texts until you publish the changes.")
        if saved.draft
        else _("Saved."),
    )
    return redirect("workspace_lesson", slug=lesson.slug)


def _other_saved() -> str:
    return _(
        "Someone else changed this lesson while this page was open, so it was not saved yet. What you typed "
        "is below, and their texts are above it. Save again to replace theirs."
    )


def _published(request: HttpRequest, user: User, saved: Lesson, *, now: dt.datetime) -> HttpResponse:
    """Publish a saved lesson, or say what it lacks."""
    try:
        publish(saved, seen=version_of(saved), by=user, now=now)
    except NotComplete as refusal:
        lacks = formatting.listed(missing_in_words(refusal.missing), locale=the_practice().locale)
        messages.error(
            request,
            _("Saved, but not published: clients also need %(what)s.") % {"what": lacks},
        )
    else:
        messages.success(request, _("Published. Clients who have it can open it now."))
    return redirect("workspace_lesson", slug=saved.slug)


def _autosave(user: User, lesson: Lesson, form: TextsForm) -> JsonResponse:
    if not form.is_valid():
        wrong = {name: str(errors[0]) for name, errors in form.errors.items()}
        return _not_kept("form", _("Not saved: one thing needs another look."), 422, fields=wrong)
    now = timezone.now()
    try:
        saved = save_texts(
            lesson, form.texts, seen=form.cleaned_data["version"], by=user, now=now, is_autosave=True
        )
    except ChangedSince:
        return _not_kept("stale", _other_saved(), 409)
    when = formatting.clock_time(now, zone_at_work(user), locale=the_practice().locale)
    said = (_("Draft saved %(time)s.") if saved.is_published else _("Saved %(time)s.")) % {"time": when}
    return JsonResponse({"version": version_of(saved), "saved": said})


def _not_kept(code: str, message: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message, **more}}, status=status)


def _page(
    request: HttpRequest,
    user: User,
    lesson: Lesson,
    form: TextsForm,
    *,
    theirs: Lesson | None = None,
    shows_preview: bool = False,
) -> HttpResponse:
    """Show the form beside what clients would read. `theirs`: a version saved in the meantime."""
    state = queries.state_of(lesson)
    wrong = bool(form.errors) and not shows_preview
    page = {
        "lesson": lesson,
        "form": form,
        "state": state,
        "lacks": missing_in_words(missing(state)),
        "shown": _as_read(form),
        "theirs": _differences(form, edited_texts(theirs)) if theirs else [],
        "published": _differences(form, published_texts(lesson)) if draft_is_behind(lesson) else [],
        "history": lesson.changes.select_related("by")[:HISTORY],
        "zone": zone_at_work(user),
        "kept_under": kept_under(user, lesson),
        "clients": queries.clients_who_have(lesson),
    }
    return render(
        request, "workspace/lesson.html", page, status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else 200
    )


def _differences(form: TextsForm, other: dict[str, Any]) -> list[tuple[str, str]]:
    """Return label and text of what differs in the other version from what the form shows."""
    found = []
    for name, text in other.items():
        if not isinstance(text, str):
            continue
        shown = str(form[name].value() or "").replace("\r\n", "\n").strip()
        if shown != text.strip():
            found.append((str(form[name].label), text))
    return found


def _as_read(form: TextsForm) -> dict[str, Any]:
    """Return the texts of the form as pages show them; also of a form that is not valid."""
    typed = {name: str(form[name].value() or "").replace("\r\n", "\n") for name in form.fields}
    return {
        **{name: typed[name] for name in ("title", "standfirst", "position", "things", "voice")},
        "guidelines": sections(typed["guidelines"]),
        "expectations": sections(typed["expectations"]),
        "what_happened": markdown(typed["what_happened"]),
    }
