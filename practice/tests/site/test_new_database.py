"""A new SQLite database has the tables that the migrations make, at once and all of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_django
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from practice.site import new_database
from practice.tests.processes.database_template import migrated_file

TABLES = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name"


pytestmark = pytest.mark.engines("practice.site.new_database")


@pytest.fixture
def empty(tmp_path: Path, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[BaseDatabaseWrapper]:
    """Django's connection to a SQLite database of this test, in which there is nothing."""
    own = {**connections["default"].settings_dict, "ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
    handler = type(connections)({"default": {**own, "NAME": str(tmp_path / "new.sqlite3"), "TEST": {}}})
    with django_db_blocker.unblock():
        own_connection = handler["default"]
        yield own_connection
        own_connection.close()


def tables(connection: BaseDatabaseWrapper) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        return cursor.execute(TABLES).fetchall()


@pytest.mark.sqlite
def test_the_script_is_what_the_migrations_make() -> None:
    with closing(sqlite3.connect(migrated_file())) as migrated:
        made = new_database.script_of(migrated)
    assert new_database.SCRIPT.read_text(encoding="utf-8") == made, "Run: python -m tools.new_database"


@pytest.mark.sqlite
def test_it_has_every_table_index_and_trigger_of_a_migrated_one(empty: BaseDatabaseWrapper) -> None:
    assert new_database.create_all_tables(empty)
    with closing(sqlite3.connect(migrated_file())) as migrated:
        assert tables(empty) == migrated.execute(TABLES).fetchall()


@pytest.mark.sqlite
def test_no_migration_is_left(empty: BaseDatabaseWrapper) -> None:
    new_database.create_all_tables(empty)
    executor = MigrationExecutor(empty)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_a_database_with_tables_is_left_alone(db: None) -> None:
    before = connection.introspection.table_names()
    assert not new_database.create_all_tables(connection)
    assert connection.introspection.table_names() == before


@pytest.mark.sqlite
def test_half_of_it_is_none_of_it(
    empty: BaseDatabaseWrapper, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "broken.sql"
    broken.write_text(new_database.SCRIPT.read_text(encoding="utf-8") + "CREATE TABLE practice_user (twice);")
    monkeypatch.setattr(new_database, "SCRIPT", broken)
    assert not new_database.create_all_tables(empty)
    assert tables(empty) == []
