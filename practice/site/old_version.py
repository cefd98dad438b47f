"""What migrations do that programs of the old version can't live with, while machines are upgraded in turn.

The old version goes on reading and writing a database that is migrated already. It can live with what is
added and left empty (*expand*). What takes something away, or asks for something new, comes in a later
version, when no program knows the old any more (*contract*).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db.migrations import Migration
from django.db.migrations.operations import (
    AddField,
    AddIndex,
    AlterField,
    AlterModelManagers,
    AlterModelOptions,
    CreateModel,
    RemoveIndex,
    RenameIndex,
    SeparateDatabaseAndState,
)
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import Field

#: An attribute of a migration whose author has thought about it: what looks harmful here is none.
MARK = "old_version_can_live_with_it"
HARMLESS = (CreateModel, AddIndex, RemoveIndex, RenameIndex, AlterModelOptions, AlterModelManagers)


def troubles(migrations: Sequence[Migration], state: ProjectState) -> list[str]:
    """Return one line for each thing that the old version can't live with. `state`: before the first."""
    found = []
    for migration in migrations:
        before = state
        state = migration.mutate_state(before, preserve=True)
        if not getattr(migration, MARK, False):
            name = f"{migration.app_label}.{migration.name}"
            found += [f"{name}: {what}" for what in _of_one(migration, before)]
    return found


def _of_one(migration: Migration, state: ProjectState) -> Iterator[str]:
    state = state.clone()
    for operation in migration.operations:
        parts: Sequence[Operation] = [operation]
        if isinstance(operation, SeparateDatabaseAndState):
            parts = operation.database_operations
        yield from (part.describe() for part in parts if not _is_harmless(part, migration.app_label, state))
        operation.state_forwards(migration.app_label, state)


def _is_harmless(operation: Operation, app: str, state: ProjectState) -> bool:
    if isinstance(operation, AddField):
        return _may_stay_empty(operation.field)
    if isinstance(operation, AlterField):
        before = state.models[app, operation.model_name_lower].fields[operation.name]
        return _in_database(before) == _in_database(operation.field)
    return isinstance(operation, HARMLESS)


def _may_stay_empty(field: Field) -> bool:
    """Return whether who does not know the field can write rows. A default of Python is no help."""
    return field.many_to_many or field.null or field.has_db_default()


def _in_database(field: Field) -> tuple[str, list[object], dict[str, object]]:
    """Return what the database knows of a field: neither its words nor its choices, nor Python's default."""
    _, path, args, options = field.deconstruct()
    words = {*field.non_db_attrs, "default"} - {"db_column"}
    return path, list(args), {name: value for name, value in options.items() if name not in words}
