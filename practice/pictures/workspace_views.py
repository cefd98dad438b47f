"""The page for a photo: the owner's for everyone, a practitioner's for their own."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from practice.access import rows
from practice.access.pages import require_staff, staff_only
from practice.models import Practitioner
from practice.pictures.actions import set_photo
from practice.pictures.forms import PhotoForm


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Show a photo and take another one; without `pk`, one's own. 404 where it may not be changed."""
    reader = require_staff(request)
    changeable = rows.for_person(reader, Practitioner.objects.select_related("user"), "change")
    practitioner = get_object_or_404(changeable, user_id=reader.pk if pk is None else pk)
    form = PhotoForm()
    if request.method == "POST" and "remove" in request.POST:
        set_photo(practitioner, ())
        messages.success(request, _("The photo was removed."))
        return redirect(request.path)
    if request.method == "POST":
        form = PhotoForm(request.POST, request.FILES)
        if form.is_valid():
            set_photo(practitioner, form.cleaned_data["photo"])
            messages.success(request, _("Saved."))
            return redirect(request.path)
    page = {"form": form, "practitioner": practitioner, "is_oneself": practitioner.user_id == reader.pk}
    return render(request, "workspace/photo.html", page, status=422 if form.errors else 200)
