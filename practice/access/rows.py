"""Filters for rows that somebody may see or change: the table of `practice/access/roles.py`, applied.

What "own" means is said once for each model. The app that knows registers a filter in its
`AppConfig.ready()`: whose client somebody is depends on appointments, which this app does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from practice.access import roles
from practice.access.roles import Scope, Verb, scope_of_model
from practice.models import User

Row = TypeVar("Row", bound=Model)
Own = Callable[[User, Verb], Q]
_own: dict[str, Own] = {}
_records: list[Callable[[User], QuerySet[User]]] = []


def register(model: type[Model], own: Own) -> None:
    """Register which rows of a model are somebody's own. `own` gets the person and "see" or "change"."""
    _own[model._meta.label_lower] = own


def register_records(records_of: Callable[[User], QuerySet[User]]) -> None:
    """Register whose records somebody may open. Called by the app that keeps records."""
    _records[:] = [records_of]


def opens_record(user: User, client: User) -> bool:
    """Return whether a staff member may open this client's record now."""
    return any(records_of(user).filter(pk=client.pk).exists() for records_of in _records)


def records_opened(user: User, pks: Collection[int]) -> set[int]:
    """Return those of these clients whose record a staff member may open now."""
    return {
        pk
        for records_of in _records
        for pk in records_of(user).filter(pk__in=pks).values_list("pk", flat=True)
    }


def owned_by(path: str) -> Own:
    """Return a filter for rows whose field at that path is the person asking."""
    return lambda user, _verb: Q(**{path: user})


def registered() -> set[str]:
    """Return the models for which "own" is registered, as app.model."""
    return set(_own)


def may(user: User, thing: str, verb: Verb = "see") -> bool:
    """Return whether a staff member may see, or change, anything of a kind of thing ("records")."""
    return user.is_staff and roles.may(user.role, thing, verb)


def may_all(user: User, thing: str, verb: Verb = "see") -> bool:
    """Return whether a staff member may see, or change, all of a kind of thing, whoever it belongs to."""
    return user.is_staff and roles.may_all(user.role, thing, verb)


def scope_of(user: User, model: type[Model], verb: Verb) -> Scope:
    """Return how much of a model a person may see or change; nothing for people who no longer work here."""
    return scope_of_model(user.role, model._meta.label_lower, verb) if user.is_staff else Scope.NOTHING


def for_person(user: User, found: QuerySet[Row], verb: Verb = "see") -> QuerySet[Row]:
    """Return those of the rows that a staff member may see, or change."""
    reach = scope_of(user, found.model, verb)
    if reach is Scope.ALL:
        return found
    own: Callable[[User, Verb], Any] | None = _own.get(found.model._meta.label_lower)
    if reach is Scope.NOTHING or own is None:
        return found.none()
    return found.filter(own(user, verb))


def may_access(user: User, row: Model, verb: Verb = "see") -> bool:
    """Return whether a staff member may see, or change, this row."""
    return for_person(user, type(row)._base_manager.filter(pk=row.pk), verb).exists()
