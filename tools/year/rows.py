"""The tables as they lie in the database, read past Django's models."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection


def asked(sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def told(sql: str, params: Sequence[Any] = ()) -> None:
    """Change something past the product, as time or a disk would."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def moment(value: Any) -> Any:
    """Return an instant of a column, or None: SQLite's have no zone, or are text, in UTC."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def column(instant: datetime) -> Any:
    """Return an instant as the database takes it."""
    return instant.strftime("%Y-%m-%d %H:%M:%S") if connection.vendor == "sqlite" else instant


def plain_uid(value: Any) -> str:
    """Return a uid as text without dashes, from either engine."""
    return str(value).replace("-", "")


def uid_column(uid: str) -> Any:
    """Return a uid as the database takes it."""
    return uid if connection.vendor == "sqlite" else str(UUID(uid))


def read_json(value: Any) -> Any:
    """Return a column of JSON."""
    return json.loads(value) if isinstance(value, str) else value
