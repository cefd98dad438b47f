"""Each worker's own test database, copied from one that is migrated once for a run of the tests."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

import psycopg
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from practice.append_only import guard
from practice.tests.processes.database_template import copy_in_postgres, migrated_file


def flush_past_the_guard() -> None:
    """Let Django empty the test database after a test that commits: logs that only grow refuse it.

    On SQLite the triggers go before; on both they are put back by `post_migrate`, which the emptying sends.
    It holds for the class: Playwright keeps an event loop in a browser test's thread, and there, as in any
    asynchronous program, Django has another connection object than before.
    """
    operations = type(connection.ops)
    execute = operations.execute_sql_flush

    def emptied(self: BaseDatabaseOperations, sql_list: Sequence[str]) -> None:
        if connection.vendor == "sqlite":
            guard.remove()
            execute(self, sql_list)
        else:
            with triggers_off_as("replica"):
                execute(self, sql_list)

    operations.execute_sql_flush = emptied


@contextmanager
def triggers_off_as(role: str) -> Iterator[None]:
    """Have no trigger of ours fire on PostgreSQL, as on a replica."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET session_replication_role = {role}")
        try:
            yield
        finally:
            cursor.execute("SET session_replication_role = origin")


@contextmanager
def own_test_database(suffix: str) -> Iterator[None]:
    """Point Django's connection at a migrated database of this worker alone; remove it in the end."""
    make = _on_sqlite if connection.vendor == "sqlite" else _on_postgres
    connection.close()
    before = connection.settings_dict["NAME"]
    with make(suffix) as name:
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = before


@contextmanager
def _on_sqlite(suffix: str) -> Iterator[str]:
    """A shared database in memory: it lives as long as one connection to it."""
    name = f"file:test_{suffix}?mode=memory&cache=shared"
    with closing(sqlite3.connect(name, uri=True)) as keeper:
        with closing(sqlite3.connect(migrated_file())) as template:
            template.backup(keeper)
        yield name


@contextmanager
def _on_postgres(suffix: str) -> Iterator[str]:
    name, url = f"test_{suffix}_{os.getpid()}", os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        copy_in_postgres(server, url, name)
        try:
            yield name
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")
