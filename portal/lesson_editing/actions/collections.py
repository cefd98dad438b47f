"""Create collections, name them, and put their lessons in order."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.text import slugify

from portal.models import Collection, CollectionLesson, Lesson

LONGEST_SLUG = 50


class OrderChanged(Exception):
    """Raised when the lessons of a collection are others than those that were shown."""


@transaction.atomic
def create_collection(name: str) -> Collection:
    """Create a collection without lessons, which visitors cannot see yet, and return it."""
    last = Collection.objects.order_by("-order").values_list("order", flat=True).first() or 0
    return Collection.objects.create(slug=_free_slug(name), name=name, order=min(last + 1, 32_767))


def _free_slug(name: str) -> str:
    base = slugify(name)[: LONGEST_SLUG - 5].strip("-") or "collection"
    taken = set(Collection.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in taken:
        return base
    return next(one for number in range(2, len(taken) + 3) if (one := f"{base}-{number}") not in taken)


@transaction.atomic
def add_lesson(collection: Collection, lesson: Lesson) -> None:
    """Put the lesson at the end of the collection, unless it is in it."""
    places = _locked(collection)
    if all(one.lesson_id != lesson.pk for one in places):
        CollectionLesson.objects.create(collection=collection, lesson=lesson, order=len(places))
        _number(_locked(collection))


@transaction.atomic
def remove_lesson(collection: Collection, lesson_id: int) -> None:
    """Take the lesson out of the collection; the lesson itself stays."""
    _locked(collection)
    collection.places.filter(lesson_id=lesson_id).delete()
    _number(_locked(collection))


@transaction.atomic
def move_lesson(collection: Collection, lesson_id: int, *, by: int) -> None:
    """Move the lesson that many places down, or up where `by` is negative; not past either end."""
    places = _locked(collection)
    at = next((place for place, one in enumerate(places) if one.lesson_id == lesson_id), None)
    if at is None:
        raise OrderChanged
    moved = places.pop(at)
    places.insert(min(max(at + by, 0), len(places)), moved)
    _number(places)


@transaction.atomic
def order_lessons(collection: Collection, lesson_ids: Sequence[int]) -> None:
    """Put the lessons in this order. Raises OrderChanged unless it names exactly those of the collection."""
    places = {one.lesson_id: one for one in _locked(collection)}
    if sorted(places) != sorted(lesson_ids):
        raise OrderChanged
    _number([places[one] for one in lesson_ids])


def _locked(collection: Collection) -> list[CollectionLesson]:
    Collection.objects.select_for_update().get(pk=collection.pk)
    return list(collection.places.order_by("order", "id"))


def _number(places: Sequence[CollectionLesson]) -> None:
    for order, one in enumerate(places):
        one.order = order
    CollectionLesson.objects.bulk_update(places, ["order"])
