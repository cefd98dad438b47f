"""A practice to back up, and empty machines to restore it on, each with a var/ and a database of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from practice.tests.processes.database_template import copy_file
from practice.tests.processes.forked import Forked
from practice.tests.processes.practice_site import PracticeSite
from practice.tests.processes.up_runner import own_database

#: A fork of the practice's interpreter becomes another machine: with its own folders and database.
ELSEWHERE = """
from pathlib import Path
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
connection.settings_dict["NAME"] = {database!r}
settings.VAR_DIR = Path({var!r})
settings.MEDIA_ROOT = settings.VAR_DIR / "media"
settings.VAR_DIR.mkdir(exist_ok=True)
for name, value in {settings!r}.items():
    setattr(settings, name, value)
{before}
try:
    call_command({command!r}, *{args!r})
except CommandError as error:
    print(error, flush=True)
    raise SystemExit(1)
"""


class Machine:
    """Where a command runs, and a look into its tables past Django. `said`: by its last command."""

    def __init__(self, site: PracticeSite, folder: Path, database_url: str) -> None:
        self.site, self.folder, self.database_url = site, folder, database_url
        self.settings: dict[str, Any] = {}
        self.said = ""

    @property
    def media(self) -> Path:
        """Its recordings and pictures."""
        return self.folder / "media"

    @property
    def database(self) -> str:
        """The name of its database, as Django has it."""
        if self.database_url.startswith("postgres"):
            return urlsplit(self.database_url).path.lstrip("/")
        return str(self.folder / "portal.sqlite3")

    def start(self, command: str, *args: str, before: str = "") -> Forked:
        """Start a command; do not wait. `before`: lines that run in its process first."""
        code = ELSEWHERE.format(
            database=self.database,
            var=str(self.folder),
            settings=self.settings,
            before=before,
            command=command,
            args=args,
        )
        return self.site.fork(f"exec({code!r})")

    def run(self, command: str, *args: str, before: str = "") -> int:
        """Run a command to its end; return its exit code."""
        running = self.start(command, *args, before=before)
        code = running.wait(120)
        self.said = self.site.said_by(running)
        return code

    def sql(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement of our own."""
        if self.database_url.startswith("postgres"):
            with psycopg.connect(self.database_url, autocommit=True) as connection:
                cursor = connection.execute(statement.encode())
                return cursor.fetchall() if cursor.description else []
        with closing(sqlite3.connect(self.database, timeout=20, isolation_level=None)) as connection:
            return connection.execute(statement).fetchall()

    def count(self, table: str) -> int:
        """The number of rows of a table."""
        return int(self.sql(f"SELECT count(*) FROM {table}")[0][0])


@contextmanager
def machine_in(site: PracticeSite, folder: Path, *, migrated: bool = False) -> Iterator[Machine]:
    """A machine with a database that is empty, or `migrated` and without rows; it is gone afterward."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = "" if site.sqlite else site.database_url
    with own_database(asked, migrated=migrated) as url:
        machine = Machine(site, folder, url)
        if migrated and not url:
            copy_file(Path(machine.database))
        yield machine


def is_empty(machine: Machine) -> bool:
    """Whether nothing was restored there."""
    files = [path for path in machine.media.rglob("*") if path.is_file()]
    if machine.database_url:
        return not files and not machine.sql("SELECT 1 FROM pg_tables WHERE schemaname = 'public'")
    return not files and not Path(machine.database).exists()


def states(machine: Machine) -> dict[str, str]:
    """Key → state of every email."""
    return dict(machine.sql("SELECT key, state FROM practice_letter"))  # type: ignore[arg-type]
