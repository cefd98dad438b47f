"""The owner's pages about the practice: its details, and the words of the home page with a preview."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from practice.access.pages import owner_only
from practice.business.forms import DetailsForm, HomePageForm
from practice.business.settings_views import edit_settings
from practice.queries import the_practice


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """Show and save who and where the practice is."""
    form = DetailsForm(request.POST or None, instance=the_practice())
    return edit_settings(request, form, "workspace/details.html", "workspace_details")


@owner_only
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """Show and save the words of the home page."""
    form = HomePageForm(request.POST or None, instance=the_practice())
    return edit_settings(request, form, "workspace/words.html", "workspace_words")
