"""Pages about a changed address: confirm who you are before your other sessions end; restore an old one."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from allauth.usersessions.views import list_usersessions
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from practice.access.pages import origin_checked
from practice.accounts import address_changes
from practice.accounts.actions.restore_address import AddressTaken, restore_address
from practice.accounts.one_time_links import InvalidLink

#: allauth's page; ending the other sessions asks once more who it is, as its other pages do.
sessions = reauthentication_required(list_usersessions, allow_get=True)


@login_not_required
@never_cache
@origin_checked
@require_http_methods(["GET", "HEAD", "POST"])
def address_back(request: HttpRequest, token: str) -> HttpResponse:
    """Show a button (mail scanners open links), and put the address back when it is pressed."""
    try:
        change = address_changes.read_restore_link(token, now=timezone.now())
        if request.method == "POST":
            restore_address(token, now=timezone.now())
            messages.success(request, _("Your email address is restored, and you’re signed out everywhere."))
            return redirect("account_login")
    except InvalidLink:
        return render(request, "account/enter_dead.html", status=410)
    except AddressTaken:
        return render(request, "account/address_back.html", {"old": change.old, "taken": True}, status=409)
    return render(request, "account/address_back.html", {"old": change.old})
