"""A page for a note about a client that belongs to no session."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.records.access import client_for, writer_in
from portal.session_notes.actions.record_note import write_note
from portal.session_notes.actions.wrap_up import NotWritten
from practice.access.pages import require_staff, staff_only


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def client_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the form, or save a note; 404 for those who may not write in this record."""
    user, now = require_staff(request), timezone.now()
    whose = client_for(user, pk)
    author = writer_in(user, whose, now=now)
    if author is None:
        raise Http404
    wrong, typed = "", ""
    if request.method == "POST":
        typed = request.POST.get("text", "").replace("\r\n", "\n")
        try:
            write_note(whose, typed, author=author, by=user, now=now)
        except NotWritten as refusal:
            wrong = str(refusal)
        else:
            messages.success(request, _("Saved."))
            return redirect("workspace_client", pk=whose.pk)
    page = {"client": whose, "wrong": wrong, "typed": typed}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return render(request, "workspace/client_note.html", page, status=status)
