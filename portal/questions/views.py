"""A client's questions: asked here or from an exercise, answered here, and marked as read."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from portal.client_pages import for_clients
from portal.models import Exercise
from portal.questions.actions import NotAsked, ask, mark_seen
from portal.questions.queries import new_answer, pin_of, questions_of
from practice.models import User
from practice.queries import the_practice, zone_of
from practice.security.limits import count_use
from practice.web.errors import too_many

ASKED, WINDOW = 20, dt.timedelta(hours=1)


class QuestionForm(forms.Form):
    """A form for a question, in the client's words."""

    use_required_attribute = False

    text = forms.CharField(
        label=gettext_lazy("Your question"),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Please write your question first.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_clients
def questions(request: HttpRequest, client: User) -> HttpResponse:
    """Show the client's questions, the latest first, and a form to ask another.

    The new one is about the exercise the page was opened from, if any.
    """
    is_asked, now = request.method == "POST", timezone.now()
    form, about = QuestionForm(request.POST if is_asked else None), _about(request)
    if is_asked and form.is_valid():
        if not count_use(f"ask:{client.pk}", limit=ASKED, window=WINDOW, now=now):
            return too_many(request)
        try:
            ask(client, form.cleaned_data["text"], exercise=about, now=now)
        except NotAsked as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.info(request, _("Question sent. You’ll find the answer here."))
            return redirect("portal_questions")
    page, practice = questions_of(client, request.GET.get("page")), the_practice()
    return render(
        request,
        "portal/questions.html",
        {
            "form": form,
            "about": about,
            "page": page,
            "questions": [(one, pin_of(one)) for one in page],
            "zone": zone_of(client.zone, practice=practice),
            "has_new": new_answer(client) is not None,
            "now": now,
        },
        status=422 if form.errors else 200,
    )


@require_POST
@for_clients
def answers_are_read(request: HttpRequest, client: User) -> HttpResponse:
    """Mark the answers as read that the client's page showed."""
    now = timezone.now()
    mark_seen(client, now=min(_shown_at(request) or now, now))
    return redirect("portal_questions")


def _about(request: HttpRequest) -> Exercise | None:
    """Return the exercise whose page led here, or None, also when it is no longer published."""
    slug = (request.POST if request.method == "POST" else request.GET).get("about", "")
    return Exercise.objects.filter(slug=slug, is_published=True).first() if slug else None


def _shown_at(request: HttpRequest) -> dt.datetime | None:
    """Return when the page was shown, or None if it does not say; a later answer is still new."""
    try:
        found = dt.datetime.fromisoformat(request.POST.get("shown_at", ""))
    except ValueError:
        return None
    if found.tzinfo is None or not dt.MINYEAR < found.year < dt.MAXYEAR:
        return None  # an hour at the end of the calendar is in no database's zone
    return found
