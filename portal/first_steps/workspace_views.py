"""The buttons of the first steps on the owner's Today."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.first_steps.actions import EmailStaysHere, NoAddress, note_copy, send_test_email
from practice.access.pages import owner_only, require_owner
from practice.queries import practice_zone, the_practice


@owner_only
@require_POST
def test_email(request: HttpRequest) -> HttpResponse:
    """Send the owner a test email."""
    owner = require_owner(request)
    try:
        send_test_email(owner, now=timezone.now())
    except EmailStaysHere:
        messages.error(request, _("No email leaves this machine yet, so none was sent."))
    except NoAddress:
        messages.error(
            request, _("We can’t send email to your address. Please change it on your account page.")
        )
    else:
        said = _("We’re sending a test email to %(address)s. Open the link in it.")
        messages.success(request, said % {"address": owner.email})
    return redirect("workspace")


@owner_only
@require_POST
def copied(request: HttpRequest) -> HttpResponse:
    """Note that the owner has a copy of everything as of today, by the practice's calendar."""
    require_owner(request)
    note_copy(day=timezone.now().astimezone(practice_zone(the_practice())).date())
    messages.success(request, _("Noted. Copy everything again from time to time."))
    return redirect("workspace")
