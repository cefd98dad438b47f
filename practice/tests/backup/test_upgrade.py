"""An upgrade says what it will do, backs up, migrates, checks, opens the site, and names the way back."""

from __future__ import annotations

import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from practice.backup.engine.upgrade_plan import UpgradePlan, way_back
from practice.tests.backup.conftest import FILL
from practice.tests.backup.restored_site import Machine, machine_in
from practice.tests.backup.test_first_database import MAKE, TABLES
from practice.tests.processes.practice_site import PracticeSite
from practice.tests.processes.up_runner import ROOT, Up, running


@pytest.fixture
def old(site: PracticeSite, tmp_path: Path) -> Iterator[Machine]:
    """A machine with the first commit's database, where nothing runs."""
    (tmp_path / "backups").mkdir()
    with machine_in(site, tmp_path / "old") as machine:
        machine.settings["BACKUP_TO"] = str(tmp_path / "backups")
        assert machine.run("check", "--tag", "templates", before=MAKE) == 0, machine.said
        yield machine


def last_two() -> tuple[str, str]:
    """Return the names of our last two migrations: one stays, and as if the newest code brought the other."""
    before, last = sorted(path.stem for path in (ROOT / "practice/migrations").glob("0*.py"))[-2:]
    return before, last


@pytest.fixture
def behind(site: PracticeSite, tmp_path: Path) -> Iterator[Machine]:
    """A machine whose database lacks only the last migration: all of them take as long as all else here."""
    (tmp_path / "backups").mkdir()
    with machine_in(site, tmp_path / "behind", migrated=True) as machine:
        machine.settings["BACKUP_TO"] = str(tmp_path / "backups")
        assert machine.run("migrate", "practice", last_two()[0], before=FILL) == 0, machine.said
        yield machine


def test_the_plan_names_each_step() -> None:
    plan = UpgradePlan("1.2", ["booking.0036_x", "portal.0036_y"], "/mnt/backups", 130.0, 17)
    text = "\n".join(plan.lines())
    assert "Close the site (process 17)" in text
    assert "backup in /mnt/backups" in text
    assert "2 migrations: booking.0036_x, portal.0036_y." in text
    assert "closed for about 3 min" in text


def test_the_plan_says_what_is_missing() -> None:
    text = "\n".join(UpgradePlan("1.2", [], "", None, None).lines())
    assert "NO backup is made" in text
    assert "No migrations" in text
    assert "The site does not run here" in text
    assert "1 more" not in text


def test_the_way_back_names_the_backup() -> None:
    text = "\n".join(way_back(place="/mnt/b", name="2027", database="/srv/portal.sqlite3", is_sqlite=True))
    assert "manage.py restore 2027 --from /mnt/b" in text
    assert "/srv/portal.sqlite3-wal" in text


@pytest.mark.processes
@pytest.mark.long  # on SQLite, test_first_database.py takes it through all migrations
def test_the_first_database_is_brought_to_the_newest(old: Machine) -> None:
    before = {table: old.count(table) for table in TABLES}
    assert old.run("upgrade") == 1  # nobody is there to say yes
    assert "practice.0002_cache_table" in old.said
    assert "Nothing was changed" in old.said
    assert old.sql("SELECT count(*) FROM django_migrations WHERE app = 'booking'") == [(1,)]
    assert old.run("upgrade", "--yes") == 0, old.said
    assert "Start the site: manage.py up" in old.said
    assert {table: old.count(table) for table in TABLES} == before
    assert old.run("migrate", "--check") == 0, old.said


FAILS = "from booking.locking import overlap_guard\noverlap_guard.is_installed = lambda: False"


@pytest.mark.processes
@pytest.mark.long
@pytest.mark.engines("practice.backup.here", "practice.management.commands.upgrade")
def test_an_upgrade_that_fails_names_the_way_back_and_it_leads_there(
    site: PracticeSite, behind: Machine, tmp_path: Path
) -> None:
    before = behind.count("django_migrations")
    assert behind.run("upgrade", "--yes", before=FAILS) == 1
    assert "FAILED" in behind.said
    (name,) = [path.name for path in Path(behind.settings["BACKUP_TO"], "backups").iterdir()]
    assert f"manage.py restore {name} --from {behind.settings['BACKUP_TO']}" in behind.said
    with machine_in(site, tmp_path / "there") as there:
        assert there.run("restore", name, "--from", behind.settings["BACKUP_TO"]) == 0, there.said
        assert there.count("practice_user") == behind.count("practice_user") >= 2
    assert behind.count("django_migrations") > before
    assert behind.run("upgrade", "--yes") == 0, behind.said  # or it goes on where it stopped


class Visitor(threading.Thread):
    """Somebody who opens the home page again and again; `seen`: (status, Retry-After)."""

    def __init__(self, up: Up) -> None:
        super().__init__(daemon=True)
        self.up, self.seen, self.leaves = up, set[tuple[int, str]](), threading.Event()

    def run(self) -> None:
        while not self.leaves.wait(0.05):
            try:
                with urllib.request.urlopen(self.up.url + "/", timeout=60) as answer:
                    self.seen.add((answer.status, ""))
            except urllib.error.HTTPError as error:
                self.seen.add((error.code, error.headers["Retry-After"] or ""))
            except OSError:
                self.seen.add((0, ""))  # between two servers


def manage(up: Up, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=up.environ, capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.processes
@pytest.mark.long
@pytest.mark.sqlite
def test_while_up_runs_visitors_are_told_to_come_back_and_the_site_opens_by_itself(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    before, last = last_two()
    settings = {"BACKUP_TO": str(tmp_path / "backups"), "WEB_CONCURRENCY": "1"}
    with running(tmp_path / "up", migrated=True, **settings) as up:
        up.start().ready()
        pid = up.process.pid
        assert manage(up, "migrate", "practice", before)[0] == 0  # as if our code had one more
        visitor = Visitor(up)
        visitor.start()
        code, said = manage(up, "upgrade", "--yes")
        visitor.leaves.set()
        visitor.join()
        assert code == 0, said + up.said
        assert f"1 migration: practice.{last}." in said
        assert "The site is open." in said
        assert (503, "60") in visitor.seen
        assert {status for status, _retry in visitor.seen} <= {200, 503, 0}
        assert up.process.pid == pid
        assert up.process.poll() is None
        assert up.get("/") == 200
        assert manage(up, "verify_backup")[0] == 0
        assert up.stop() == 0
