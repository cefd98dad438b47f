"""Backups in a bucket of a real S3 server, of recordings in a folder and in a bucket of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from practice.backup.kinds import bucket as kind
from practice.backup.kinds.bucket import InBucket
from practice.backup.kinds.table import place_at
from practice.backup.places import ContentDiffers, Trouble
from practice.storage.bucket import Bucket
from practice.storage.errors import StorageAway
from practice.tests.backup.restored_site import Machine, machine_in
from practice.tests.processes.practice_site import PracticeSite
from practice.tests.storage import s3

pytestmark = [pytest.mark.processes, pytest.mark.sqlite]
NAME = "blobs/aa/one"
SETTINGS = """
from practice.storage.storage_settings import Access, Bucket
reached = Access({endpoint!r}, "us-east-1", True, {key!r}, {secret!r})
settings.BACKUP_S3_ACCESS = reached
settings.S3 = Bucket({media!r}, reached) if {media!r} else None
"""
NOT_READ = """
from practice.storage.bucket import Bucket as kept
def local(self, name): raise AssertionError(name)
kept.local = local
"""
TWO_DAYS_LATER = """
from datetime import timedelta
from django.utils import timezone
from practice.backup.engine.keeping import Keep
now = timezone.now
timezone.now = lambda: now() + timedelta(days=2)
settings.BACKUP_KEEP = Keep(1, 0, 0)
"""


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def place(tmp_path: Path) -> InBucket:
    return InBucket(s3.server(), s3.new_bucket().name, "portal", var=tmp_path)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "source"
    file.write_bytes(b"words")
    return file


def settings_for(media: str = "") -> str:
    """Lines for a process of a machine: its keys, and the bucket of its recordings."""
    access = s3.server()
    return SETTINGS.format(endpoint=access.endpoint, key=access.key_id, secret=access.secret, media=media)


@pytest.fixture
def far(here: Machine, place: InBucket) -> Machine:
    """The machine on which the practice runs, with its backups in a bucket."""
    here.settings["BACKUP_TO"] = str(place)
    return here


@pytest.fixture
def there(site: PracticeSite, far: Machine, tmp_path: Path) -> Iterator[Machine]:
    """An empty machine."""
    with machine_in(site, tmp_path / "there") as machine:
        machine.settings["BACKUP_TO"] = far.settings["BACKUP_TO"]
        yield machine


def test_a_backup_in_a_bucket_is_found_good_and_restored_and_what_is_old_goes(
    far: Machine, there: Machine, place: InBucket
) -> None:
    (far.media / "lessons" / "old.m4a").write_bytes(b"old")
    assert far.run("backup", before=settings_for()) == 0, far.said
    (far.media / "lessons" / "old.m4a").unlink()
    (old,) = {name.split("/")[1] for name in place.names("backups")}
    assert far.run("verify_backup", before=settings_for()) == 0, far.said
    assert far.run("backup", before=settings_for() + TWO_DAYS_LATER) == 0, far.said
    (new,) = {name.split("/")[1] for name in place.names("backups")}
    assert (new != old, len(place.names("blobs")), place.names("locks")) == (True, 2, [])
    assert there.run("restore", before=settings_for()) == 0, there.said
    assert there.count("practice_user") == far.count("practice_user")
    for file in ("lessons/one.m4a", "people/ann.webp"):
        assert (there.media / file).read_bytes() == (far.media / file).read_bytes()


def test_recordings_in_a_bucket_are_copied_to_the_other_once_and_restored_into_a_third(
    far: Machine, there: Machine, place: InBucket, tmp_path: Path
) -> None:
    media, empty = (Bucket(s3.new_bucket(), work=tmp_path) for _ in range(2))
    sound = b"sound" * 100_000
    media.write("lessons/one.m4a", sound)
    assert far.run("backup", before=settings_for(media.bucket.name)) == 0, far.said
    assert len(place.names("blobs")) == 1
    later = settings_for(media.bucket.name) + TWO_DAYS_LATER
    assert far.run("backup", before=later + NOT_READ) == 0, far.said
    assert there.run("restore", before=settings_for(empty.bucket.name)) == 0, there.said
    with empty.local("lessons/one.m4a") as file:
        assert file.read_bytes() == sound
    assert [one.name for one in empty.names()] == ["lessons/one.m4a"]
    assert not there.media.exists()


def test_a_place_for_recordings_that_is_not_empty_is_refused_and_left_alone(
    far: Machine, there: Machine, tmp_path: Path
) -> None:
    full = Bucket(s3.new_bucket(), work=tmp_path)
    full.write("lessons/strange.m4a", b"sound")
    assert far.run("backup", before=settings_for()) == 0, far.said
    assert there.run("restore", before=settings_for(full.bucket.name)) == 1
    assert "lessons/strange.m4a (1 in all)" in there.said
    assert [one.name for one in full.names()] == ["lessons/strange.m4a"]


def test_a_damaged_file_and_a_missing_one_are_named(far: Machine, place: InBucket) -> None:
    assert far.run("backup", before=settings_for()) == 0, far.said
    one, two = place.names("blobs")
    place.write(one, b"x" * (place.size(one) or 0))
    place.remove([two])
    assert far.run("verify_backup", before=settings_for()) == 1
    assert "is damaged" in far.said
    assert "is missing" in far.said


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"secret": "another"}, "Correct the secret key"),
        ({"endpoint": "closed"}, "cannot be reached"),
        ({"bucket": "gone"}, "Create it, or correct BACKUP_TO"),
    ],
)
def test_a_backup_that_fails_says_why_where_people_look(
    far: Machine, place: InBucket, wrong: dict[str, str], says: str
) -> None:
    access = s3.server()
    endpoint = f"http://127.0.0.1:{s3.closed_port()}" if "endpoint" in wrong else access.endpoint
    secret = wrong.get("secret", access.secret)
    before = SETTINGS.format(endpoint=endpoint, key=access.key_id, secret=secret, media="")
    if "bucket" in wrong:
        far.settings["BACKUP_TO"] = f"s3://{place.bucket}-gone"
    assert far.run("backup", before=before) == 1
    assert says in far.said
    ((why,),) = far.sql("SELECT why FROM practice_pulse WHERE name = 'backup_failed'")
    assert (says in str(why), secret in far.said, secret in str(why)) == (True, False, False)
    assert place.names("backups") == []


def test_what_is_put_there_comes_back(place: InBucket, source: Path, tmp_path: Path) -> None:
    place.put(source, NAME, sha256=sha(b"words"))
    place.fetch(NAME, tmp_path / "deep" / "copy", sha256=sha(b"words"))
    assert (tmp_path / "deep" / "copy").read_bytes() == b"words"
    assert (place.names("blobs"), place.size(NAME)) == ([NAME], 5)
    with pytest.raises(FileNotFoundError):
        place.read("blobs/aa/two")


def test_more_than_goes_in_one_request_comes_back(place: InBucket, tmp_path: Path) -> None:
    content = bytes(range(256)) * 40_000  # 10 MB: in parts of 8
    (tmp_path / "large").write_bytes(content)
    place.put(tmp_path / "large", NAME, sha256=sha(content))
    place.check(NAME, sha256=sha(content))


def test_a_file_that_is_not_what_it_should_be_is_not_stored(place: InBucket, source: Path) -> None:
    with pytest.raises(ContentDiffers):
        place.put(source, NAME, sha256=sha(b"other"))
    assert place.size(NAME) is None


def test_what_was_damaged_is_neither_fetched_nor_found_good(
    place: InBucket, source: Path, tmp_path: Path
) -> None:
    place.put(source, NAME, sha256=sha(b"words"))
    place.write(NAME, b"w0rds")
    with pytest.raises(ContentDiffers):
        place.check(NAME, sha256=sha(b"words"))
    with pytest.raises(ContentDiffers):
        place.fetch(NAME, tmp_path / "copy", sha256=sha(b"words"))
    assert not (tmp_path / "copy").exists()


def test_one_backup_at_a_time_on_all_machines(place: InBucket, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = InBucket(place.access, place.bucket, place.prefix, var=tmp_path / "other")
    with place.alone() as work:
        assert list(work.iterdir()) == []
        with pytest.raises(Trouble, match="Another machine is making a backup"):
            other.alone().__enter__()
        with pytest.raises(Trouble, match="Another backup is being made here"):
            place.alone().__enter__()
    assert place.names("locks") == []
    with other.alone():
        assert len(place.names("locks")) == 1


def test_the_lock_of_a_backup_that_was_killed_ends(place: InBucket, tmp_path: Path, monkeypatch: Any) -> None:
    """At once on its own machine; on another one when it is old."""
    (tmp_path / "other").mkdir()
    other = InBucket(place.access, place.bucket, place.prefix, var=tmp_path / "other")
    place._take_lock()
    with pytest.raises(Trouble, match="if it was killed, 10 minutes from then"):
        other.alone().__enter__()
    with place.alone():
        assert len(place.names("locks")) == 1
    place._take_lock()
    monkeypatch.setattr(kind, "DEAD", -kind.DEAD)  # whatever lies there is old
    with other.alone():
        assert len(place.names("locks")) == 1


def test_the_bucket_with_the_recordings_takes_no_backups(settings: Any) -> None:
    settings.S3 = s3.new_bucket()
    settings.BACKUP_S3_ACCESS = settings.S3.access
    with pytest.raises(Trouble, match="a backup would copy itself"):
        place_at(f"s3://{settings.S3.name}/backups")
    assert str(place_at("s3://another/backups/")) == "s3://another/backups"
    settings.BACKUP_S3_ACCESS = None
    with pytest.raises(Trouble, match="There are no keys"):
        place_at("s3://another")


def test_while_it_is_away_nothing_is_called_damaged(place: InBucket) -> None:
    place.access = s3.away(s3.new_bucket(), "down").access
    with pytest.raises(StorageAway):
        place.check(NAME, sha256=sha(b"words"))
