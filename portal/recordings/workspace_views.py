"""The page of a lesson's recording: hear it, send a new one, record one, follow what becomes of it."""

from __future__ import annotations

from csp.constants import SELF
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from booking.access import zone_at_work
from portal import queries as portal_queries
from portal.audio.accept import SHORTEST_MS
from portal.audio.measure import LONGEST_S
from portal.audio.serve import is_there
from portal.audio.transcript import clock
from portal.lessons.actions.uploads import NotStored, receive
from portal.models import Lesson, RecordingUpload
from portal.recordings.actions import receive as receiving
from portal.recordings.forms import RecordingForm
from portal.recordings.queries import ShownUpload, may_change, uploads_of
from portal.recordings.wording import size_words, step_words
from practice.access.pages import require_staff, staff_only
from practice.models import User
from practice.web.middleware import PERMISSIONS

#: The one page on which the microphone may be asked for.
WITH_MICROPHONE = PERMISSIONS.replace("microphone=()", "microphone=(self)")


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def recording(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the recording of a lesson; POST takes a file in one piece."""
    lesson, user = _lesson(request, slug), require_staff(request)
    form = RecordingForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            receive(lesson, form.cleaned_data["recording"], by=user)
        except NotStored as error:
            form.add_error("recording", str(error))
        else:
            return redirect("workspace_lesson_recording", slug=slug)
    answer = render(
        request,
        "workspace/lesson_recording.html",
        {"form": form, **_page(lesson, user)},
        status=422 if form.errors else 200,
    )
    answer["Permissions-Policy"] = WITH_MICROPHONE
    heard = [SELF, *settings.RECORDINGS_FROM, "blob:"]  # also before it is sent
    answer._csp_replace = {"media-src": heard}  # type: ignore[attr-defined]
    return answer


def _page(lesson: Lesson, user: User) -> dict[str, object]:
    current = portal_queries.current_recording(lesson)
    shown = [_shown(one) for one in uploads_of(lesson)]
    return {
        "lesson": lesson,
        "current": current,
        "is_there": current is not None and is_there(current),
        "length": clock(current.duration_ms) if current else "",
        "uploads": shown,
        "is_moving": any(one["is_at_work"] for one in shown),
        "version": f"{current.pk if current else 0}",
        "zone": zone_at_work(user),
        "most_bytes": settings.UPLOAD_BYTES,
        "chunk_bytes": settings.CHUNK_BYTES,
        "megabytes": settings.UPLOAD_BYTES // 1_000_000,
        "minutes": LONGEST_S // 60,
        "most_seconds": LONGEST_S,
        "least_seconds": SHORTEST_MS // 1000,
        "reader": user,
    }


def _shown(row: RecordingUpload) -> dict[str, object]:
    try:
        here = receiving.arrived(row)
    except receiving.Gone:
        here = 0
    one = ShownUpload(row, here)
    return {
        "row": row,
        "percent": one.percent,
        "is_at_work": one.is_at_work,
        "words": step_words(row.step),
        "arrived": size_words(one.arrived),
        "size": size_words(row.size),
    }


@staff_only
@require_POST
def upload_done_with(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Dismiss an upload that could not be used, or remove an unfinished one."""
    lesson = _lesson(request, slug)
    upload = get_object_or_404(RecordingUpload, pk=pk, lesson=lesson)
    if upload.state == RecordingUpload.State.RECEIVING:
        receiving.discard(upload)
        messages.success(request, _("Removed. The lesson is unchanged."))
    else:
        receiving.dismiss(upload, now=timezone.now())
    if request.POST.get("from") == "today":
        return redirect("workspace")
    return redirect("workspace_lesson_recording", slug=slug)


@staff_only
@require_POST
def times_are_right(request: HttpRequest, slug: str) -> HttpResponse:
    """Note that someone has checked the times that were carried over."""
    lesson = _lesson(request, slug)
    lesson.recordings.filter(is_current=True).update(times_to_check=False)
    messages.success(request, _("Thank you. The times stay."))
    return redirect("workspace_lesson_recording", slug=slug)


def _lesson(request: HttpRequest, slug: str) -> Lesson:
    if not may_change(require_staff(request)):
        raise Http404
    return get_object_or_404(Lesson, slug=slug)
