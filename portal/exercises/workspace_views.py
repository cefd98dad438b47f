"""Exercises in the workspace: the list, the page to write one, its photos and its video."""

from __future__ import annotations

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.exercises.actions.media import MOST_PHOTOS, Kind, NotStored, add_photo, receive_video, remove
from portal.exercises.display import shown, with_media
from portal.exercises.figures import still
from portal.exercises.forms import ExerciseForm, PhotoForm, VideoForm
from portal.models import Exercise
from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.models import User

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


def editor(request: HttpRequest) -> User:
    """Return the reader if they may write exercises. Raises Http404."""
    user = require_staff(request)
    if not rows.may(user, "teaching", "change"):
        raise Http404
    return user


@staff_only
@require_safe
def exercises(request: HttpRequest) -> HttpResponse:
    """List all exercises, published or not."""
    editor(request)
    found = [shown(one) for one in Exercise.objects.prefetch_related(with_media())]
    return render(request, "workspace/exercises.html", {"exercises": found})


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def exercise(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """Show and save an exercise, old or new."""
    editor(request)
    row = get_object_or_404(Exercise, slug=slug) if slug else Exercise()
    form = ExerciseForm(request.POST if request.method == "POST" else None, instance=row)
    if form.is_bound and form.is_valid():
        saved = form.save()
        said = _("Saved. Clients can see it now.") if saved.is_published else _("Saved as a draft.")
        messages.success(request, said)
        return redirect("workspace_exercise", slug=saved.slug)
    if form.is_bound and row.pk:
        row = Exercise.objects.get(pk=row.pk)  # the page's pictures and title are those that are saved
    return _page(request, row, form)


@staff_only
@require_POST
def photos(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a photo, or remove the one whose button was pressed."""
    user = editor(request)
    row = get_object_or_404(Exercise, slug=slug)
    if "remove" in request.POST:
        return _remove(request, row, Kind.PHOTO, _("The photo was removed."))
    form = PhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, ExerciseForm(instance=row), photo=form)
    try:
        picture, words = form.cleaned_data["photo"], form.cleaned_data["photo_words"]
        add_photo(row, picture, words=words, by=user, now=timezone.now())
    except NotStored as refusal:
        form.add_error("photo", str(refusal))
        return _page(request, row, ExerciseForm(instance=row), photo=form)
    messages.success(request, _("The photo was added."))
    return redirect(f"{request.path.removesuffix('photos/')}#photos")


@staff_only
@require_POST
def video(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a video for the media worker, or remove the one whose button was pressed."""
    user = editor(request)
    row = get_object_or_404(Exercise, slug=slug)
    if "remove" in request.POST:
        return _remove(request, row, Kind.VIDEO, _("The video was removed."))
    form = VideoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, ExerciseForm(instance=row), video=form)
    try:
        sent, words = form.cleaned_data["video"], form.cleaned_data["video_words"]
        receive_video(row, sent, words=words, by=user, now=timezone.now())
    except NotStored as refusal:
        form.add_error("video", str(refusal))
        return _page(request, row, ExerciseForm(instance=row), video=form)
    messages.success(request, _("The video was uploaded. It’s shown as soon as it has been prepared."))
    return redirect(f"{request.path.removesuffix('video/')}#video")


def _remove(request: HttpRequest, row: Exercise, kind: str, said: str) -> HttpResponse:
    pk = request.POST["remove"]
    found = row.media.filter(kind=kind, pk=pk).first() if pk.isdigit() else None
    if found:
        remove(found)
        messages.success(request, said)
    return redirect("workspace_exercise", slug=row.slug)


def _page(
    request: HttpRequest,
    row: Exercise,
    form: ExerciseForm,
    *,
    photo: PhotoForm | None = None,
    video: VideoForm | None = None,
) -> HttpResponse:
    """Show the page; a form that was sent has its errors and words."""
    media = list(row.media.all()) if row.pk else []
    chosen = form["figure"].value() or ""
    sent = [one for one in (form, photo, video) if one is not None and one.errors]
    page = {
        "exercise": row,
        "form": form,
        "photo_form": photo or PhotoForm(),
        "video_form": video or VideoForm(),
        "sent": sent[0] if sent else form,
        "photos": [one for one in media if one.kind == Kind.PHOTO],
        "videos": [one for one in media if one.kind == Kind.VIDEO],
        "most_bytes": settings.VIDEO_BYTES,
        "may_add": sum(one.kind == Kind.PHOTO for one in media) < MOST_PHOTOS,
        "figures": [
            (value, label, still(value) if value else "", value == chosen)
            for value, label in form.fields["figure"].choices  # type: ignore[attr-defined]
        ],
        "timing": [form[name] for name in ("repetitions", "hold_seconds", "rest_seconds")],
    }
    return render(request, "workspace/exercise.html", page, status=UNPROCESSABLE if sent else HTTPStatus.OK)
