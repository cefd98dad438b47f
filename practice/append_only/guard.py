"""The database's own rule: rows of the access log and of the ledgers are added, never changed or removed.

It also holds against a bug, a script, the back office and SQL that somebody smuggles in. What must get
through (an erasure, a merge, retention) opens the door of `door.py` in its own transaction, which leaves a
row that can never be removed. Each engine needs its own SQL, installed in migrations *and* after every
migrate: on SQLite any later AddField or AlterField rebuilds a table and drops its triggers silently.

Both engines raise IntegrityError with `append_only` in the text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

NAME = "append_only"
DOOR = "practice_dooropening"


@dataclass(frozen=True)
class Guarded:
    """A table whose rows are only appended. `once`: the column that is set from when on a row is fixed.

    `since`: the migration that guards it first, as (app, name). Before it, older migrations may still have
    rows to change.
    """

    table: str
    once: str = ""
    since: tuple[str, str] | None = None


#: By table. Each app adds its own in `AppConfig.ready()`.
_guarded: dict[str, Guarded] = {}


def register(*tables: Guarded, since: tuple[str, str]) -> None:
    """Have these tables guarded after every migrate, once the migration `since` was applied."""
    _guarded.update({one.table: replace(one, since=since) for one in tables})


def guarded_tables() -> list[Guarded]:
    """Return what is guarded, by the name of its table."""
    return [_guarded[name] for name in sorted(_guarded)]


def is_guarded(model: type[models.Model]) -> bool:
    """Return whether rows of this model are only appended."""
    return model._meta.db_table in _guarded


def is_refusal(error: IntegrityError) -> bool:
    """Return whether the guard raised this error."""
    return NAME in str(error)


def install(using: str = DEFAULT_DB_ALIAS, tables: Iterable[Guarded] | None = None) -> None:
    """Install the guard on these tables, or on all; those without a table yet are left out."""
    connection = connections[using]
    there = set(connection.introspection.table_names())
    if DOOR not in there:
        return
    wanted = [one for one in (_begun(connection) if tables is None else tables) if one.table in there]
    standing = _standing(connection)
    missing = [one for one in wanted if not _expected(connection, one) <= standing]
    if not missing and _expected_of_door(connection) <= standing:
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in _statements_of_door(connection):
            cursor.execute(statement)
        for one in missing:
            for statement in _removals(connection, one.table) + _triggers(connection, one):
                cursor.execute(statement)


def _begun(connection: BaseDatabaseWrapper) -> list[Guarded]:
    """Return the tables whose own migration was applied: after a migrate back, the guard waits for it."""
    applied = MigrationRecorder(connection).applied_migrations()
    return [one for one in guarded_tables() if one.since in applied]


def remove(using: str = DEFAULT_DB_ALIAS, tables: Iterable[Guarded] | None = None) -> None:
    """Remove the guard: to reverse a migration, and for tests that show what it prevents."""
    connection = connections[using]
    names = [one.table for one in (guarded_tables() if tables is None else tables)]
    names += [DOOR] if tables is None else []
    there = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table in names:
            for statement in _removals(connection, table) if table in there else ():
                cursor.execute(statement)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the tables that the database does not guard now, with this very SQL. One cheap query."""
    connection = connections[using]
    standing = _standing(connection)
    found = [one.table for one in guarded_tables() if not _expected(connection, one) <= standing]
    return found if _expected_of_door(connection) <= standing else [*found, DOOR]


# What stands in the database, and what should: sets of texts that can be compared.


def _standing(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Only a trigger that fires: one that was disabled guards nothing.
            cursor.execute(
                "SELECT pg_get_triggerdef(t.oid) || ' ' || p.prosrc FROM pg_trigger AS t "
                "JOIN pg_proc AS p ON p.oid = t.tgfoid "
                "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND t.tgname LIKE %s",
                [f"{NAME}%"],
            )
        else:
            cursor.execute(
                "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s", [f"{NAME}%"]
            )
        return {_squeezed(row[0]) for row in cursor.fetchall()}


def _expected(connection: BaseDatabaseWrapper, one: Guarded) -> set[str]:
    if connection.vendor == "postgresql":
        body = _body(connection, REFUSE)
        return {_squeezed(f"{trigger} {body}") for trigger in _triggers(connection, one)}
    return {_squeezed(trigger) for trigger in _triggers(connection, one)}


def _expected_of_door(connection: BaseDatabaseWrapper) -> set[str]:
    if connection.vendor == "postgresql":
        body = _body(connection, STAYS)
        return {_squeezed(f"{trigger} {body}") for trigger in _triggers_of_door(connection)}
    return {_squeezed(trigger) for trigger in _triggers_of_door(connection)}


def _squeezed(sql: str) -> str:
    return " ".join(sql.replace('"', "").split())


# The SQL of each engine.

# The door's table is named with its schema: a temporary table of that name opens nothing.
REFUSE = """
BEGIN
  IF TG_OP <> 'TRUNCATE' AND EXISTS (
    SELECT 1 FROM {schema}.{door} AS opening
    WHERE opening.is_open AND opening.transaction_id = txid_current()
  ) THEN
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '{name}: rows of % are never changed or removed', TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation';
END
"""
STAYS = """
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.is_open AND NOT NEW.is_open
      AND (NEW.id, NEW.why, NEW.at, NEW.transaction_id) = (OLD.id, OLD.why, OLD.at, OLD.transaction_id)
    THEN RETURN NEW; END IF;
  END IF;
  RAISE EXCEPTION '{name}: that the door was open stays written down'
    USING ERRCODE = 'integrity_constraint_violation';
END
"""
FUNCTION = """
CREATE OR REPLACE FUNCTION {schema}.{name}_{what}() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $body${body}$body$
"""
# As PostgreSQL writes it back, so that the two can be compared.
ROW_TRIGGER = (
    "CREATE TRIGGER {name}_row BEFORE DELETE OR UPDATE ON {schema}.{table} "
    "FOR EACH ROW {when}EXECUTE FUNCTION {function}()"
)
TRUNCATE_TRIGGER = (
    "CREATE TRIGGER {name}_truncate BEFORE TRUNCATE ON {schema}.{table} "
    "FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
)
TRIGGER = """
CREATE TRIGGER {name}_{event}_{table} BEFORE {event} ON {table}
WHEN {when}NOT EXISTS (SELECT 1 FROM {door} WHERE is_open)
BEGIN SELECT RAISE(ABORT, '{name}: rows of {table} are never changed or removed'); END
"""
DOOR_STAYS = """
CREATE TRIGGER {name}_DELETE_{door} BEFORE DELETE ON {door}
BEGIN SELECT RAISE(ABORT, '{name}: that the door was open stays written down'); END
"""
DOOR_CLOSES = """
CREATE TRIGGER {name}_UPDATE_{door} BEFORE UPDATE ON {door}
WHEN NOT (old.is_open AND NOT new.is_open AND new.id = old.id AND new.why = old.why AND new.at = old.at
  AND new.transaction_id = old.transaction_id)
BEGIN SELECT RAISE(ABORT, '{name}: that the door was open stays written down'); END
"""


def _triggers(connection: BaseDatabaseWrapper, one: Guarded) -> list[str]:
    if connection.vendor == "postgresql":
        when = f"WHEN ((old.{one.once} IS NOT NULL)) " if one.once else ""
        return _on_postgres(connection, one.table, f"{NAME}_refuse", when)
    when = f"old.{one.once} IS NOT NULL AND " if one.once else ""
    return [
        TRIGGER.format(name=NAME, event=event, table=one.table, when=when, door=DOOR).strip()
        for event in ("UPDATE", "DELETE")
    ]


def _triggers_of_door(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "postgresql":
        return _on_postgres(connection, DOOR, f"{NAME}_stays", "")
    return [sql.format(name=NAME, door=DOOR).strip() for sql in (DOOR_STAYS, DOOR_CLOSES)]


def _on_postgres(connection: BaseDatabaseWrapper, table: str, function: str, when: str) -> list[str]:
    schema = _schema(connection)
    values = {"name": NAME, "schema": schema, "table": table, "when": when}
    # PostgreSQL leaves out the schema of a function that it finds without it.
    return [sql.format(function=function, **values) for sql in (ROW_TRIGGER, TRUNCATE_TRIGGER)]


def _statements_of_door(connection: BaseDatabaseWrapper) -> list[str]:
    """Return what creates the functions, and the guard of the door itself."""
    functions = []
    if connection.vendor == "postgresql":
        schema = _schema(connection)
        functions = [
            FUNCTION.format(schema=schema, name=NAME, what=what, body=_body(connection, body))
            for what, body in (("refuse", REFUSE), ("stays", STAYS))
        ]
    return functions + _removals(connection, DOOR) + _triggers_of_door(connection)


def _body(connection: BaseDatabaseWrapper, body: str) -> str:
    return body.format(schema=_schema(connection), door=DOOR, name=NAME)


def _schema(connection: BaseDatabaseWrapper) -> str:
    return _schema_of(connection.alias)


@cache
def _schema_of(alias: str) -> str:
    """Return the schema of the tables, asked once in a process."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_schema())")
        return str(cursor.fetchone()[0])


def _removals(connection: BaseDatabaseWrapper, table: str) -> list[str]:
    if connection.vendor == "postgresql":
        return [f"DROP TRIGGER IF EXISTS {NAME}_{what} ON {table}" for what in ("row", "truncate")]
    return [f"DROP TRIGGER IF EXISTS {NAME}_{event}_{table}" for event in ("UPDATE", "DELETE")]


#: What a migration calls, either way.
Step = Callable[[object, object], None]


def steps(*tables: Guarded) -> tuple[Step, Step]:
    """Return the two functions of a migration that installs the guard on these tables, and removes it."""

    def add(apps: object, editor: object) -> None:
        install(editor.connection.alias, tables)  # type: ignore[attr-defined]

    def take_away(apps: object, editor: object) -> None:
        remove(editor.connection.alias, tables)  # type: ignore[attr-defined]

    return add, take_away
