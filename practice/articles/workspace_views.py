"""Articles in the workspace: the list with its order, and the page to write one."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.articles.forms import article_form
from practice.models import Article


@staff_only
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """List all articles, published or not; those the reader may change have a link to do so."""
    user = require_staff(request)
    found = list(Article.objects.select_related("author__user"))
    own = set(rows.for_person(user, Article.objects.all(), "change").values_list("pk", flat=True))
    page = {
        "articles": [(one, one.pk in own) for one in found],
        "may_write": rows.may(user, "articles", "change"),
        "now": timezone.now(),
    }
    return render(request, "workspace/articles.html", page)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def article(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show and save an article, old or new."""
    form = article_form(require_staff(request), pk, request.POST or None)
    if request.method == "POST" and form.is_valid():
        saved = form.save_at(timezone.now())
        said = _("Saved. Visitors can read it now.") if saved.published_at else _("Saved as a draft.")
        messages.success(request, said)
        return redirect("workspace_article", pk=saved.pk)
    return render(request, "workspace/article.html", {"form": form}, status=422 if form.errors else 200)
