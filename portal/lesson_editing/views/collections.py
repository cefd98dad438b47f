"""Collections of lessons: begin one, name it, put its lessons in order, see it as a client."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.lesson_editing import queries
from portal.lesson_editing.access import edited_collection, may_edit
from portal.lesson_editing.actions.collections import (
    OrderChanged,
    add_lesson,
    create_collection,
    move_lesson,
    order_lessons,
    remove_lesson,
)
from portal.lesson_editing.forms import CollectionForm, NewCollectionForm
from portal.lessons.library import collection_for_staff
from portal.models import Collection, Lesson
from practice.access.pages import staff_only


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def collections(request: HttpRequest) -> HttpResponse:
    """List all collections, and begin another one."""
    may_edit(request)
    form = NewCollectionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = create_collection(form.cleaned_data["name"])
        messages.success(request, _("Created. Add its lessons, then publish it."))
        return redirect("workspace_collection", slug=made.slug)
    page = {"collections": queries.edited_collections(), "form": form}
    return render(request, "workspace/collections.html", page, status=422 if form.errors else 200)


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a collection; save its words, or add, remove and move its lessons."""
    found = edited_collection(request, slug)
    do, _colon, what = request.POST.get("do", "").partition(":")
    if request.method == "POST" and do in CHANGES:
        try:
            CHANGES[do](found, request, int(what) if what.isascii() and what.isdigit() else 0)
        except OrderChanged:
            messages.error(
                request, _("The collection was changed in the meantime. This is how it looks now.")
            )
        return redirect("workspace_collection", slug=slug)
    form = CollectionForm(request.POST if request.method == "POST" else None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("workspace_collection", slug=slug)
    return _page(request, found, form)


def _page(request: HttpRequest, collection: Collection, form: CollectionForm) -> HttpResponse:
    places = queries.places_of(collection)
    page = {
        "collection": collection,
        "form": form,
        "places": places,
        "others": queries.lessons_not_in(collection),
        "unseen": [one for one in places if not one.lesson.is_published],
    }
    return render(request, "workspace/collection.html", page, status=422 if form.errors else 200)


@staff_only
@require_safe
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a collection as a client to whom all of its published lessons are assigned would see it."""
    found = get_object_or_404(Collection, slug=slug)
    said = _("This is how a client who has all of its lessons sees the collection.")
    page = {"collection": collection_for_staff(found), "done": [], "preview_notice": said}
    return render(request, "lessons/collection.html", page)


def _add(collection: Collection, request: HttpRequest, _pk: int) -> None:
    chosen = request.POST.get("lesson", "")
    lesson = Lesson.objects.filter(pk=int(chosen)).first() if chosen.isascii() and chosen.isdigit() else None
    if lesson is None:
        messages.error(request, _("Choose a lesson to add."))
    else:
        add_lesson(collection, lesson)


def _order(collection: Collection, request: HttpRequest, _pk: int) -> None:
    named = [one for one in request.POST.getlist("place") if one.isascii() and one.isdigit()]
    order_lessons(collection, [int(one) for one in named])


CHANGES: dict[str, Callable[[Collection, HttpRequest, int], None]] = {
    "up": lambda one, _request, pk: move_lesson(one, pk, by=-1),
    "down": lambda one, _request, pk: move_lesson(one, pk, by=1),
    "remove": lambda one, _request, pk: remove_lesson(one, pk),
    "add": _add,
    "order": _order,
}
