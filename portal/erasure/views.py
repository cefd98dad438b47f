"""Pages for a copy of the record and its erasure: the client's own, and at work.

Each page asks to sign in again first. The copy is made while it is sent: it has no address of its own that
somebody else could open, and no file of it stays.
"""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import (
    is_reauthentication_required,
    raise_if_reauthentication_required,
)
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal.client_pages import for_clients
from portal.erasure.actions import request as erasure_request
from portal.erasure.actions.erase import NotErased, erase, foresee
from portal.erasure.forms import EraseForm
from portal.erasure.permission import may_erase, may_export
from portal.export.actions import export
from portal.export.archive import filename
from portal.models import ErasureRequest
from portal.records.access import client_for
from practice.access.pages import require_staff, staff_only
from practice.models import User


def has_to_sign_in_again(request: HttpRequest) -> bool:
    """Return whether a POST comes too long after signing in; for a GET, raise to ask and come back."""
    if request.method != "POST":
        raise_if_reauthentication_required(request, app="account")
    return is_reauthentication_required(request, app="account")


def the_copy(client: User, *, by: User) -> FileResponse:
    """Return the ZIP as an answer that no browser or proxy stores."""
    made = export(client, by=by, now=timezone.now())
    answer = FileResponse(made, as_attachment=True, filename=filename(client.name))
    answer["Content-Type"] = "application/zip"
    answer["Cache-Control"] = "no-store, private"
    return answer


@for_clients
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, client: User) -> HttpResponseBase:
    """Show the page of the client's own copy, or send it."""
    if has_to_sign_in_again(request):
        return redirect("portal_copy")
    if request.method == "POST":
        return the_copy(client, by=client)
    return render(request, "portal/copy.html")


@for_clients
@require_http_methods(["GET", "HEAD", "POST"])
def erasure(request: HttpRequest, client: User) -> HttpResponse:
    """Show what erasing means, and take the client's typed request."""
    if has_to_sign_in_again(request):
        return redirect("portal_erase")
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        asked = erasure_request.request_erasure(client, now=timezone.now())
        when = erasure_request.day_of(asked, client)
        messages.success(request, _("Your record will be erased on %(day)s.") % {"day": when})
        return redirect("portal_data")
    return render(request, "portal/erase.html", {"form": form}, status=422 if form.is_bound else 200)


@for_clients
@require_POST
def keep(request: HttpRequest, client: User) -> HttpResponse:
    """Withdraw the request. No second sign-in: it loses nothing."""
    if erasure_request.withdraw_request(client):
        messages.success(request, _("Your record stays."))
    return redirect("portal_data")


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def at_work(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send a copy of a client's record; for the owner, erase it at once, as asked in person."""
    user = require_staff(request)
    client = client_for(user, pk)
    if not may_export(user, client):
        raise Http404
    if has_to_sign_in_again(request):
        return redirect("workspace_record", pk=pk)
    do = request.POST.get("do", "")
    if do == "copy":
        return the_copy(client, by=user)
    form = EraseForm(request.POST if do == "erase" else None)
    if do == "erase" and may_erase(user, client) and form.is_valid():
        return _erased(request, client)
    return _page_at_work(request, user, client, form)


def _erased(request: HttpRequest, client: User) -> HttpResponse:
    try:
        erase(client, now=timezone.now())
    except NotErased as error:
        messages.error(request, str(error))
        return redirect("workspace_record", pk=client.pk)
    messages.success(request, _("Erased. Only figures without a name remain."))
    return redirect("workspace_clients")


def _page_at_work(request: HttpRequest, user: User, client: User, form: EraseForm) -> HttpResponse:
    try:
        report = foresee(client) if may_erase(user, client) else None
    except NotErased:
        report = None
    context = {
        "client": client,
        "form": form,
        "report": report,
        "asked": ErasureRequest.objects.filter(client=client).first(),
    }
    return render(request, "workspace/record.html", context, status=422 if form.is_bound else 200)
