"""The stylesheet with the practice's own colors. No account, no query: its address says them."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from practice.business.engine import colors
from practice.business.engine.contrast import is_color

FOR_A_YEAR = "public, max-age=31536000, immutable"
#: Where the page "Look" shows colors that are not saved.
SAMPLE = ".sample"


@login_not_required
@require_safe
def look_css(request: HttpRequest) -> HttpResponse:
    """Return the rules for these two colors; with `sample`, for the samples of the page "Look" only."""
    light, dark = (f"#{request.GET.get(name, '')}" for name in ("light", "dark"))
    if not (is_color(light) and is_color(dark)):
        raise Http404("these are no colors")
    rules = colors.stylesheet(light, dark, inside=SAMPLE if "sample" in request.GET else "")
    headers = {"Cache-Control": FOR_A_YEAR}
    return HttpResponse(rules, content_type="text/css; charset=utf-8", headers=headers)
