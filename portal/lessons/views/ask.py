"""The public page on which a visitor asks about a free lesson, without a cookie."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from booking.errors import again_or_call
from portal.lessons import access
from portal.models import Lesson
from portal.visitor_questions.actions import NotTaken, ask
from portal.visitor_questions.forms import VisitorQuestionForm
from practice.access.pages import origin_checked
from practice.contact import or_call
from practice.models import User
from practice.queries import the_practice
from practice.security import limits
from practice.web.errors import too_many

DAY = dt.timedelta(days=1)
OF_A_NETWORK, OF_AN_ADDRESS, OF_ALL = 6, 3, 60  # in a day


@login_not_required
@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
def ask_about(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form; POST saves the question. Only for free lessons, 404 for others.

    A client is led to their own page of the lesson, where the answer stays private.
    """
    lesson = access.lesson_for(request.user, slug).lesson
    if not lesson.is_free:
        raise Http404
    if isinstance(request.user, User) and not request.user.is_staff:
        return redirect(reverse("portal_lesson", args=[slug]) + "#ask")
    if request.method != "POST":
        return _page(request, lesson, VisitorQuestionForm.fresh())
    form, now = VisitorQuestionForm(request.POST), timezone.now()
    if not form.is_valid():
        return _page(request, lesson, form, status=422)
    asked = form.asked()
    most = {
        f"visitor-question:{limits.visitor_key(request)}": OF_A_NETWORK,
        f"visitor-question:{asked.email.casefold()}": OF_AN_ADDRESS,
        "visitor-question": OF_ALL,
    }
    try:
        with limits.counting(most, window=DAY, now=now):
            ask(lesson, asked, now=now)
    except limits.TooMany as error:
        said = _("We can’t take more questions from here today.")
        again = again_or_call(error.wait, or_call=or_call(the_practice()))
        return too_many(request, message=f"{said} {again}", wait=error.wait)
    except NotTaken as refusal:
        form.add_error(refusal.field, str(refusal))
        return _page(request, lesson, form, status=422)
    return render(request, "lessons/asked.html", {"lesson": lesson, "address": asked.email})


def _page(
    request: HttpRequest, lesson: Lesson, form: VisitorQuestionForm, *, status: int = 200
) -> HttpResponse:
    return render(request, "lessons/ask.html", {"lesson": lesson, "form": form}, status=status)
