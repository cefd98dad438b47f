"""The database's own rule: nobody can be in two sessions at once, and no room can hold two.

Application code judges buffers, hours and limits under a lock; this is the backstop that also holds against a
bug, a script or the back office. Each engine needs its own SQL, so it is installed by vendor, in a migration
*and* after every migrate: on SQLite, any later AddField or AlterField rebuilds the table and drops its
triggers silently. (`ExclusionConstraint` in `Meta` would break `migrate` on SQLite.)

Both engines raise IntegrityError with `no_overlap` in the text.
"""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "booking_appointment"
NAME = "no_overlap"
RESOURCES = ("practitioner", "room")

EXCLUDE = """
ALTER TABLE {table} ADD CONSTRAINT {name}_{resource} EXCLUDE USING gist
({resource}_id WITH =, tstzrange(starts_at, ends_at, '[)') WITH &&) WHERE (occupies)
"""

# Times are text in SQLite. Django writes them as "2027-03-14 09:00:00", in UTC, with ".000001" only where
# there are microseconds: the shorter one is a prefix of the longer, so text order is the order in time.
# Another program's "2027-03-14T09:00:00Z" would not compare rightly, so its row is refused.
# `new.id` is undefined before an insert, hence two triggers: only the update may skip its own row.
SHAPE = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9] [0-9][0-9]:[0-9][0-9]:[0-9][0-9]"
TRIGGER = """
CREATE TRIGGER {name}_{event} BEFORE {when} ON {table} WHEN new.occupies
BEGIN
  SELECT RAISE(ABORT, '{name}: a time of another shape')
  WHERE length(new.starts_at) NOT IN (19, 26) OR new.starts_at NOT GLOB '{shape}*'
     OR length(new.ends_at) NOT IN (19, 26) OR new.ends_at NOT GLOB '{shape}*';
{refusals}
END
"""
REFUSAL = """  SELECT RAISE(ABORT, '{name}_{resource}') WHERE EXISTS (
    SELECT 1 FROM {table} AS other
    WHERE other.{resource}_id = new.{resource}_id AND other.occupies
      AND other.starts_at < new.ends_at AND other.ends_at > new.starts_at{but_itself});"""
EVENTS = {
    "insert": ("INSERT", ""),
    "update": (
        "UPDATE OF practitioner_id, room_id, starts_at, ends_at, occupies",
        " AND other.id <> old.id",
    ),
}


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Install the guard on the table, unless it is there or there is no table.

    Raises IntegrityError on PostgreSQL when rows already overlap.
    """
    connection = connections[using]
    if not _has_table(connection) or is_installed(using):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for statement in _removals(connection) + _installs(connection):
            cursor.execute(statement)


def reinstall(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Install the guard again, in a migration that rebuilds the table on SQLite and so drops its triggers."""
    install(schema_editor.connection.alias)


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Remove the guard: to reverse the migration, and for tests that show what it prevents."""
    connection = connections[using]
    if not _has_table(connection):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in _removals(connection):
            cursor.execute(statement)


def is_installed(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether the database refuses overlaps now, with this very SQL. One cheap query."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT count(*) FROM pg_constraint WHERE contype = 'x' AND conrelid = to_regclass(%s) "
                "AND conname = ANY(%s)",
                [TABLE, [f"{NAME}_{resource}" for resource in RESOURCES]],
            )
            return bool(cursor.fetchone()[0] == len(RESOURCES))
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
        found = {_squeezed(row[0]) for row in cursor.fetchall()}
        return {_squeezed(statement) for statement in _installs(connection)} <= found


def names(vendor: str) -> frozenset[str]:
    """Return the names of the guard's constraints or triggers on an engine, as a backup lists them."""
    return frozenset(f"{NAME}_{part}" for part in (RESOURCES if vendor == "postgresql" else EVENTS))


def is_overlap(error: IntegrityError) -> bool:
    """Return whether the guard raised this error."""
    return NAME in str(error)


def _installs(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "postgresql":
        return [EXCLUDE.format(table=TABLE, name=NAME, resource=resource).strip() for resource in RESOURCES]
    return [
        TRIGGER.format(
            table=TABLE,
            name=NAME,
            event=event,
            when=when,
            shape=SHAPE,
            refusals="\n".join(
                REFUSAL.format(table=TABLE, name=NAME, resource=resource, but_itself=but_itself)
                for resource in RESOURCES
            ),
        ).strip()
        for event, (when, but_itself) in EVENTS.items()
    ]


def _removals(connection: BaseDatabaseWrapper) -> list[str]:
    if connection.vendor == "postgresql":
        return [f"ALTER TABLE {TABLE} DROP CONSTRAINT IF EXISTS {NAME}_{resource}" for resource in RESOURCES]
    return [f"DROP TRIGGER IF EXISTS {NAME}_{event}" for event in EVENTS]


def _has_table(connection: BaseDatabaseWrapper) -> bool:
    return TABLE in connection.introspection.table_names()


def _squeezed(sql: str) -> str:
    return " ".join(sql.replace('"', "").split())
