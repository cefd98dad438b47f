"""A copy of the database and its return. Nobody else may be connected meanwhile."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg
from django.db import connection


def take_copy(folder: Path) -> None:
    """Copy the database as it is now."""
    if connection.vendor == "sqlite":
        copy = folder / "backup.sqlite3"
        copy.unlink(missing_ok=True)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(copy)])
        return
    replace_in_postgres(name_in_postgres(folder), by=str(connection.settings_dict["NAME"]))


def put_back(folder: Path) -> None:
    """Put the copy in the place of the database."""
    if connection.vendor == "sqlite":
        file = Path(str(connection.settings_dict["NAME"]))
        connection.close()
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        shutil.copyfile(folder / "backup.sqlite3", file)
        with closing(sqlite3.connect(file)) as opened:
            assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return
    replace_in_postgres(str(connection.settings_dict["NAME"]), by=name_in_postgres(folder))


def name_in_postgres(folder: Path) -> str:
    """Return the name of the database that is this folder's copy."""
    return f"copy_{folder.name}"


def replace_in_postgres(name: str, *, by: str) -> None:
    """Have a database be a copy of another one."""
    connection.close()
    own = connection.settings_dict
    host = {"host": own["OPTIONS"].get("host") or own["HOST"]}
    with psycopg.connect(dbname="postgres", user=own["USER"], autocommit=True, **host) as server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}"')
        server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{by}"')
