"""The database as one file: copied while others write, opened in another place, loaded into an empty one.

SQLite: `VACUUM INTO`, never a copy of the live file. PostgreSQL: `pg_dump` in its own format, of the snapshot
in which the rows are counted.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper

from practice.backup import postgres
from practice.backup.places import Trouble, settle

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": """
        SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
        UNION SELECT conname FROM pg_constraint WHERE contype = 'x' ORDER BY 1""",
}
#: Names of columns and tables are quoted by Django; these are all of a migrated database.
MIGRATIONS = "SELECT app, name FROM django_migrations ORDER BY id"


@dataclass(frozen=True)
class Contents:
    """What is in a database: rows by table, its rules, and the last migration of each app."""

    counts: Mapping[str, int]
    rules: tuple[str, ...]
    migrations: Mapping[str, str]


def file_name() -> str:
    """Return the name of the database's file in a backup."""
    return "database.sqlite3" if connection.vendor == "sqlite" else "database.dump"


def size() -> int:
    """Return about how many bytes a copy will have."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            return int(cursor.fetchone()[0])
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


def copy_into(file: Path) -> Contents:
    """Write a consistent copy of the database into a new file, while others write; return what is in it.

    Raises Trouble: a PostgreSQL program is missing, or it or SQLite failed.
    """
    if connection.vendor == "postgresql":
        return postgres.dump(connection, file, read=contents_of)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(file)])
    return open_sqlite(file)


def open_sqlite(file: Path) -> Contents:
    """Return what is in a copy of SQLite. Raises Trouble when it is damaged."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as opened:
            found = opened.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                raise Trouble(f"SQLite finds the database damaged: {found}")
            listed = opened.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
            return _read(opened, [name for (name,) in listed], vendor="sqlite")
    except sqlite3.DatabaseError as error:
        raise Trouble(f"SQLite cannot open the database: {error}") from error


def contents_of(database: BaseDatabaseWrapper) -> Contents:
    """Return what is in a database that Django is connected to."""
    with database.cursor() as cursor:
        tables = database.introspection.table_names(cursor)
        return _read(cursor, tables, vendor=database.vendor)


def _read(cursor: Any, tables: Iterable[str], *, vendor: str) -> Contents:
    """Return the contents by a cursor, or by a connection of sqlite3, which speak alike."""

    def rows(sql: str) -> list[Any]:
        found = cursor.execute(sql)
        return (found if vendor == "sqlite" and found is not None else cursor).fetchall()

    counts = {name: int(rows(f'SELECT count(*) FROM "{name}"')[0][0]) for name in sorted(tables)}  # noqa: S608
    migrations = dict(rows(MIGRATIONS)) if "django_migrations" in counts else {}
    return Contents(counts, tuple(name for (name,) in rows(TRIGGERS[vendor])), migrations)


def open_postgres(file: Path) -> Contents:
    """Load a dump into a database beside ours that is gone afterward; return what is in it.

    Where we may create none, or have no PostgreSQL, the dump is read from its first byte to its last instead.
    """
    name = f"portal_verify_{secrets.token_hex(6)}"
    if connection.vendor != "postgresql" or not postgres.create(connection, name):
        return Contents(*postgres.read_through(file))
    other = connection.copy()
    other.settings_dict["NAME"] = name
    try:
        postgres.load(other, file)
        return contents_of(other)
    finally:
        other.close()
        postgres.drop(connection, name)


def open_copy(file: Path, engine: str) -> Contents:
    """Return what is in a backup's database, opened in a temporary place. Raises Trouble."""
    return open_sqlite(file) if engine == "sqlite" else open_postgres(file)


def tables() -> list[str]:
    """Return the tables of the database here. A file of SQLite that is not there is not made by asking."""
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return []
    return connection.introspection.table_names()


def contents() -> Contents:
    """Return what is in the database here."""
    return contents_of(connection)


def load(file: Path) -> None:
    """Fill the database here, which is empty, from a backup's file. Raises Trouble."""
    if connection.vendor == "postgresql":
        postgres.load(connection, file)
        return
    connection.close()
    target = Path(connection.settings_dict["NAME"])
    for old in _sqlite_files(target):
        old.unlink(missing_ok=True)
    file.replace(target)
    settle(target.parent)


def clear() -> None:
    """Empty the database again, which a restore has begun to fill: it was empty before."""
    if connection.vendor == "postgresql":
        postgres.clear(connection)
        return
    connection.close()
    for file in _sqlite_files(Path(connection.settings_dict["NAME"])):
        file.unlink(missing_ok=True)


def _sqlite_files(database: Path) -> Iterator[Path]:
    yield from (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal")))


def place_of_database() -> str:
    """Return where the database is, as it may be printed."""
    said = connection.settings_dict
    if connection.vendor == "sqlite":
        return str(said["NAME"])
    host = said["HOST"] or said.get("OPTIONS", {}).get("host") or "this machine"
    return f"“{said['NAME']}” on {host}"
