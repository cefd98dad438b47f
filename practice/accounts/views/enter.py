"""Pages of one-time links: a button signs in, not the link itself, since mail scanners open links."""

from __future__ import annotations

from allauth.account.utils import perform_login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from practice.access.pages import origin_checked
from practice.accounts import one_time_links
from practice.accounts.actions import enter as actions
from practice.accounts.forms.set_up import SetUpForm
from practice.accounts.one_time_links import InvalidLink
from practice.models import User

once = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@never_cache
@origin_checked
@once
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in by a link from the terminal."""
    try:
        if request.method == "POST":
            return _sign_in(request, actions.sign_in_by_link(token, now=timezone.now()))
        found = one_time_links.read_link(token, one_time_links.ENTER, now=timezone.now())
    except InvalidLink:
        return _dead(request)
    who = User.objects.filter(pk=found.user_id or 0).first()
    return render(request, "account/enter.html", {"who": who})


@login_not_required
@never_cache
@origin_checked
@once
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """Make the owner by the link that the first start printed."""
    form = SetUpForm(request.POST or None)
    try:
        one_time_links.read_link(token, one_time_links.SET_UP, now=timezone.now())
        if actions.has_owner():
            raise InvalidLink
        if form.is_valid():
            return _sign_in(request, actions.set_up(token, now=timezone.now(), **form.cleaned_data))
    except InvalidLink:
        return _dead(request)
    return render(request, "account/set_up.html", {"form": form}, status=422 if form.is_bound else 200)


def _sign_in(request: HttpRequest, user: User) -> HttpResponse:
    """Sign in through allauth's stages, which ask for a second factor where there is one."""
    return perform_login(request, user, email_verification="none")


def _dead(request: HttpRequest) -> HttpResponse:
    return render(request, "account/enter_dead.html", status=410)
