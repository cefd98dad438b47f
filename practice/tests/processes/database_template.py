"""A migrated database to copy: made once for a run of the tests, however many houses are built in it."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[3]
NAME = "portal_migrated"


def copy_file(target: Path) -> None:
    """Put a migrated SQLite database there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(migrated_file(), target)


def migrated_file() -> Path:
    """Return a migrated SQLite database that nobody writes to, made at the first call of a run."""
    folder = Path(os.environ["PYTEST_VAR"]) / "template"
    made = folder / "portal.sqlite3"
    with only_one(folder):
        if not (folder / "made").exists():
            _migrate(folder, "")
            with closing(sqlite3.connect(made)) as connection:  # all of it into the one file
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            (folder / "made").touch()
    return made


def copy_in_postgres(server: psycopg.Connection, database_url: str, name: str) -> None:
    """Make a migrated database of that name on the server. `server` commits by itself."""
    folder = Path(os.environ["PYTEST_VAR"]) / "template-postgres"
    with only_one(folder):  # while somebody copies a database, nobody else may
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            server.execute(f"CREATE DATABASE {NAME}")
            _migrate(folder, urlsplit(database_url)._replace(path=f"/{NAME}").geturl())
        server.execute(f"CREATE DATABASE {name} TEMPLATE {NAME}")


def _migrate(folder: Path, database_url: str) -> None:
    environ = {**os.environ, "VAR_DIR": str(folder), "DATABASE_URL": database_url}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"], cwd=ROOT, env=environ, check=True
    )


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """One process at a time, of all that run these tests."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
