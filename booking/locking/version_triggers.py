"""The database's own note that free times may have changed: a new token in the transaction of each change.

An answer about free times may be kept as long as its tokens stand (`booking/availability/versions.py`).
Triggers write them, so no query, script or back office can forget to. Like the overlap guard they are
installed by vendor, in a migration and after every migrate: on SQLite a rebuilt table loses its triggers.
There they name no table but their own and that of the versions: SQLite would refuse to rebuild another.

Nobody waits for anybody: a change adds a row, and removes the older rows that no other change is removing.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

VERSIONS = "booking_availabilityversion"
NAME = "free_times_changed"
OWN, ROOM, CALENDAR, ALL = (
    "'p:' || {row}.practitioner_id",
    "'r:' || {row}.room_id",
    "'c:' || {row}.calendar_id",
    "'all'",
)
#: Each table that is read for free times, and whose answers its row changes.
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "booking_appointment": (OWN, ROOM),
    "booking_blockedtime": (OWN,),
    "booking_openinghours": (OWN,),
    "booking_closure": (f"coalesce({OWN}, 'all')",),
    "booking_importedcalendar": (OWN,),
    "booking_busytime": (CALENDAR,),
    "booking_sessiontype": (ALL,),
    "booking_sessiontype_practitioners": (ALL,),
    "practice_practitioner": (ALL,),
    "practice_practice": (ALL,),
    "practice_user": (ALL,),
}
#: The columns that matter, where others are written often: at each sign-in, at each reading of a calendar.
ONLY_OF: Mapping[str, str] = {
    "practice_user": "is_active",
    "booking_importedcalendar": "is_active, practitioner_id",
}
EVENTS = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}
#: Of people only the update: whose account is new or gone is no practitioner, or their row says so.
EVENTS_OF: Mapping[str, tuple[str, ...]] = {"practice_user": ("update",)}

PG_BUMP = f"""
CREATE OR REPLACE FUNCTION {NAME}(changed text) RETURNS void LANGUAGE sql AS $$
  DELETE FROM {VERSIONS} WHERE id IN (
    SELECT id FROM {VERSIONS} WHERE subject = changed FOR UPDATE SKIP LOCKED
  );
  INSERT INTO {VERSIONS} (subject, token)
  SELECT changed, floor(random() * 9e15)::bigint WHERE changed IS NOT NULL;
$$
"""  # noqa: S608
PG_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
{bumps}
  RETURN NULL;
END $$
"""
PG_TRIGGER = """
CREATE OR REPLACE TRIGGER {name} AFTER {events} ON {table}
FOR EACH ROW EXECUTE FUNCTION {name}_{table}()
"""
SQLITE_TRIGGER = """
CREATE TRIGGER {name} AFTER {event} ON {table}
BEGIN
{bumps}
END
"""
SQLITE_BUMP = f"""  DELETE FROM {VERSIONS} WHERE subject = {{subject}};
  INSERT INTO {VERSIONS} (subject, token) SELECT {{subject}}, random() WHERE {{subject}} IS NOT NULL;"""  # noqa: S608


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Install the triggers on all tables that are there."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    if VERSIONS not in tables or is_installed(using):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in _removals(connection, tables) + _installs(connection, tables):
            cursor.execute(statement)


def remove(using: str = DEFAULT_DB_ALIAS) -> None:
    """Remove the triggers: to reverse the migration, and for tests that show what they prevent."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in _removals(connection, tables):
            cursor.execute(statement)


def is_installed(using: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether every table has its triggers. One query."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname = %s",
                [NAME],
            )
            return {row[0] for row in cursor.fetchall()} >= SUBJECTS.keys()
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        found = dict(cursor.fetchall())
        return all(found.get(name) == sql.strip() for name, sql in _sqlite_triggers().items())


def _installs(connection: BaseDatabaseWrapper, tables: set[str]) -> list[str]:
    if connection.vendor != "postgresql":
        return [sql for table in SUBJECTS if table in tables for sql in _sqlite_triggers(table).values()]
    statements = [PG_BUMP]
    for table in SUBJECTS.keys() & tables:
        bumps = "\n".join(map(_pg_bumps, SUBJECTS[table]))
        statements.append(PG_FUNCTION.format(name=NAME, table=table, bumps=bumps))
        events = " OR ".join(_event(table, event) for event in _events(table))
        statements.append(PG_TRIGGER.format(name=NAME, table=table, events=events))
    return statements


def _removals(connection: BaseDatabaseWrapper, tables: set[str]) -> list[str]:
    if connection.vendor != "postgresql":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in _sqlite_triggers()]
    there = SUBJECTS.keys() & tables
    return [
        *(f"DROP TRIGGER IF EXISTS {NAME} ON {table}" for table in there),
        *(f"DROP FUNCTION IF EXISTS {NAME}_{table}()" for table in SUBJECTS),
        f"DROP FUNCTION IF EXISTS {NAME}(text)",
    ]


def _pg_bumps(subject: str) -> str:
    before, after = subject.format(row="OLD"), subject.format(row="NEW")
    return f"""  IF TG_OP <> 'INSERT' THEN PERFORM {NAME}({before}); END IF;
  IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND {after} IS DISTINCT FROM {before}) THEN
    PERFORM {NAME}({after});
  END IF;"""


def _sqlite_triggers(only: str = "") -> dict[str, str]:
    """Return the triggers of one table, or of all, by name."""
    return {
        f"{NAME}_{table}_{event}": SQLITE_TRIGGER.format(
            name=f"{NAME}_{table}_{event}",
            table=table,
            event=_event(table, event),
            bumps="\n".join(
                SQLITE_BUMP.format(subject=subject)
                for subject in dict.fromkeys(one.format(row=row) for one in subjects for row in EVENTS[event])
            ),
        ).strip()
        for table, subjects in SUBJECTS.items()
        if not only or table == only
        for event in _events(table)
    }


def _events(table: str) -> tuple[str, ...]:
    return EVENTS_OF.get(table, tuple(EVENTS))


def _event(table: str, event: str) -> str:
    """Return an event as a trigger names it, with the columns it is about."""
    return f"{event} OF {ONLY_OF[table]}" if event == "update" and table in ONLY_OF else event
