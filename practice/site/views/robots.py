"""The robots.txt: pages of one person, and addresses that open something, are left alone."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

# Beginnings that everybody may know. The back office's is chosen by the practice, and so not told here.
CLOSED = (
    *("/accounts/", "/portal/", "/workspace/", "/enter/", "/set-up/", "/test-email/", "/email/", "/address/"),
    *("/appointments/", "/offers/", "/waiting/", "/intake/", "/calendar/"),
    *("/api/", "/embed/", "/book/*/held/"),
)


@login_not_required
@require_safe
@cache_control(public=True, max_age=24 * 60 * 60)
def robots(request: HttpRequest) -> HttpResponse:
    """Answer with the same rules for every crawler."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
