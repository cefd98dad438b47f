"""allauth's pages of signing in and up, where a mistyped address can be corrected while a code is pending."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage
from allauth.account.views import LoginView, RequestLoginCodeView, SignupView
from django.http import HttpRequest, HttpResponseRedirect

ANOTHER = "another"  # in the address: whoever waits for a code wants the form again


class StartsOver:
    """While a code is pending, a form that is sent starts over; else it would be dropped without a word.

    What is pending opens nothing by itself, so nothing is lost with it but the wait.
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


class SignIn(StartsOver, LoginView):
    """An address, and perhaps a password."""


class RequestCode(StartsOver, RequestLoginCodeView):
    """An address, for a code."""


class SignUp(StartsOver, SignupView):
    """A name and an address."""
