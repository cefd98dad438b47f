"""The library: the lessons a reader may open, the collections they are in, and how they are found.

Two queries, however many lessons there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, FilteredRelation, IntegerField, OuterRef, Q, QuerySet, Value
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.lessons.browse import Filters, LessonFacts, length_of, plain_words
from portal.lessons.next_lesson import next_lesson
from portal.lessons.posture import posture_of
from portal.models import Collection, CollectionLesson, Lesson, PracticeEntry
from portal.models.lesson import minutes_of
from portal.queries import ListedLesson, known_regions
from practice.models import User


@dataclass(frozen=True)
class ListedCollection:
    """A published collection with those of its lessons that the reader may open, in order."""

    slug: str
    name: str
    text: str
    lessons: tuple[ListedLesson, ...]

    def get_absolute_url(self) -> str:
        """Return the public page."""
        return reverse("lesson_collection", args=[self.slug])

    @property
    def portal_url(self) -> str:
        """Return the page inside the portal."""
        return reverse("portal_collection", args=[self.slug])


@dataclass(frozen=True)
class Following:
    """The lesson to offer at the end of another one, and the collection that it continues, if any."""

    lesson: ListedLesson
    collection: ListedCollection | None


@dataclass(frozen=True)
class Library:
    """Lessons that a reader may open: `own` are assigned to them, `free` are all other free ones.

    `finished`: the slugs of those that the reader has finished at least once.
    """

    own: tuple[ListedLesson, ...]
    free: tuple[ListedLesson, ...]
    collections: tuple[ListedCollection, ...]
    facts: dict[str, LessonFacts]
    finished: frozenset[str]

    @property
    def lessons(self) -> tuple[ListedLesson, ...]:
        """Return all of them, the reader's own first."""
        return self.own + self.free

    def matching(self, lessons: tuple[ListedLesson, ...], filters: Filters) -> list[ListedLesson]:
        """Return those that match the filters."""
        return [one for one in lessons if filters.matches(self.facts[one.slug])]

    def collection(self, slug: str) -> ListedCollection | None:
        """Return the collection with this address, if the reader may open a lesson of it."""
        return next((one for one in self.collections if one.slug == slug), None)

    def following(self, slug: str) -> Following | None:
        """Return what to offer at the end of a lesson; only what can be heard."""
        audible = {one.slug: one for one in self.lessons if one.minutes is not None}
        found = next_lesson(
            slug,
            collections=[
                (one.slug, [part.slug for part in one.lessons if part.slug in audible or part.slug == slug])
                for one in self.collections
            ],
            assigned=[one.slug for one in self.own if one.slug in audible or one.slug == slug],
            finished=self.finished,
        )
        return Following(audible[found.slug], self.collection(found.collection)) if found else None


def library_of(client: User | None) -> Library:
    """Return the library of a client: assigned and free lessons. None is a visitor: the free ones alone."""
    rows = list(_assigned_and_free(client) if client else _free())
    known = {row.pk: _listed(row) for row in rows}
    places: dict[Collection, list[int]] = {}
    for place in CollectionLesson.objects.filter(collection__is_published=True).select_related("collection"):
        if place.lesson_id in known:
            places.setdefault(place.collection, []).append(place.lesson_id)
    collections = tuple(
        ListedCollection(one.slug, one.name, one.text, tuple(known[pk] for pk in places[one]))
        for one in sorted(places, key=lambda one: (one.order, one.pk))
    )
    own = [row for row in rows if row.assignment]
    return Library(
        own=tuple(known[row.pk] for row in sorted(own, key=lambda row: (row.place, row.assignment))),
        free=tuple(known[row.pk] for row in rows if not row.assignment),
        collections=collections,
        facts={
            row.slug: _facts(row, known[row.pk], [one for one in places if row.pk in places[one]])
            for row in rows
        },
        finished=frozenset(row.slug for row in rows if row.is_finished),
    )


def collection_for_staff(collection: Collection) -> ListedCollection:
    """Return a collection with all of its published lessons, free or not, published or not itself."""
    found = _published().filter(places__collection=collection).order_by("places__order", "places__id")
    return ListedCollection(
        collection.slug, collection.name, collection.text, tuple(_listed(row) for row in found)
    )


def _published() -> QuerySet[Any]:
    """Return the published lessons, each with `recorded_ms`: the length of its current recording, or None."""
    is_current = Q(recordings__is_current=True)
    return (
        Lesson.objects.filter(is_published=True)
        .defer("guidelines", "expectations", "draft")
        .annotate(playing=FilteredRelation("recordings", condition=is_current))
        .annotate(recorded_ms=F("playing__duration_ms"))
    )


def _free() -> QuerySet[Any]:
    """Return the free lessons, as assigned to no one and finished by no one."""
    nothing = Value(None, output_field=IntegerField())
    return _published().filter(is_free=True).annotate(assignment=nothing, is_finished=Value(False))


def _assigned_and_free(client: User) -> QuerySet[Any]:
    """Return the free lessons and those assigned to the client.

    With `assignment`, what it says, and `is_finished`: at least once.
    """
    done = Q(finished_at__isnull=False) | Q(said_done=True)
    mine = PracticeEntry.objects.filter(done, client=client, lesson=OuterRef("pk"))
    is_open = Q(assignments__client=client, assignments__ended_at__isnull=True)
    return (
        _published()
        .annotate(given=FilteredRelation("assignments", condition=is_open))
        .annotate(
            assignment=F("given__pk"),
            place=F("given__order"),
            dosage=F("given__dosage"),
            giver=F("given__assigned_by__user__name"),
            is_finished=Exists(mine),
        )
        .filter(Q(is_free=True) | Q(assignment__isnull=False))
    )


def _listed(row: Any) -> ListedLesson:
    """Return a row of either query as lists show it."""
    return ListedLesson(
        slug=row.slug,
        title=row.title,
        standfirst=row.standfirst,
        position=row.position,
        regions=known_regions(row.regions),
        minutes=None if row.recorded_ms is None else minutes_of(row.recorded_ms),
        dosage=getattr(row, "dosage", None) or "",
        given_by=User(name=getattr(row, "giver", None) or "").first_name,
    )


def _facts(row: Any, lesson: ListedLesson, collections: list[Collection]) -> LessonFacts:
    """Return what a lesson is found by."""
    said = (row.title, row.standfirst, row.position, row.things, row.what_happened)
    named = (*(_(one.label) for one in lesson.regions), *(one.name for one in collections))
    return LessonFacts(
        regions=frozenset(one.slug for one in lesson.regions),
        length=None if lesson.minutes is None else length_of(lesson.minutes),
        posture=posture_of(row.position),
        collections=frozenset(one.slug for one in collections),
        words=frozenset(plain_words(" ".join((*said, *named)))),
    )
