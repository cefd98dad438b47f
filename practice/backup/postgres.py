"""PostgreSQL's own programs: pg_dump and pg_restore, with a sentence when one is missing or too old."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

from practice.backup.places import Trouble

Read = TypeVar("Read")
#: What both psycopg and the programs understand. The password is not among them: others see command lines.
LIBPQ = (
    *("host", "hostaddr", "port", "user", "dbname", "passfile", "service", "connect_timeout"),
    *("sslmode", "sslrootcert", "sslcert", "sslkey", "options"),
    "target_session_attrs",  # of several hosts, the one that we are connected to too
)
DUMP = ("--format=custom", "--no-owner", "--no-privileges")
LOAD = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-comments")
SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
#: What a restore has brought: tables and functions that belong to no extension.
OURS = """
SELECT format('DROP TABLE IF EXISTS %I.%I CASCADE', schemaname, tablename) FROM pg_tables
WHERE schemaname = current_schema()
UNION ALL
SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', routine.oid::regprocedure) FROM pg_proc AS routine
WHERE routine.pronamespace = current_schema()::regnamespace
  AND NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = routine.oid AND deptype = 'e')
"""
COPY = re.compile(rb'^COPY (?:\w+\.)?"?(\w+)"? \(')
RULE = re.compile(rb'ADD CONSTRAINT "?(\w+)"? EXCLUDE|CREATE (?:CONSTRAINT )?TRIGGER "?(\w+)"?')


def program(name: str, *, server: int = 0) -> str:
    """Return the path of one of PostgreSQL's programs. `server`: the version it has to serve.

    Raises Trouble when it is missing, or older than the server.
    """
    path = shutil.which(name)
    package = f"postgresql-client-{server}" if server else "postgresql-client"
    if path is None:
        raise Trouble(
            f"The program {name} is not installed. Install PostgreSQL’s client programs ({package})."
        )
    said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
    found = re.search(r"(\d+)(?:\.\d+)*", said)
    version = int(found.group(1)) if found else 0
    if version < server:
        raise Trouble(
            f"{path} is version {version}, older than the server ({server}), and cannot read from it. "
            f"Install {package}."
        )
    return path


def conninfo(database: BaseDatabaseWrapper) -> tuple[str, dict[str, str]]:
    """Return how a program reaches the database, and the environment that holds its password."""
    params = database.get_connection_params()
    environ = dict(os.environ)
    if params.get("password"):
        environ["PGPASSWORD"] = str(params["password"])
    return make_conninfo("", **{name: params[name] for name in LIBPQ if params.get(name)}), environ


def dump(database: BaseDatabaseWrapper, file: Path, *, read: Callable[[BaseDatabaseWrapper], Read]) -> Read:
    """Dump the database into a file; return what `read` finds in the same snapshot. Raises Trouble."""
    other: Any = database.copy()
    try:
        other.connect()
        pg_dump = program("pg_dump", server=other.pg_version // 10_000)
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(SNAPSHOT)
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
        to, environ = conninfo(other)
        run(
            [*(pg_dump, *DUMP), f"--snapshot={snapshot}", f"--file={file}", f"--dbname={to}"],
            environ,
        )
        return read(other)
    finally:
        other.close()


def load(database: BaseDatabaseWrapper, file: Path) -> None:
    """Fill an empty database from a dump, in one transaction. Raises Trouble."""
    to, environ = conninfo(database)
    run([program("pg_restore"), *LOAD, f"--dbname={to}", str(file)], environ)


def run(argv: list[str], environ: dict[str, str] | None = None) -> None:
    """Run one of the programs. Raises Trouble with what it said."""
    done = subprocess.run(argv, env=environ, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise Trouble(f"{Path(argv[0]).name} failed: {done.stderr.strip()[-600:]}")


def create(database: BaseDatabaseWrapper, name: str) -> bool:
    """Create an empty database on the same server; False when we may not."""
    with psycopg.connect(_to(database), autocommit=True) as server:
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
        except errors.InsufficientPrivilege:
            return False
    return True


def drop(database: BaseDatabaseWrapper, name: str) -> None:
    """Drop a database that `create` made."""
    with psycopg.connect(_to(database), autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _to(database: BaseDatabaseWrapper) -> str:
    to, environ = conninfo(database)
    return make_conninfo(to, password=environ["PGPASSWORD"]) if "PGPASSWORD" in environ else to


def clear(database: BaseDatabaseWrapper) -> None:
    """Drop every table and function of the schema, but what belongs to an extension."""
    with database.cursor() as cursor:
        cursor.execute(OURS)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def read_through(file: Path) -> tuple[dict[str, int], tuple[str, ...], dict[str, str]]:
    """Read a dump from its first byte to its last; return its rows by table, rules and last migrations.

    Raises Trouble when it is damaged.
    """
    counts: dict[str, int] = {}
    migrations: dict[str, str] = {}
    rules: set[str] = set()
    table = ""
    with tempfile.TemporaryFile() as said:
        argv = [program("pg_restore"), "--file=-", str(file)]
        with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=said) as reading:
            for line in reading.stdout or ():
                if table and line == b"\\.\n":
                    table = ""
                elif table:
                    counts[table] += 1
                    if table == "django_migrations":
                        _pk, app, name, *_rest = line.decode().split("\t")
                        migrations[app] = name
                elif begun := COPY.match(line):
                    table = begun.group(1).decode()
                    counts[table] = 0
                elif rule := RULE.search(line):
                    rules.add((rule.group(1) or rule.group(2)).decode())
        if reading.returncode:
            said.seek(0)
            raise Trouble(
                f"pg_restore cannot read the dump: {said.read().decode(errors='replace').strip()[-600:]}"
            )
    return counts, tuple(sorted(rules)), migrations
