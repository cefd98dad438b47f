"""The owner's page of retention: every rule, what goes next, the periods to choose, and the guarded logs."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from practice.access.pages import owner_only
from practice.append_only import guard
from practice.business.settings_views import edit_settings
from practice.models import DoorOpening, Practice
from practice.queries import as_if, the_practice
from practice.retention.chores import foresee
from practice.retention.forms import RetentionForm
from practice.retention.page import owner_sections

TEMPLATE = "workspace/retention.html"
LATEST = 20


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: HttpRequest) -> HttpResponse:
    """Show and save how long things are kept; "preview" saves nothing, and says what would go."""
    form = RetentionForm(request.POST or None, instance=the_practice())
    previews = request.method == "POST" and "preview" in request.POST and form.is_valid()
    if previews:
        return render(request, TEMPLATE, {"form": form, "previewed": True, **_page(form.instance)})
    # A form that is not valid has half of what was typed in its instance.
    shown = form.instance if form.is_valid() or request.method != "POST" else Practice.objects.get(pk=1)
    return edit_settings(request, form, TEMPLATE, "workspace_retention", _page(shown))


def _page(practice: Practice) -> dict[str, object]:
    with as_if(practice):
        counts = foresee(timezone.now())
    return {
        "sections": owner_sections(practice, counts),
        "total": sum(counts.values()),
        "unguarded": guard.missing(),
        "openings": DoorOpening.objects.all()[:LATEST],
    }
