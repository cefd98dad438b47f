"""How the database reads what some code asks: each statement's plan, explained as it is asked.

A table that grows for years must be read by an index that is narrowed down by a condition, or by an index
that holds only what is left to do. The statements are explained with the values they are asked with.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

#: Tables that grow for as long as the practice runs.
GROWS = frozenset(
    {
        *("practice_letter", "practice_emailevent", "practice_textmessage", "practice_accesslog"),
        *("booking_appointment", "booking_appointmentchange", "booking_offer", "booking_ledgerentry"),
        *("portal_followup", "portal_practiceentry", "portal_segment", "portal_sessionnote"),
    }
)
EXPLAINED = re.compile(r"\s*(SELECT|UPDATE|DELETE)\b", re.IGNORECASE)


@dataclass
class Plans:
    """What was asked: `statements` counts them, `indexes` were used, `scans` read all of a growing table."""

    statements: int = 0
    indexes: set[str] = field(default_factory=set)
    scans: list[str] = field(default_factory=list)

    def add(self, sql: str, plan: Iterator[tuple[str, str, bool]]) -> None:
        """Note the tables that a statement reads: (table, index or "", whether that is narrow)."""
        for table, index, is_narrow in plan:
            self.indexes.add(index)
            if table in GROWS and not is_narrow:
                self.scans.append(f"{table} by {index or 'reading all of it'}: {sql}")


@contextmanager
def explained() -> Iterator[Plans]:
    """Explain each statement that is asked within this context, just before it is carried out."""
    plans = Plans()
    partial = _partial_indexes()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # as in production, where `make test` forgoes it (PLAIN_JOINS)
            cursor.execute("SET LOCAL join_collapse_limit = 8")
            cursor.execute("SET LOCAL from_collapse_limit = 8")

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if many or not EXPLAINED.match(sql):
            return execute(sql, params, many, context)
        plans.statements += 1
        read = _read_by_postgres if connection.vendor == "postgresql" else _read_by_sqlite
        with connection.cursor() as cursor:
            plans.add(sql, read(cursor.cursor, sql, params, partial))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield plans


def _partial_indexes() -> set[str]:
    """Return the names of the indexes that hold only some of their table's rows."""
    found = (
        "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE indpred IS NOT NULL"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '%% WHERE %%'"
    )
    with connection.cursor() as cursor:
        cursor.execute(found)
        return {name for (name,) in cursor.fetchall()}


def _read_by_sqlite(cursor: Any, sql: str, params: Any, partial: set[str]) -> Iterator[tuple[str, str, bool]]:
    cursor.execute(f"EXPLAIN QUERY PLAN {sql}", params or ())
    aliases = dict(re.findall(r'"(\w+)" (U\d+|T\d+)\b', sql))
    for *_ids, line in cursor.fetchall():
        if found := re.match(r"(SCAN|SEARCH) (\w+)(?: USING (?:COVERING )?(?:INDEX (\w+)|INTEGER))?", line):
            how, table, index = found.groups()
            of = {alias: name for name, alias in aliases.items()}.get(table, table)
            yield of, index or "", how == "SEARCH" or index in partial


def _read_by_postgres(
    cursor: Any, sql: str, params: Any, partial: set[str]
) -> Iterator[tuple[str, str, bool]]:
    cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}", params)
    ((found,),) = cursor.fetchall()
    (whole,) = json.loads(found) if isinstance(found, str) else found
    yield from _nodes(whole["Plan"], partial)


def _nodes(node: dict[str, Any], partial: set[str], table: str = "") -> Iterator[tuple[str, str, bool]]:
    table = node.get("Relation Name", table)
    kind, index = node["Node Type"], node.get("Index Name", "")
    if kind in ("Seq Scan", "Sample Scan", "Tid Scan"):
        yield table, "", kind == "Tid Scan"
    elif index:
        yield table, index, "Index Cond" in node or index in partial
    for below in node.get("Plans", ()):
        yield from _nodes(below, partial, table if kind.startswith("Bitmap") else "")
