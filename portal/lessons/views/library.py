"""The library's pages: the lessons a reader may open, found by filters, and collections of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.client_pages import for_clients
from portal.lessons.browse import LONGEST_QUERY, Filters, Length, read_filters
from portal.lessons.library import Library, ListedCollection, library_of
from portal.lessons.posture_wording import POSTURES
from practice.core.body import REGIONS
from practice.models import User

LENGTHS = {
    Length.SHORT: gettext_lazy("Under 10 min"),
    Length.MEDIUM: gettext_lazy("10 to 20 min"),
    Length.LONG: gettext_lazy("Over 20 min"),
}


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class FilterField:
    """A filter of the form, with the values that some lesson has, and the one that is chosen."""

    name: str
    label: str
    choices: list[Choice]


@login_not_required
@require_safe
def lessons(request: HttpRequest) -> HttpResponse:
    """Show the free lessons to everyone, all or those that match."""
    return render(request, "lessons/list.html", _found(request, library_of(None)))


@require_safe
@for_clients
def portal_lessons(request: HttpRequest, client: User) -> HttpResponse:
    """Show the lessons assigned to this client and the free ones, all or those that match."""
    return render(request, "portal/lessons.html", _found(request, library_of(client)))


@login_not_required
@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a collection's free lessons to everyone. 404 if it has none."""
    return _collection(request, library_of(None), slug)


@require_safe
@for_clients
def portal_collection(request: HttpRequest, client: User, slug: str) -> HttpResponse:
    """Show the lessons of a collection that this client may open. 404 if there are none."""
    return _collection(request, library_of(client), slug, client)


def _collection(
    request: HttpRequest, library: Library, slug: str, client: User | None = None
) -> HttpResponse:
    found = library.collection(slug)
    if found is None:
        raise Http404("no such collection for you")
    done = [one.slug for one in found.lessons if one.slug in library.finished]
    return render(
        request, "lessons/collection.html", {"collection": found, "done": done, "public": client is None}
    )


def _found(request: HttpRequest, library: Library) -> dict[str, object]:
    """Return what both lists show: the lessons that match, and the form to look for others."""
    filters = read_filters(request.GET.dict())
    own, free = (library.matching(some, filters) for some in (library.own, library.free))
    return {
        "own": own,
        "free": free,
        "has_own": bool(library.own),
        "count": len(own) + len(free),
        "filters": filters,
        "fields": _fields(library, filters) if filters or len(library.lessons) > 1 else [],
        "longest": LONGEST_QUERY,
        "collections": [] if filters else _worth_listing(library),
    }


def _worth_listing(library: Library) -> list[ListedCollection]:
    """Return the collections of which the reader may open more than one lesson."""
    return [one for one in library.collections if len(one.lessons) > 1]


def _fields(library: Library, filters: Filters) -> list[FilterField]:
    """Return the filters that some lesson of the library can be found by."""
    facts = library.facts.values()
    regions = {slug for one in facts for slug in one.regions}
    lengths, postures = {one.length for one in facts}, {one.posture for one in facts}
    named = [(one.slug, one.name) for one in _worth_listing(library)]
    fields = [
        FilterField(
            "region",
            _("Body region"),
            _choices(((one.slug, _(one.label)) for one in REGIONS), regions, filters.region),
        ),
        FilterField("length", _("Length"), _choices(LENGTHS.items(), lengths, filters.length)),
        FilterField("position", _("Position"), _choices(POSTURES.items(), postures, filters.posture)),
        FilterField(
            "collection",
            _("Collection"),
            _choices(named, {slug for slug, _name in named}, filters.collection),
        ),
    ]
    return [one for one in fields if one.choices]


def _choices(
    all_of: Iterable[tuple[str, object]], there: Iterable[str | None], chosen: str | None
) -> list[Choice]:
    """Return the values that are there or chosen, in order."""
    shown = {*there, chosen}
    return [Choice(value, str(label), value == chosen) for value, label in all_of if value in shown]
