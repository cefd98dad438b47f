"""The intake's pages: one for each step, saved while writing, handed in at the end. GET changes nothing.

Reached by the link in an email, or signed in. Who may read and write: `booking.intake.queries`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from booking import links
from booking.intake import actions, browser_mark
from booking.intake import queries as intake_queries
from booking.intake.answers import STEPS, read
from booking.intake.forms import FORMS, StepForm
from booking.intake.wording import ASKED, SIGNS_TOLD, answered_steps, urgent
from booking.models import Intake, IntakeQuestion
from booking.time_zones.clocks import clocks_of
from practice.access.pages import origin_checked
from practice.consents import queries as consents_queries
from practice.consents.actions.consent import ConsentSubmission, NotSigned
from practice.core import formatting
from practice.models import Practice, User
from practice.queries import the_practice, zone_of
from practice.security import limits
from practice.web.errors import too_many

JSON = "application/json"
CONSENT = "consent"
AFTER_SIGNS = "onward"  # everybody passes this page, so that its URL does not tell who named a sign
MOST, WINDOW = 300, dt.timedelta(minutes=5)  # saving while writing takes only a few


class IntakeRequest:
    """A request to an intake: which intake, by which link, at what time."""

    def __init__(self, request: HttpRequest, intake: Intake, token: str, now: dt.datetime) -> None:
        self.request, self.intake, self.token, self.now = request, intake, token, now
        self.is_client = request.user.is_authenticated and request.user.pk == intake.client_id
        self.answers = read(intake.answers)

    @property
    def may_write(self) -> bool:
        """Return whether this reader may see and write the answers."""
        browser = browser_mark.mark_in(self.request, self.intake)
        return intake_queries.may_write(self.intake, user=self.request.user, browser=browser, now=self.now)

    @property
    def by(self) -> User | None:
        """Return the signed-in client; None for the holder of the link."""
        return self.intake.client if self.is_client else None

    def address(self, step: str = "") -> str:
        """Return the path of a step's page, or of the entrance."""
        if not step:
            return reverse("intake", args=[self.token])
        return reverse("intake_step", args=[self.token, step])

    def steps(self) -> list[str]:
        """Return the steps; the owner's questions only where there are any."""
        asks_more = self.answers.says("more") or IntakeQuestion.objects.filter(is_active=True).exists()
        return [step for step in STEPS if step != "more" or asks_more] + [CONSENT]

    def first_open(self) -> str:
        """Return where to continue: the first step nobody has saved yet."""
        return next((step for step in self.steps() if not self.answers.says(step)), CONSENT)


def for_writers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap `view(writing, …)`: 404 for a wrong token, and for staff, who read the client's record."""

    @login_not_required
    @origin_checked
    @wraps(view)
    def guarded(request: HttpRequest, /, token: str, **more: Any) -> HttpResponse:
        intake = links.intake_of(token)
        if intake is None or (request.user.is_authenticated and request.user.is_staff):
            raise Http404
        return view(IntakeRequest(request, intake, token, timezone.now()), **more)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def entrance(writing: IntakeRequest) -> HttpResponse:
    """Show what the intake is, and how to begin, continue, or sign in to see saved answers."""
    intake = writing.intake
    if writing.request.method == "POST":
        return _begun(writing)
    page = {
        "intake": intake,
        "token": writing.token,
        "session": intake.appointment,
        "when": _when(intake),
        "handed_in": intake.handed_in_at is not None,
        "is_client": writing.is_client,
        "can_sign_in": bool(intake.client.email),
        "over": not writing.is_client and intake_queries.link_is_over(intake, now=writing.now),
        "begun": bool(writing.answers.parts),
        "may_write": writing.may_write,
        "go_on": writing.address(writing.first_open()),
        "sign_in": _sign_in(writing.address()),
        "kept_under": _kept_under(intake),
    }
    gone = page["over"] and not page["handed_in"]
    return render(writing.request, "booking/intake/entrance.html", page, status=410 if gone else 200)


def _begun(writing: IntakeRequest) -> HttpResponse:
    if writing.intake.handed_in_at:
        return redirect(writing.address())
    if writing.may_write:
        return redirect(writing.address(writing.first_open()))
    if intake_queries.link_is_over(writing.intake, now=writing.now):
        return redirect(writing.address())
    mark = browser_mark.new_mark()
    if not actions.begin(writing.intake, browser=mark, now=writing.now):
        return redirect(writing.address())
    answer = redirect(writing.address(STEPS[0]))
    browser_mark.remember(answer, writing.intake, mark, path=writing.address())
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def step(writing: IntakeRequest, step: str) -> HttpResponse:
    """Show or save one step. A fetch that asks for JSON saves without leaving the page.

    JSON: 200 with the version saved; 401 for a reader who may not write here any more; 409 "stale" or
    "signed"; 422 with what is wrong, by field.
    """
    if step == CONSENT:
        return _consent(writing)
    if step not in writing.steps():
        raise Http404
    if writing.request.method != "POST":
        if not writing.may_write or writing.intake.handed_in_at:
            return redirect(writing.address())
        return _page(writing, step, _form(writing, step))
    form = _form(writing, step, writing.request.POST)
    if not limits.count_use(f"intake:{writing.intake.pk}", limit=MOST, window=WINDOW, now=writing.now):
        return too_many(writing.request)
    answer = _autosaved if writing.request.headers.get("accept") == JSON else _written
    return answer(writing, step, form)


def _form(writing: IntakeRequest, step: str, data: Any = None) -> StepForm:
    return FORMS[step](data, kept=writing.answers.part(step), version=writing.intake.version)


def _keep(writing: IntakeRequest, step: str, form: StepForm) -> Intake:
    return actions.save_step(
        writing.intake, step, form.part(), version=form.version_seen, by=writing.by, now=writing.now
    )


def _autosaved(writing: IntakeRequest, step: str, form: StepForm) -> HttpResponse:
    if not writing.may_write:
        return _not_kept(
            "out", _("This page can no longer be saved without signing in."), HTTPStatus.UNAUTHORIZED
        )
    if not form.is_valid():
        wrong = {name: str(errors[0]) for name, errors in form.errors.items()}
        return _not_kept("form", _("Not saved: one thing needs another look."), 422, fields=wrong)
    try:
        kept = _keep(writing, step, form)
    except actions.Stale as stale:
        return _not_kept("stale", str(stale), HTTPStatus.CONFLICT)
    except actions.AlreadySubmitted as closed:
        return _not_kept("signed", str(closed), HTTPStatus.CONFLICT)
    except actions.NotSaved as refusal:
        return _not_kept("form", str(refusal), 422)
    return _still_here(writing, JsonResponse({"version": kept.version, "saved": _saved(kept)}))


def _not_kept(code: str, message: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"error": {"code": code, "message": message, **more}}, status=status)


def _written(writing: IntakeRequest, step: str, form: StepForm) -> HttpResponse:
    """Save the step, then go on or back."""
    if not writing.may_write:
        form.is_valid()
        return _page(writing, step, form, status=HTTPStatus.FORBIDDEN, out=True)
    if not form.is_valid():
        return _page(writing, step, form, status=422)
    try:
        _keep(writing, step, form)
    except actions.Stale as stale:
        return _two_pages(writing, step, form, stale)
    except actions.AlreadySubmitted:
        return _page(writing, step, form, status=HTTPStatus.CONFLICT, closed=True)
    except actions.NotSaved as refusal:
        form.add_error(None, str(refusal))
        return _page(writing, step, form, status=422)
    return _still_here(writing, redirect(writing.address(_onward(writing, step))))


def _onward(writing: IntakeRequest, step: str) -> str:
    """Return the step before or after."""
    steps = writing.steps()
    at = steps.index(step)
    if "back" in writing.request.POST:
        return steps[max(0, at - 1)]
    return AFTER_SIGNS if step == "signs" else steps[at + 1]


def _still_here(writing: IntakeRequest, answer: HttpResponse) -> HttpResponse:
    """Renew the browser's cookie for another day."""
    if not writing.is_client:
        mark = browser_mark.mark_in(writing.request, writing.intake)
        browser_mark.remember(answer, writing.intake, mark, path=writing.address())
    return answer


def _two_pages(writing: IntakeRequest, step: str, form: StepForm, stale: actions.Stale) -> HttpResponse:
    """Show this page's text with what another page saved. Saving it again replaces that."""
    form.add_error(None, str(stale))
    form.data = form.data.copy()
    form.data["version"] = str(stale.intake.version)
    other = [one for one in answered_steps(read(stale.intake.answers)) if one.step == step]
    return _page(writing, step, form, status=HTTPStatus.CONFLICT, other=other)


def _page(
    writing: IntakeRequest, step: str, form: StepForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    intake = writing.intake
    page = {
        **_place(writing, step),
        "form": form,
        "words": ASKED[step],
        "saved": "" if more else _saved(intake),
        "kept_under": f"{_kept_under(intake)}-{step}",
        "sign_in": _sign_in(writing.address(step)),
        **more,
    }
    return render(writing.request, f"booking/intake/{step}.html", page, status=status)


def _place(writing: IntakeRequest, step: str) -> dict[str, Any]:
    steps = writing.steps()
    at = steps.index(step)
    return {
        "intake": writing.intake,
        "session": writing.intake.appointment,
        "token": writing.token,
        "step": step,
        "number": at + 1,
        "count": len(steps),
        "before": steps[at - 1] if at else "",
        "entrance": writing.address(),
    }


@require_safe
@for_writers
def after_signs(writing: IntakeRequest) -> HttpResponse:
    """Show what to do about a warning sign, calmly; without one go on."""
    if not writing.may_write or writing.intake.handed_in_at:
        return redirect(writing.address())
    steps = writing.steps()
    onward = writing.address(steps[steps.index("signs") + 1])
    if not writing.answers.signs:
        return redirect(onward)
    page = {
        "intake": writing.intake,
        "session": writing.intake.appointment,
        "signs": [words for sign, words in SIGNS_TOLD.items() if sign in writing.answers.signs],
        "urgent": urgent(writing.answers),
        "onward": onward,
        "back": writing.address("signs"),
    }
    return render(writing.request, "booking/intake/doctor.html", page)


def _consent(writing: IntakeRequest) -> HttpResponse:
    """Show the last step: read, sign, hand in; or hand in."""
    if writing.request.method != "POST":
        if not writing.may_write or writing.intake.handed_in_at:
            return redirect(writing.address())
        return _consent_page(writing)
    if not writing.may_write:
        return _consent_page(writing, status=HTTPStatus.FORBIDDEN, out=True)
    posted = writing.request.POST
    agreed = agreed_in(posted)
    try:
        actions.hand_in(writing.intake, agreed=agreed, now=writing.now)
    except actions.WarningSignsUnanswered as refusal:
        return _consent_page(writing, status=422, wrong=str(refusal), wrong_at=writing.address("signs"))
    except NotSigned as refusal:
        return _consent_page(writing, status=422, wrong=str(refusal), wrong_at=f"#{refusal.name or 'texts'}")
    answer = redirect(writing.address())
    browser_mark.forget(answer, path=writing.address())
    return answer


def agreed_in(posted: Any) -> ConsentSubmission:
    """Return the name, and the texts that are ticked, each with the version that was shown."""
    ticked = {kind: posted.get(f"agree_{kind}", "") for kind in consents_queries.KINDS}
    versions = {kind: shown.partition("-")[0] for kind, shown in ticked.items()}
    return ConsentSubmission(
        name=posted.get("signed_name", ""),
        versions={kind: int(one) for kind, one in versions.items() if one.isascii() and one.isdigit()},
        shown={kind: shown for kind, shown in ticked.items() if "-" in shown},
    )


def _consent_page(writing: IntakeRequest, *, status: int = 200, **more: Any) -> HttpResponse:
    posted = writing.request.POST
    page = {
        **_place(writing, CONSENT),
        "words": ASKED[CONSENT],
        "unsigned": consents_queries.unsigned(writing.intake.client),
        "signed_name": posted.get("signed_name", "")[:300],
        "ticked": [kind for kind in consents_queries.KINDS if posted.get(f"agree_{kind}")],
        "signs_open": bool(writing.answers.unanswered_signs),
        "sign_in": _sign_in(writing.address(CONSENT)),
        **more,
    }
    return render(writing.request, "booking/intake/consent.html", page, status=status)


def _kept_under(intake: Intake) -> str:
    """Return the browser's key for unsaved text; it does not reveal whose intake it is."""
    return "intake-" + salted_hmac("intake", intake.uid.hex).hexdigest()[:32]


def _saved(intake: Intake) -> str:
    """Return "Saved 11:58.", or ""."""
    if intake.saved_at is None:
        return ""
    practice = the_practice()
    when = formatting.clock_time(intake.saved_at, _zone(intake, practice), locale=practice.locale)
    return _("Saved %(time)s.") % {"time": when}


def _zone(intake: Intake, practice: Practice) -> Any:
    """Return the zone the session was booked in; the client's own without one."""
    booked_in = intake.appointment.zone if intake.appointment else ""
    return zone_of(booked_in or intake.client.zone, practice=practice)


def _when(intake: Intake) -> str:
    practice = the_practice()
    if intake.appointment is None:
        return ""
    return clocks_of(intake.appointment, practice).moment(intake.appointment.starts_at)


def _sign_in(after: str) -> str:
    return reverse("account_login", query={"next": after})
