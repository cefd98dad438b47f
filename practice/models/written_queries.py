"""Queries that are written once, and then asked again and again with other values."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Model, QuerySet


class WrittenOnce:
    """Reads rows by a query of which only the values change.

    To write such a query takes Django several times as long as a database takes to answer it: for what is
    asked hundreds of times, in a lesson or for the emails of a morning, it is written once for each kind of
    database.
    """

    def __init__(self, rows: Callable[..., QuerySet[Any, Any]], **samples: Any) -> None:
        """rows: makes the query from the named values; with `values_list`, or else of whole models.

        samples: a value for each name that occurs nowhere else in the query, of the type that will be asked.
        """
        self._rows, self._samples = rows, samples
        self._query = cache(self._write)

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        """Return the first row as the database gives it (a truth may be 0 or 1), or None."""
        return next(iter(self._asked(self._query(connection.vendor, True), values)), None)

    def all(self, **values: Any) -> list[tuple[Any, ...]]:
        """Return all rows, their values as Django's models have them."""
        query = self._query(connection.vendor, False)
        return [tuple(query.converted(row)) for row in self._asked(query, values)]

    def objects(self, **values: Any) -> list[Any]:
        """Return all rows as models, with those that `select_related` names."""
        query = self._query(connection.vendor, False)
        return [query.as_model(query.converted(row)) for row in self._asked(query, values)]

    def first_object(self, **values: Any) -> Any:
        """Return the first row as a model, or None."""
        query = self._query(connection.vendor, True)
        return next((query.as_model(query.converted(row)) for row in self._asked(query, values)), None)

    def written(self) -> _Written:
        """Return the query as the database at hand takes it."""
        return self._query(connection.vendor, False)

    def _asked(self, query: _Written, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query.sql, query.filled(values))
            found: list[tuple[Any, ...]] = cursor.fetchall()
            return found

    def _write(self, vendor: str, only_first: bool) -> _Written:
        rows = self._rows(**self._samples)
        compiler = (rows[:1] if only_first else rows).query.get_compiler(connection=connection)
        sql, params = compiler.as_sql()
        names = {_adapted(value): name for name, value in self._samples.items()}
        if lost := self._samples.keys() - {names[one] for one in params if one in names}:
            raise ValueError(f"the written query does not hold the values of {sorted(lost)}")
        return _Written(
            sql=sql,
            params=[_Gap(names[one]) if one in names else one for one in params],
            converters=list(compiler.get_converters([column for column, _, _ in compiler.select]).items()),
            select=compiler.select,
            model=compiler.klass_info or {},
            annotations=compiler.annotation_col_map or {},
        )


def _adapted(value: Any) -> Any:
    """Return a value as the database takes it: SQLite has moments and UUIDs as text."""
    if isinstance(value, dt.datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


@dataclass(frozen=True)
class _Gap:
    """A place in a written query for the value of this name."""

    name: str


@dataclass(frozen=True)
class _Written:
    """A written query, and how its rows are read.

    `model`: what Django's compiler says of it; `annotations`: name → column of what is read beside a model.
    """

    sql: str
    params: list[Any]
    converters: list[tuple[int, tuple[list[Callable[..., Any]], Any]]]
    select: list[Any]
    model: dict[str, Any]
    annotations: Mapping[str, int]

    def filled(self, values: dict[str, Any]) -> list[Any]:
        """Return the parameters with these values in their places."""
        return [_adapted(values[one.name]) if isinstance(one, _Gap) else one for one in self.params]

    def converted(self, row: Sequence[Any]) -> list[Any]:
        """Return the values of a row as Django's models have them."""
        values = list(row)
        for place, (converters, expression) in self.converters:
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return values

    @cached_property
    def kinds(self) -> list[str]:
        """Return the kind of field of each column."""
        return [column.output_field.get_internal_type() for column, _, _ in self.select]

    @cached_property
    def readers(self) -> list[tuple[int, Callable[[str], Any]]]:
        """Return by column what reads its value out of PostgreSQL's JSON, where that is a text of it."""
        return [(place, READERS[kind]) for place, kind in enumerate(self.kinds) if kind in READERS]

    def as_model(self, values: list[Any]) -> Any:
        """Return a row as its model, as a QuerySet does it."""
        made = self._make(values)
        for name, place in self.annotations.items():
            setattr(made, name, values[place])
        return made

    @cached_property
    def _make(self) -> Callable[[list[Any]], Any]:
        return _maker_of(self.model, self.select)


class AskedTogether:
    """Asks several written queries by one statement, each by its name: for the facts of one decision.

    A statement has a price of its own, whatever it asks. Each query's rows come as one list in JSON; what has
    the same name in several queries is the same value.
    """

    def __init__(self, **queries: WrittenOnce) -> None:
        self._queries = queries
        self._written = cache(self._write)

    def __call__(self, **values: Any) -> Answers:
        """Return the rows of each query, as of one moment."""
        sql, queries = self._written(connection.vendor)
        params = [one for query in queries.values() for one in query.filled(values)]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return Answers(queries, dict(zip(queries, cursor.fetchone(), strict=True)))

    def _write(self, vendor: str) -> tuple[str, Mapping[str, _Written]]:
        queries = {name: one.written() for name, one in self._queries.items()}
        return f"SELECT {', '.join(_as_json(one, vendor) for one in queries.values())}", queries


@dataclass(frozen=True)
class Answers:
    """The answers to queries that were asked together, each by its name."""

    _queries: Mapping[str, _Written]
    _found: Mapping[str, str | None]

    def all(self, name: str) -> list[tuple[Any, ...]]:
        """Return all rows, their values as Django's models have them."""
        query = self._queries[name]
        return [tuple(query.converted(row)) for row in self._rows(name)]

    def objects(self, name: str) -> list[Any]:
        """Return all rows as models."""
        query = self._queries[name]
        return [query.as_model(query.converted(row)) for row in self._rows(name)]

    def _rows(self, name: str) -> list[list[Any]]:
        rows: list[list[Any]] = json.loads(self._found[name] or "[]")
        if connection.vendor == "postgresql":  # SQLite has these as text anyway
            for place, read in self._queries[name].readers:
                for row in rows:
                    row[place] = None if row[place] is None else read(row[place])
        return rows


#: What reads a value that PostgreSQL has written in JSON as text, by the kind of its field.
READERS: dict[str, Callable[[str], Any]] = {
    "DateTimeField": dt.datetime.fromisoformat,
    "DateField": dt.date.fromisoformat,
    "TimeField": dt.time.fromisoformat,
    "UUIDField": UUID,
}
#: What JSON would change, or has no word for.
NOT_IN_JSON = {"BinaryField", "DecimalField", "DurationField", "FloatField"}


def _as_json(query: _Written, vendor: str) -> str:
    """Return the SQL that gives the rows of a query as the text of one list."""
    if lost := NOT_IN_JSON.intersection(query.kinds):
        raise ValueError(f"the rows of queries asked together have no {', '.join(sorted(lost))}")
    names = [f"c{number}" for number, _ in enumerate(query.select)]
    if vendor == "sqlite":
        rows = f"json_group_array(json_array({', '.join(names)}))"
    else:  # what is JSON itself stays the text that its field reads
        inside = (f"{name}::text" if kind == "JSONField" else name for name, kind in zip(names, query.kinds))
        rows = f"json_agg(json_build_array({', '.join(inside)}))::text"
    return f"(WITH found({', '.join(names)}) AS ({query.sql}) SELECT {rows} FROM found)"  # noqa: S608


def _maker_of(info: dict[str, Any], select: list[Any]) -> Callable[[list[Any]], Any]:
    """Return what makes a model of a row's values, with those that it is selected with."""
    model, first, end = info["model"], info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column.target.attname for column, _, _ in select[first:end]]
    key = first + names.index(model._meta.pk.attname)
    related = [
        (_maker_of(one, select), one["local_setter"], one["remote_setter"])
        for one in info.get("related_klass_infos", [])
    ]

    def make(values: list[Any]) -> Any:
        if values[key] is None:  # of a row that may be missing
            return None
        made = model.from_db(connection.alias, names, values[first:end])
        for make_other, set_here, set_there in related:
            other = make_other(values)
            set_here(made, other)
            if other is not None:
                set_there(other, made)
        return made

    return make


def update_row(
    row: Model, fields: Mapping[str, Any], *, only_if: str = "", params: Sequence[Any] = ()
) -> int:
    """Write these fields of a row by one UPDATE; return how many rows there were to write: 0 or 1.

    `only_if`: another condition, in SQL of ours, with its `params`. The row in hand is left as it is. For
    what is written for each email of a morning: a QuerySet takes several times as long.
    """
    columns: list[Any] = [row._meta.get_field(name) for name in fields]
    new = ", ".join(f"{one.column} = %s" for one in columns)
    sql = f"UPDATE {row._meta.db_table} SET {new} WHERE id = %s"  # noqa: S608  (words of ours)
    values = [one.get_db_prep_save(value, connection) for one, value in zip(columns, fields.values())]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} AND {only_if}" if only_if else sql, [*values, row.pk, *params])
        return int(cursor.rowcount)


class WhichExist:
    """Asks in one query whether there are rows of several kinds, each by its name.

    The query is always the same, and takes longer to write than to answer: it is written once.
    """

    def __init__(self, **rows: QuerySet[Any]) -> None:
        self._rows = rows
        self._sql = cache(self._write)

    def __call__(self) -> dict[str, bool]:
        """Return which of them exist now."""
        with connection.cursor() as cursor:
            cursor.execute(*self._sql(connection.vendor))
            return dict(zip(self._rows, map(bool, cursor.fetchone()), strict=True))

    def _write(self, vendor: str) -> tuple[str, list[Any]]:
        plain = (one if one.query.is_sliced else one.order_by() for one in self._rows.values())
        parts = [one.values("pk").query.sql_with_params() for one in plain]
        found = ", ".join(f"EXISTS ({sql})" for sql, _ in parts)
        return f"SELECT {found}", [value for _, values in parts for value in values]
