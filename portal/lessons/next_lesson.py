"""PURE. Which lesson is offered at the end of another one."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True)
class NextLesson:
    """The lesson to offer. `collection` is the one it continues, or empty for an assigned lesson."""

    slug: str
    collection: str = ""


def next_lesson(
    slug: str,
    *,
    collections: Sequence[tuple[str, Sequence[str]]],
    assigned: Sequence[str] = (),
    finished: AbstractSet[str] = frozenset(),
) -> NextLesson | None:
    """Return the lesson that follows `slug`, or None.

    First what follows in a collection, then what is assigned, after this lesson and then before it. Finished
    lessons are passed over. `collections` are (slug, slugs of lessons) with only what the reader may open.
    """
    for name, lessons in collections:
        if slug in lessons:
            for later in lessons[lessons.index(slug) + 1 :]:
                if later not in finished:
                    return NextLesson(later, name)
    place = assigned.index(slug) + 1 if slug in assigned else 0
    for other in [*assigned[place:], *assigned[:place]]:
        if other != slug and other not in finished:
            return NextLesson(other)
    return None
