"""Pages for signing in and up, over allauth's: an address can be corrected, an expired code is named."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginByCodeStage, LoginStage
from allauth.account.views import (
    ConfirmLoginCodeView,
    ConfirmReauthenticationCodeView,
    LoginView,
    RequestLoginCodeView,
    SignupView,
)
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from practice.accounts.email_limits import may_request_email
from practice.accounts.forms.account_pages import RequestCodeForm

ANOTHER = "another"  # in the address: whoever waits for a code wants the form again
#: Where the session keeps the address of a code that ran out, for one press to send a new one.
ADDRESS = "code_was_for"


class StartOverMixin:
    """A mixin that starts over when a form is sent while a code is pending; allauth would ignore the form.

    A pending code opens nothing by itself, so nothing is lost but the wait.
    """

    def _redirect_to_pending_stage(
        self, request: HttpRequest, stage: LoginStage
    ) -> HttpResponseRedirect | None:
        if request.method == "POST":
            clear_login(request)
            return None
        if ANOTHER in request.GET:
            return None
        found: Any = super()._redirect_to_pending_stage(request, stage)  # type: ignore[misc]
        return found


class SignIn(StartOverMixin, LoginView):
    """The sign-in page: an address, and perhaps a password."""


class RequestCode(StartOverMixin, RequestLoginCodeView):
    """The page that asks for a code; after one that expired, the address is filled in already."""

    def get_initial(self) -> dict[str, Any]:
        """Return the address the last code was for."""
        return {**super().get_initial(), "email": self.request.session.get(ADDRESS, "")}

    def form_valid(self, form: Any) -> HttpResponse:
        """Send a code, and forget the remembered address."""
        self.request.session.pop(ADDRESS, None)
        return super().form_valid(form)


class SignUp(StartOverMixin, SignupView):
    """The sign-up page: a name and an address."""


class CodeLimitMixin:
    """A mixin for pages that await a code: each new code counts by the same limits as the first."""

    request: HttpRequest

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        """Send another code, known address or not, unless it is one too many."""
        process: Any = self._process  # type: ignore[attr-defined]
        address = process.state.get("email", "")
        if may_request_email(self.request, address, kind=RequestCodeForm.mail, now=timezone.now()):
            sent: HttpResponse = super()._resend_form_valid(form)  # type: ignore[misc]
            return sent
        adapter = get_adapter(self.request)
        said = adapter.error_messages["too_many_login_attempts"]
        adapter.add_message(self.request, messages.ERROR, message=said)
        return HttpResponseRedirect(self.request.get_full_path())


class ConfirmCodeAgain(CodeLimitMixin, ConfirmReauthenticationCodeView):
    """The page that asks for a code again, before a sensitive change."""


@method_decorator(
    login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_request_login_code"),
    name="dispatch",
)
class ConfirmCode(CodeLimitMixin, ConfirmLoginCodeView):
    """The page where the code is typed; it says when the code is dead, and offers a new one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say that a code is too old, instead of starting over without a word."""
        stage = request._login_stage  # type: ignore[attr-defined]
        address = stage.state.get("email", "")
        if LoginCodeVerificationProcess.resume(stage) is None:
            said = _("That code has expired: a code works for ten minutes. Please send yourself a new one.")
            return start_over(request, address, said)
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say so after the third wrong code, and offer a new code."""
        address = self._process.state.get("email", "")
        if self._process.record_invalid_attempt():
            # As allauth's own, which would count this try once more.
            return self.render_to_response(self.get_context_data(form=form))
        said = _(
            "That was not the right code, three times, so it no longer works. Please send yourself a new one."
        )
        return start_over(self.request, address, said)


def start_over(request: HttpRequest, address: str, said: str) -> HttpResponse:
    """Redirect to the page that asks for a code, with the address and the page they were going to."""
    request.session[ADDRESS] = address
    get_adapter(request).add_message(request, messages.WARNING, message=said)
    onward = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME)
    query = f"?{urlencode({REDIRECT_FIELD_NAME: onward})}" if onward else ""
    return HttpResponseRedirect(reverse("account_request_login_code") + query)
