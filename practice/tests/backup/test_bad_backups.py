"""What can go wrong with a backup or a restore: each time a clear sentence, and nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from practice.tests.backup.restored_site import Machine, is_empty, states
from practice.tests.processes.killing import end
from practice.tests.processes.practice_site import PracticeSite
from practice.tests.processes.waiting import soon

pytestmark = [pytest.mark.processes, pytest.mark.engines("practice.backup.databases")]


def test_wrong_keys_are_refused_by_their_fingerprints(here: Machine, there: Machine) -> None:
    here.run("backup")
    there.settings["FIELD_KEYS"] = ["Zm9yIHRlc3RzIG9ubHksIHRoaXJ0eS10d28gYnl0ZXM="]
    assert there.run("restore") == 1
    assert "FIELD_KEYS is not the one of the backup" in there.said
    assert is_empty(there)
    assert here.run("verify_backup", before="settings.FIELD_KEYS = settings.FIELD_KEYS") == 0
    assert not [line for line in here.said.splitlines() if "Zm9y" in line]


def test_no_key_is_in_a_backup_and_a_copy_of_them_is_made_only_apart(
    site: PracticeSite, here: Machine, store: Path, tmp_path: Path
) -> None:
    keys = json.loads(
        site.inside(
            "import json",
            "from django.conf import settings",
            "print(json.dumps([*settings.FIELD_KEYS, settings.SECRET_KEY]))",
        )
    )
    assert here.run("backup", "--keys-to", str(tmp_path / "keys")) == 0, here.said
    stored = b"".join(path.read_bytes() for path in store.rglob("*") if path.is_file())
    assert not [key for key in keys if key.encode() in stored]
    assert (tmp_path / "keys" / "field_keys").read_text().strip() == keys[0]
    assert (tmp_path / "keys" / "field_keys").stat().st_mode & 0o077 == 0
    assert here.run("backup", "--keys-to", str(store / "keys")) == 1
    assert "keys and data must be apart" in here.said


def test_a_database_that_was_cut_off_is_found_and_refused(here: Machine, there: Machine, store: Path) -> None:
    here.run("backup")
    (file,) = store.glob("backups/*/database.*")
    file.write_bytes(file.read_bytes()[:-1000])
    assert here.run("verify_backup") == 1
    assert "NOT good" in here.said
    assert there.run("restore") == 1
    assert "does not match its checksum" in there.said
    assert is_empty(there)


def test_a_recording_that_is_missing_or_damaged_is_named(here: Machine, there: Machine, store: Path) -> None:
    here.run("backup")
    one, two = sorted(path for path in (store / "blobs").rglob("*") if path.is_file())
    one.unlink()
    two.write_bytes(b"")
    assert here.run("verify_backup") == 1
    assert "lessons/one.m4a is" in here.said
    assert "people/ann.webp is" in here.said
    assert there.run("restore") == 1
    assert is_empty(there)


def test_a_schema_newer_than_the_code_is_refused(here: Machine, there: Machine) -> None:
    here.sql(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('booking', '0999_later', '2027-01-01 00:00:00')"
    )
    try:
        here.run("backup")
    finally:
        here.sql("DELETE FROM django_migrations WHERE name = '0999_later'")
    assert there.run("restore") == 1
    assert "newer version of the portal" in there.said
    assert "booking 0999_later" in there.said
    assert is_empty(there)


def test_a_place_that_is_not_empty_is_refused_and_left_alone(here: Machine, there: Machine) -> None:
    here.run("backup")
    assert there.run("restore") == 0, there.said
    rows = there.count("practice_letter")
    (there.media / "lessons" / "own.m4a").write_bytes(b"own")
    assert there.run("restore") == 1
    assert "is not empty" in there.said
    assert "lessons/own.m4a" in there.said
    assert there.count("practice_letter") == rows
    assert (there.media / "lessons" / "own.m4a").read_bytes() == b"own"


FULL = """
import shutil
from collections import namedtuple
shutil.disk_usage = lambda path: namedtuple("usage", "total used free")(10, 9, 1)
"""
FULL_LATER = """
import errno
from practice.backup import media
def fetch(place, one):
    raise OSError(errno.ENOSPC, "No space left on device", str(one.path))
media.fetch = fetch
"""


def test_a_full_disk_is_found_before_anything_is_written(here: Machine, there: Machine, store: Path) -> None:
    assert here.run("backup", before=FULL) == 1
    assert "not enough space" in here.said
    assert list(store.glob("backups/*")) == []
    here.run("backup")
    assert there.run("restore", before=FULL) == 1
    assert "not enough space" in there.said
    assert is_empty(there)


def test_a_disk_that_fills_up_leaves_nothing_of_a_restore(here: Machine, there: Machine) -> None:
    here.run("backup")
    assert there.run("restore", before=FULL_LATER) == 1
    assert "No space left on device" in there.said
    assert is_empty(there)
    assert there.run("restore") == 0, there.said


HANGS = """
import time
from practice.backup import media
def hang(*args):
    Path({flag!r}).touch()
    time.sleep(600)
media.{name} = hang
"""


def killed_in(machine: Machine, command: str, name: str, flag: Path) -> None:
    """Kill a command when it comes to this function of `media`."""
    running = machine.start(command, before=HANGS.format(flag=str(flag), name=name))
    assert soon(flag.exists, 60), machine.site.outputs()
    end(running)


def test_a_backup_that_was_killed_is_no_backup_and_the_next_clears_it_away(
    here: Machine, store: Path, tmp_path: Path
) -> None:
    killed_in(here, "backup", "store", tmp_path / "flag")
    assert [path.name for path in store.glob("backups/*/*")] != []
    assert here.run("verify_backup") == 1
    assert "There is no finished backup" in here.said
    assert here.run("backup") == 0, here.said
    assert here.run("verify_backup") == 0, here.said
    assert len(list(store.glob("backups/*"))) == 1


def test_a_restore_that_was_killed_keeps_the_practice_closed_and_starts_over(
    here: Machine, there: Machine, tmp_path: Path
) -> None:
    here.run("backup")
    killed_in(there, "restore", "fetch", tmp_path / "flag")
    assert there.count("practice_user") == here.count("practice_user")  # half of it is there
    assert there.run("up") == 1
    assert "A restore did not finish here" in there.said
    assert there.run("restore") == 0, there.said
    assert there.count("practice_user") == here.count("practice_user")
    assert states(there)["due"] == "unknown"


COUNT_READS = """
from practice.backup import media
read = media.checksum_of
media.checksum_of = lambda path: (print("read", path.name, flush=True), read(path))[1]
"""


def test_what_has_not_changed_is_neither_read_nor_stored_again(here: Machine, store: Path) -> None:
    here.run("backup", before=COUNT_READS)
    assert here.said.count("read ") == 2
    stored = {path: path.stat().st_mtime_ns for path in (store / "blobs").rglob("*") if path.is_file()}
    (here.media / "lessons" / "two.m4a").write_bytes(b"two")
    assert soon(lambda: here.run("backup", before=COUNT_READS) == 0, 60)  # in the next second
    (here.media / "lessons" / "two.m4a").unlink()
    assert here.said.count("read ") == 1
    now = {path: path.stat().st_mtime_ns for path in (store / "blobs").rglob("*") if path.is_file()}
    assert now.items() > stored.items()


def test_what_is_not_kept_goes_with_the_files_that_only_it_had(here: Machine, store: Path) -> None:
    (here.media / "lessons" / "old.m4a").write_bytes(b"old")
    here.run("backup")
    (here.media / "lessons" / "old.m4a").unlink()
    (old,) = store.glob("backups/*")
    early = "from datetime import timedelta\nfrom django.utils import timezone\nnow = timezone.now\n"
    early += "timezone.now = lambda: now() + timedelta(days=2)"
    here.settings["BACKUP_KEEP"] = None
    keep = "\nfrom practice.backup.engine.keeping import Keep\nsettings.BACKUP_KEEP = Keep(1, 0, 0)"
    assert here.run("backup", before=early + keep) == 0, here.said
    assert not old.exists()
    assert len([path for path in (store / "blobs").rglob("*") if path.is_file()]) == 2
    assert here.run("verify_backup") == 0, here.said
