"""Assigning lessons and exercises to a client: at most three, in the order of work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models, transaction
from django.utils.translation import gettext as _

from portal.models import Assignment, Exercise, Lesson
from practice.core.body import REGIONS
from practice.models import Practitioner, User

MOST = 3  # of four and more, most is left undone (Bachmann 2018)
PLACE = {region.slug: place for place, region in enumerate(REGIONS)}


@dataclass(frozen=True)
class NewAssignment:
    """A lesson or an exercise to assign, its dosage in words, and a personal message."""

    what: Lesson | Exercise
    dosage: str = ""
    word: str = ""


class NotAssigned(Exception):
    """The base of what is raised when assigning is refused: nothing changed, and `str(error)` says why."""


class TooMany(NotAssigned):
    """Raised when more than three things are assigned."""

    def __init__(self) -> None:
        super().__init__(_("Three assignments at most: with more, most people do none of them."))


class AssignedTwice(NotAssigned):
    """Raised when the same lesson or exercise is assigned twice."""

    def __init__(self, what: Lesson | Exercise) -> None:
        super().__init__(_("“%(title)s” is listed twice.") % {"title": what.title})


class NotReady(NotAssigned):
    """Raised when a lesson or exercise to assign is unpublished, or the lesson has no recording."""

    def __init__(self, what: Lesson | Exercise) -> None:
        super().__init__(
            _("“%(title)s” can’t be assigned right now: it is not published or has no recording.")
            % {"title": what.title}
        )


@transaction.atomic
def assign_all(
    client: User, given: Sequence[NewAssignment], *, by: Practitioner, now: dt.datetime
) -> list[Assignment]:
    """Make these the client's only assignments, in the order of work: regions first, then as given.

    Existing assignments are edited in place, and those left out end. One that comes back is the row of
    before, open again: what was practiced and written about it stays with it, and there is one row for one
    thing. Raises TooMany, Twice or NotReady; then nothing has changed.
    """
    must_be_assignable(given)
    User.objects.select_for_update(no_key=True).get(pk=client.pk)  # two wrap-ups of one client, one by one
    rows = {_thing(row.what): row for row in Assignment.objects.filter(client=client).order_by("ended_at")}
    live = {_thing(row.what): row for row in Assignment.objects.filter(client=client, ended_at=None)}
    rows |= live
    kept = [
        _give(rows.get(_thing(one.what)), one, client=client, order=order, by=by, now=now)
        for order, one in enumerate(in_order(given))
    ]
    missing = [row.pk for row in live.values() if row.pk not in {one.pk for one in kept}]
    Assignment.objects.filter(pk__in=missing).update(ended_at=now)
    return kept


def in_order(given: Sequence[NewAssignment]) -> list[NewAssignment]:
    """Return the assignments in the order of work; those of one region stay as given."""
    return sorted(given, key=lambda one: _place(one.what))


def must_be_assignable(given: Sequence[NewAssignment]) -> None:
    """Raise TooMany, Twice or NotReady unless all of these can be assigned."""
    if len(given) > MOST:
        raise TooMany
    seen = set()
    for one in given:
        if _thing(one.what) in seen:
            raise AssignedTwice(one.what)
        seen.add(_thing(one.what))
        if not is_ready(one.what):
            raise NotReady(one.what)


def is_ready(what: Lesson | Exercise) -> bool:
    """Return whether it is published; a lesson also needs a recording."""
    if isinstance(what, Lesson):
        return what.is_published and what.recordings.filter(is_current=True).exists()
    return what.is_published


def _give(
    row: Assignment | None,
    one: NewAssignment,
    *,
    client: User,
    order: int,
    by: Practitioner,
    now: dt.datetime,
) -> Assignment:
    if row is None:
        thing = {"lesson": one.what} if isinstance(one.what, Lesson) else {"exercise": one.what}
        return Assignment.objects.create(
            client=client,
            assigned_by=by,
            dosage=one.dosage,
            word=one.word,
            order=order,
            created_at=now,
            **thing,
        )
    if row.ended_at or (row.dosage, row.word) != (one.dosage, one.word):
        row.assigned_by = by  # whose words they are now
    row.dosage, row.word, row.order, row.ended_at = one.dosage, one.word, order, None
    row.save(update_fields=["assigned_by", "dosage", "word", "order", "ended_at"])
    return row


def _thing(what: Lesson | Exercise) -> tuple[type[models.Model], int]:
    return type(what), what.pk


def _place(what: Lesson | Exercise) -> int:
    """Return the place in the order of work, by the first of its regions; without any, last."""
    return min((PLACE[slug] for slug in what.regions if slug in PLACE), default=len(PLACE))
