"""Moments of a column as whole seconds, reckoned by the database."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, IntegerField
from django.db.models.sql.compiler import SQLCompiler


class Seconds(Func):
    """A moment in whole seconds since 1970, rounded down, or `up`.

    To make datetimes of thousands of rows takes longer than to judge them.
    """

    output_field = IntegerField()

    def __init__(self, moment: str, *, up: bool = False) -> None:
        super().__init__(moment)
        self.up = up

    def get_db_converters(self, connection: Any) -> list[Any]:
        """Return none: both databases give whole numbers."""
        return []

    def as_sqlite(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, Any]:
        """Return it for SQLite, where a moment is a text that has a fraction only if it is none of zero."""
        sql, params = compiler.compile(self.source_expressions[0])
        whole = f"CAST(strftime('%%s', {sql}) AS INTEGER)"
        return (f"({whole} + (length({sql}) > 19))", (*params, *params)) if self.up else (whole, params)

    def as_postgresql(self, compiler: SQLCompiler, connection: Any, **context: Any) -> tuple[str, Any]:
        """Return it for PostgreSQL."""
        sql, params = compiler.compile(self.source_expressions[0])
        return f"{'ceil' if self.up else 'floor'}(extract(epoch FROM {sql}))::bigint", params
