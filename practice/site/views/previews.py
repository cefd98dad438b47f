"""Previews of public pages with words that are not saved: the home page, and an article."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from practice.access.pages import owner_only, require_staff, staff_only
from practice.articles.forms import article_form
from practice.business.forms import HomePageForm
from practice.queries import the_practice
from practice.site.views.pages import article_context, home_page


@owner_only
@require_POST
def home(request: HttpRequest) -> HttpResponse:
    """Show the home page as it would be with the words of the form. Saves nothing."""
    form = HomePageForm(request.POST, instance=the_practice())
    if not form.is_valid():
        return render(request, "workspace/words.html", {"form": form}, status=422)
    page = home_page(form.instance, now=timezone.now())
    return render(
        request, "pages/home.html", {**page, "practice": form.instance, "preview_notice": _preview()}
    )


@staff_only
@require_POST
def article(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show an article's page as it would be with the words of the form. Saves nothing."""
    form = article_form(require_staff(request), pk, request.POST)
    if not form.is_valid():
        return render(request, "workspace/article.html", {"form": form}, status=422)
    page = article_context(form.instance, now=timezone.now())
    return render(request, "pages/article.html", {**page, "preview_notice": _preview()})


def _preview() -> str:
    return _("This is a preview, and nothing is saved. Close this tab to keep writing.")
