"""A calendar feed by its secret address. It only reads."""

from __future__ import annotations

import hashlib

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from booking.calendars import feeds


@login_not_required
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Return the file; 304 if nothing has changed; 404 for a revoked feed, as for one that never was."""
    found = feeds.feed_of(token)
    if found is None:
        raise Http404
    now = timezone.now()
    body = feeds.as_file(found, feeds.sessions_in(found, now=now), feeds.blocked_in(found, now=now))
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=etag) or HttpResponse(
        body, content_type="text/calendar; charset=utf-8"
    )
    answer["Content-Length"] = str(len(body))  # also for a 304, which otherwise says 0
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer
