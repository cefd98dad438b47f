"""A folder of backups: each file whole or not at all, one backup at a time, leftovers removed."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from practice.backup.backup_settings import backup_keep, backup_place
from practice.backup.places import WORK, ContentDiffers, Folder, Trouble
from practice.core.env import BadSetting


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file to store."""
    file = tmp_path / "source"
    file.write_bytes(b"words")
    return file


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    """An empty place."""
    (tmp_path / "backups").mkdir()
    return Folder(tmp_path / "backups")


def test_what_is_put_there_comes_back(place: Folder, source: Path, tmp_path: Path) -> None:
    place.put(source, "blobs/aa/one", sha256=sha(b"words"))
    place.fetch("blobs/aa/one", tmp_path / "deep" / "copy", sha256=sha(b"words"))
    assert (tmp_path / "deep" / "copy").read_bytes() == b"words"
    assert place.names("blobs") == ["blobs/aa/one"]
    assert place.size("blobs/aa/one") == 5


def test_a_file_that_is_not_what_it_should_be_is_not_stored(place: Folder, source: Path) -> None:
    with pytest.raises(ContentDiffers):
        place.put(source, "blobs/aa/one", sha256=sha(b"other"))
    assert place.size("blobs/aa/one") is None
    assert [path.name for path in place.root.rglob("*") if path.is_file()] == []


def test_what_was_damaged_is_neither_fetched_nor_found_good(
    place: Folder, source: Path, tmp_path: Path
) -> None:
    place.put(source, "one", sha256=sha(b"words"))
    (place.root / "one").write_bytes(b"w0rds")
    with pytest.raises(ContentDiffers):
        place.check("one", sha256=sha(b"words"))
    with pytest.raises(ContentDiffers):
        place.fetch("one", tmp_path / "copy", sha256=sha(b"words"))
    assert not (tmp_path / "copy").exists()


def test_a_second_backup_at_once_is_told_to_wait(place: Folder) -> None:
    with place.alone(), pytest.raises(Trouble, match="Another backup is being made"):
        place.alone().__enter__()
    with place.alone() as work:
        assert work.is_dir()


def test_what_a_killed_backup_left_half_written_is_removed_by_the_next(place: Folder) -> None:
    (place.root / WORK).mkdir()
    (place.root / WORK / "database.sqlite3").write_bytes(b"half")
    (place.root / "blobs" / "aa").mkdir(parents=True)
    (place.root / "blobs" / "aa" / ".one.17.part").write_bytes(b"half")
    assert place.names("blobs") == []
    with place.alone() as work:
        assert list(work.iterdir()) == []
    assert [path.name for path in place.root.rglob("*") if path.is_file()] == [".lock"]


def test_a_folder_that_is_not_there_is_not_made_since_its_disk_may_be_missing(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="Is its disk mounted"):
        Folder(tmp_path / "nowhere").alone().__enter__()
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("raw", ["backups", "/srv/var", "/srv/var/backups", "/srv", "/srv/var-keys/x"])
def test_a_place_that_would_hold_itself_or_the_keys_is_refused(raw: str) -> None:
    never_in = {"VAR_DIR": Path("/srv/var"), "KEYS_DIR": Path("/srv/var-keys")}
    with pytest.raises(BadSetting, match="BACKUP_TO"):
        backup_place("BACKUP_TO", raw, never_in=never_in)


def test_no_place_and_one_on_another_disk_are_taken() -> None:
    never_in = {"VAR_DIR": Path("/srv/var")}
    assert backup_place("BACKUP_TO", "", never_in=never_in) == ""
    assert backup_place("BACKUP_TO", "/mnt/backups", never_in=never_in) == "/mnt/backups"


def test_how_many_to_keep_is_refused_by_name() -> None:
    with pytest.raises(BadSetting, match=r"BACKUP_KEEP.*7,4,12"):
        backup_keep("BACKUP_KEEP", "all")
