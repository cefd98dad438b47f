"""The owner's page for helping with sign-in: a lost second factor, a computer that is still signed in."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from practice.access.pages import owner_only, require_owner
from practice.access.roles import AT_WORK
from practice.accounts.actions.sign_in_help import NothingToReset, end_sessions_of, reset_second_step
from practice.models import User

MOST_FOUND = 10


@owner_only
@require_safe
def sign_in_help(request: HttpRequest) -> HttpResponse:
    """Show everybody who works here; clients when they are looked for by name or address."""
    wanted = request.GET.get("name", "").strip()[:150]
    people = User.objects.filter(is_active=True)
    if wanted:
        found = people.filter(name__icontains=wanted) | people.filter(email__icontains=wanted)
        people = found.order_by("name", "pk")[:MOST_FOUND]
    else:
        people = people.filter(role__in=AT_WORK).order_by("name", "pk")
    shown = [_shown(user, request) for user in people]
    return render(request, "workspace/sign_in_help.html", {"people": shown, "name": wanted})


def _shown(user: User, request: HttpRequest) -> dict[str, Any]:
    factors = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
    return {
        "user": user,
        "is_oneself": user.pk == request.user.pk,
        "browsers": len(UserSession.objects.purge_and_list(user)),
        "has_app": Authenticator.Type.TOTP in factors,
        "has_passkey": Authenticator.Type.WEBAUTHN in factors,
        "has_step": bool(factors),
    }


@owner_only
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign somebody out everywhere."""
    user = _somebody_else(request, pk)
    end_sessions_of(user, by=require_owner(request), now=timezone.now())
    messages.success(request, _("%(name)s has been signed out everywhere.") % {"name": user.name})
    return redirect("workspace_sign_in_help")


@owner_only
@require_POST
@reauthentication_required
def reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove somebody's lost second factor; the owner confirms once more who they are."""
    user = _somebody_else(request, pk)
    try:
        reset_second_step(user, by=require_owner(request), now=timezone.now())
    except NothingToReset as nothing:
        messages.error(request, str(nothing))
    else:
        said = _(
            "The second sign-in step of %(name)s was removed, and we’ve emailed them. They can set "
            "up a new one."
        )
        messages.success(request, said % {"name": user.name})
    return redirect("workspace_sign_in_help")


def _somebody_else(request: HttpRequest, pk: int) -> User:
    """Return the user of this number, if it is not the owner: their own is reset on the server."""
    if pk == request.user.pk:
        raise Http404
    return get_object_or_404(User, pk=pk)
