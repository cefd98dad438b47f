"""What an exercise plays and shows: the sound of its timer, photos and videos. Each request is authorized."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.audio.serve import serve_file, serve_made
from portal.exercises.actions.media import FOLDER
from portal.exercises.display import may_open, timing_for
from portal.exercises.engine.timing import phases
from portal.exercises.engine.track import track
from portal.models import ExerciseMedia

TYPES = {"webp": "image/webp", "mp4": "video/mp4"}


@login_not_required
@require_safe
def bells(request: HttpRequest, slug: str, key: str) -> HttpResponseBase:
    """Serve the sound of an exercise's timer. Signed out: 401, since a player can't follow a redirect."""
    if not request.user.is_authenticated:
        return _signed_out()
    timing = timing_for(request.user, slug)
    if timing is None or timing.key != key:
        raise Http404("another timer")
    sound = track(phases(timing))
    return serve_made(request, sound, mark=f"bells-{key}", content_type="audio/mpeg")


@login_not_required
@require_safe
def media(request: HttpRequest, key: str, ending: str) -> HttpResponseBase:
    """Serve a photo, a video or its first picture to those who may open its exercise."""
    if not request.user.is_authenticated:
        return _signed_out()
    ready = ExerciseMedia.objects.filter(key=key, state=ExerciseMedia.State.READY)
    found = ready.select_related("exercise").first()
    if found is None or not may_open(request.user, found.exercise):
        raise Http404("no such picture for you")
    if ending == "mp4" and found.kind != ExerciseMedia.Kind.VIDEO:
        raise Http404("not a video")
    lasts = dt.timedelta(milliseconds=found.duration_ms or 0) if ending == "mp4" else None
    return serve_file(
        request, f"{FOLDER}/{key}.{ending}", mark=f"{key}-{ending}", content_type=TYPES[ending], lasts=lasts
    )


def _signed_out() -> HttpResponse:
    sentence = _("You were signed out. Sign in again to continue.")
    return HttpResponse(
        sentence, status=401, content_type="text/plain", headers={"Cache-Control": "no-store"}
    )
