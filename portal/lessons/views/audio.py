"""The view of a recording: authorize every request, then serve the file."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.audio.serve import serve
from portal.lessons import access


@login_not_required
@require_safe
def audio(request: HttpRequest, slug: str, sha256: str) -> HttpResponseBase:
    """Serve the recording, or a part of it. Signed out: 401, since a player cannot follow a redirect."""
    try:
        recording = access.recording_for(request.user, slug, sha256)
    except access.SignInNeeded:
        sentence = _("You were signed out. Sign in again to continue where you left off.")
        return HttpResponse(
            sentence, status=401, content_type="text/plain", headers={"Cache-Control": "no-store"}
        )
    return serve(request, recording)
