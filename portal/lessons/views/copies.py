"""The lesson's page as a device keeps it: the same words and player, and nothing that leads elsewhere."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from portal.lessons import access
from portal.lessons.views.lessons import as_copy, lesson_of_client
from portal.lessons.views.page_context import page_of
from practice.models import User


@login_not_required
@require_safe
def lesson_copy(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the public page of a free lesson as it is kept. 404 when copies are turned off."""
    found = access.lesson_for(request.user, slug)
    if not settings.OFFLINE_LESSONS:
        raise Http404("copies are turned off")
    page = page_of(request, found, back=reverse("lesson", args=[slug]))
    return render(request, "lessons/lesson.html", as_copy(page))


@require_safe
def portal_lesson_copy(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a client's page of a lesson as it is kept; nobody who works here keeps one."""
    found, client = access.lesson_for(request.user, slug).lesson, request.user
    if not settings.OFFLINE_LESSONS or not isinstance(client, User) or client.is_staff:
        raise Http404("no copy for you")
    return lesson_of_client(request, client, found, is_copy=True)
