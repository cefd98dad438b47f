"""The list of all lessons, and for one of them: begin it, see it as a client, withdraw it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from portal.lesson_editing import queries
from portal.lesson_editing.access import edited_lesson, may_edit
from portal.lesson_editing.actions.texts import NotPublished, create_lesson, withdraw
from portal.lesson_editing.forms import NewLessonForm
from portal.lesson_editing.queries import EditedLesson
from portal.lesson_editing.texts import as_edited
from portal.lesson_editing.wording import NEXT_STEPS
from portal.lessons.views.lessons import as_a_client_sees_it
from portal.models import Lesson
from practice.access import rows
from practice.access.pages import require_staff, staff_only


@staff_only
@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    """List all lessons: published, drafts and withdrawn ones, each with what to do next."""
    found = queries.edited_lessons()

    def of(is_one: bool, one: EditedLesson) -> tuple[EditedLesson, str] | None:
        return (one, str(NEXT_STEPS.get(one.next_step, ""))) if is_one else None

    groups = (
        ("published", pgettext("lessons", "Published"), [of(one.state.is_published, one) for one in found]),
        ("drafts", _("Drafts"), [of(_is_draft(one), one) for one in found]),
        ("withdrawn", _("Withdrawn"), [of(_is_withdrawn(one), one) for one in found]),
    )
    page = {
        "groups": [(key, words, [one for one in some if one]) for key, words, some in groups],
        "any": bool(found),
        "may_change": rows.may(require_staff(request), "teaching", "change"),
        "collections": queries.edited_collections(),
    }
    return render(request, "workspace/lessons.html", page)


def _is_draft(one: EditedLesson) -> bool:
    return not one.state.is_published and not one.state.is_withdrawn


def _is_withdrawn(one: EditedLesson) -> bool:
    return not one.state.is_published and one.state.is_withdrawn


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Begin a lesson, which nobody but staff sees until it is published."""
    user = may_edit(request)
    form = NewLessonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        made = create_lesson(
            title=typed["title"],
            position=typed["position"],
            is_free=typed["is_free"] == "free",
            by=user,
            now=timezone.now(),
        )
        messages.success(request, _("Created. Only people who work here see it until you publish it."))
        return redirect("workspace_lesson", slug=made.slug)
    return render(request, "workspace/lesson_new.html", {"form": form}, status=422 if form.errors else 200)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a lesson's page as a client who has it sees it, with its unpublished changes. Keeps nothing."""
    lesson = get_object_or_404(Lesson, slug=slug)
    here = reverse("workspace_lesson_preview", args=[slug])
    said = (
        _("This is a preview, so nothing was saved.")
        if request.method == "POST"
        else _("This is how a client sees the lesson. Nothing you do here is saved.")
    )
    back = reverse("workspace_lesson", args=[slug])
    page = as_a_client_sees_it(request, as_edited(lesson)) | {
        "preview": here,
        "preview_notice": format_html('{} <a href="{}">{}</a>', said, back, _("Back to the texts")),
    }
    return render(request, "workspace/lesson_preview.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask once, saying who has it and what they will see; then take the lesson back."""
    user, lesson = edited_lesson(request, slug)
    if request.method == "POST":
        try:
            withdraw(lesson, by=user, now=timezone.now())
        except NotPublished:
            messages.info(request, _("This lesson is not published, so there was nothing to withdraw."))
        else:
            messages.success(request, _("Withdrawn. You can publish it again at any time."))
        return redirect("workspace_lesson", slug=slug)
    page = {"lesson": lesson, "clients": queries.clients_who_have(lesson)}
    return render(request, "workspace/lesson_withdraw.html", page)
