"""The ledger of a merge: which rows moved, what was changed from what to what, and what was removed.

It is plain values, kept encrypted on the merge's row. In the opposite order it restores each row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.db import models

from portal.erasure.table import batched
from portal.merging.table import RULES, MergeRule, Pair

Values = dict[str, Any]


class Ledger:
    """A ledger that does what it writes down."""

    def __init__(self, kept: Mapping[str, Any] | None = None) -> None:
        """Begin empty, or from what was kept of an earlier one."""
        kept = kept or {}
        self.moved: dict[str, list[int]] = dict(kept.get("moved", {}))
        self.changed: list[Values] = list(kept.get("changed", []))
        self.removed: list[Values] = list(kept.get("removed", []))

    @property
    def content(self) -> Values:
        """Return what is stored."""
        return {"moved": self.moved, "changed": self.changed, "removed": self.removed}

    def ids(self, model: type[models.Model], field: str) -> list[int]:
        """Return the ids of the rows whose reference moved."""
        return self.moved.get(f"{model._meta.label}.{field}", [])

    def move(self, rule: MergeRule, pair: Pair) -> int:
        """Let the merged record's rows point at the kept one, and return how many."""
        pks = list(rule.moving(pair).values_list("pk", flat=True))
        if pks:
            self.moved[rule.label] = [*self.moved.get(rule.label, []), *pks]
            _point(rule, pks, at=pair.kept, instead_of=pair.merged)
        return len(pks)

    def change(self, row: models.Model, **values: Any) -> None:
        """Write these values on a row, unless it has them already."""
        known = type(row)._base_manager.filter(pk=row.pk)
        before = known.values(*values).get()
        fresh = {name: value for name, value in values.items() if before[name] != value}
        if not fresh:
            return
        known.update(**fresh)
        self.changed.append(
            {
                "model": row._meta.label,
                "pk": row.pk,
                "before": {name: _plain(before[name]) for name in fresh},
                "after": {name: _plain(value) for name, value in fresh.items()},
            }
        )

    def remove(self, rows: models.QuerySet[Any]) -> None:
        """Delete rows that nothing points at; each is written down as a whole."""
        for row in rows:
            fields = [one.attname for one in row._meta.concrete_fields]
            values = {name: _plain(getattr(row, name)) for name in fields}
            self.removed.append({"model": row._meta.label, "values": values})
        rows.delete()

    def put_back(self, pair: Pair) -> None:
        """Undo all of it. A row that is gone, or that somebody changed since, stays as it is now."""
        for label, pks in self.moved.items():
            _point(RULES[label], pks, at=pair.merged, instead_of=pair.kept)
        for one in reversed(self.changed):
            _restore(one)
        for one in reversed(self.removed):
            model = apps.get_model(one["model"])
            model._base_manager.bulk_create([model(**_read(model, one["values"]))])


def _point(rule: MergeRule, pks: Iterable[int], *, at: int, instead_of: int) -> None:
    """Let the rows' reference point at somebody else, where it still points at the one of the two."""
    for some in batched(list(pks)):
        rows = rule.model._base_manager.filter(pk__in=some, **{rule.field: instead_of})
        rows.update(**{rule.field: at})


def _restore(change: Values) -> None:
    model = apps.get_model(change["model"])
    row = model._base_manager.filter(pk=change["pk"])
    before, after = _read(model, change["before"]), _read(model, change["after"])
    found = row.values(*before).first() or {}
    same = {name: value for name, value in before.items() if name in found and found[name] == after[name]}
    if same:
        row.update(**same)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _read(model: type[models.Model], values: Mapping[str, Any]) -> Values:
    """Return the values as the fields have them: a moment is kept as text."""
    fields = {one.attname: one for one in model._meta.concrete_fields}
    fields |= {one.name: one for one in model._meta.concrete_fields}
    return {name: _value_of(fields[name], value) for name, value in values.items()}


def _value_of(field: Any, value: Any) -> Any:
    is_moment = isinstance(field, models.DateTimeField) and isinstance(value, str)
    return dt.datetime.fromisoformat(value) if is_moment else value
