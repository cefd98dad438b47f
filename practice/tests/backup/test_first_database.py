"""The database of the first commit is backed up, restored and brought through all migrations."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from practice.tests.backup.restored_site import Machine, machine_in
from practice.tests.processes.practice_site import PracticeSite

pytestmark = [pytest.mark.processes, pytest.mark.engines("practice.backup.databases"), pytest.mark.long]
MAKE = "from practice.tests.backup.first_database import make_first_database\nmake_first_database()"
TABLES = ("practice_user", "practice_letter", "booking_appointment", "portal_assignment", "practice_consent")


@pytest.fixture
def old(site: PracticeSite, tmp_path: Path) -> Iterator[Machine]:
    """A machine with the first commit's database, and a place for backups."""
    (tmp_path / "backups").mkdir()
    with machine_in(site, tmp_path / "old") as machine:
        machine.settings["BACKUP_TO"] = str(tmp_path / "backups")
        assert machine.run("backup", before=MAKE) == 0, machine.said
        yield machine


def test_a_backup_of_the_first_database_is_restored_through_all_migrations(
    site: PracticeSite, old: Machine, tmp_path: Path
) -> None:
    with machine_in(site, tmp_path / "there") as there:
        there.settings["BACKUP_TO"] = old.settings["BACKUP_TO"]
        assert there.run("restore") == 0, there.said
        for table in TABLES:
            assert there.count(table) == old.count(table) >= 50
        assert there.run("migrate", "--check") == 0, there.said
        assert there.run("backup") == 0, there.said
        assert there.run("verify_backup") == 0, there.said  # with the rule against double bookings
        ((words,),) = there.sql("SELECT text FROM practice_letter WHERE key = 'letter:7'")
        assert words  # encrypted on the way
        assert "Client" not in words
        assert there.sql("SELECT count(*) FROM practice_letter WHERE state <> 'sent'") == [(0,)]
