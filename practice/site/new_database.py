"""All tables of a new SQLite database at once: what migrations one after another would make of nothing.

A first start would otherwise spend most of its time on them. `new_database.sql` holds the tables, and the
names of the migrations that made them, so that only newer ones are applied; `python -m tools.new_database`
writes it, and a test compares it with the migrations. PostgreSQL goes through the migrations: what its dumps
say depends on its version.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

SCRIPT = Path(__file__).with_name("new_database.sql")
#: What was written by SQLite itself, such as its counters and the indexes of unique columns, has no SQL.
TABLES = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
APPLIED = "SELECT app, name FROM django_migrations ORDER BY id"
RECORD = "INSERT INTO django_migrations (app, name, applied) VALUES"


def create_all_tables(connection: BaseDatabaseWrapper) -> bool:
    """Create them all in one transaction, in an empty SQLite database; else do nothing and return False."""
    if connection.vendor != "sqlite" or connection.introspection.table_names():
        return False
    connection.ensure_connection()
    database: sqlite3.Connection = connection.connection
    try:
        # `executescript` ends a transaction that is open, so this one is part of the script.
        database.executescript(f"BEGIN IMMEDIATE;\n{SCRIPT.read_text(encoding='utf-8')}\nCOMMIT;")
    except sqlite3.OperationalError:  # another process was first, or the disk is full: migrations say which
        if database.in_transaction:
            database.rollback()
        return False
    return True


def script_of(database: sqlite3.Connection) -> str:
    """Return the script that creates the tables of a migrated database; of its rows only its migrations."""
    tables = [f"{sql};" for (sql,) in database.execute(TABLES)]
    names = [f"('{app}', '{name}', datetime('now'))" for app, name in database.execute(APPLIED)]
    return "\n".join([*tables, f"{RECORD}\n" + ",\n".join(names) + ";"]) + "\n"
