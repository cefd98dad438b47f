"""Files in a folder and in a bucket: the same promises of both, on a real disk and a real S3 server."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path
from typing import Any

import pytest

from practice.storage import bucket
from practice.storage.bucket import Bucket, storage
from practice.storage.errors import NotTheEnd, StorageAway
from practice.storage.folder import Folder
from practice.storage.store import MediaStore
from practice.tests.storage import s3

CONTENT = os.urandom(70_000)
NAME = "lessons/one.m4a"


@pytest.fixture(params=["folder", pytest.param("bucket", marks=pytest.mark.processes)])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    if request.param == "folder":
        return Folder(tmp_path / "media")
    return Bucket(s3.new_bucket(), work=tmp_path / "work")


def names(store: MediaStore) -> list[tuple[str, int]]:
    return [(one.name, one.size) for one in store.names()]


def read(store: MediaStore, name: str, **part: int) -> bytes:
    file = store.open(name, **part)
    try:
        return file.read(part.get("length", -1))
    finally:
        file.close()


def kept(store: MediaStore, content: bytes = CONTENT) -> None:
    with store.room(NAME) as room:
        (room / "made").write_bytes(content)
        store.keep(room / "made", NAME)


def test_what_is_kept_comes_back_whole_and_in_part(store: MediaStore) -> None:
    kept(store)
    assert (store.size(NAME), read(store, NAME)) == (len(CONTENT), CONTENT)
    assert read(store, NAME, first=10, length=100) == CONTENT[10:110]
    assert read(store, NAME, first=69_999) == CONTENT[-1:]
    with store.local(NAME) as file:
        assert file.read_bytes() == CONTENT
    assert names(store) == [(NAME, len(CONTENT))]


def test_a_newer_content_takes_the_place_of_the_older(store: MediaStore) -> None:
    store.write(NAME, b"old")
    changed = {one.name: one.changed for one in store.names()}
    time.sleep(1.1)  # times in a bucket are whole seconds
    kept(store)
    assert read(store, NAME) == CONTENT
    assert {one.name: one.changed for one in store.names()} != changed


def test_what_is_not_there_is_not_found_and_its_removal_no_error(store: MediaStore) -> None:
    assert store.size(NAME) is None
    with pytest.raises(FileNotFoundError):
        store.open(NAME)
    with pytest.raises(FileNotFoundError):
        store.arrived("uploads/none")
    store.remove(NAME, "uploads/none")
    kept(store)
    store.remove(NAME)
    assert (store.size(NAME), names(store)) == (None, [])


@pytest.mark.parametrize("name", ["../outside", "lessons/../../outside", "/etc/passwd"])
def test_no_name_leads_out_of_it(store: MediaStore, name: str) -> None:
    assert store.size(name) is None
    with pytest.raises((FileNotFoundError, StorageAway)):
        store.open(name)


def test_what_is_being_made_is_not_listed_and_leaves_nothing(store: MediaStore, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), store.room(NAME) as room:
        (room / "half").write_bytes(CONTENT)
        assert names(store) == []
        raise ZeroDivisionError
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_what_a_killed_process_left_in_its_room_is_removed(store: MediaStore, tmp_path: Path) -> None:
    with store.room(NAME) as room, store.room(NAME) as used:
        (room / "half").write_bytes(CONTENT)
        (used / "half").write_bytes(CONTENT)
        for one in (room / "half", room, used):
            os.utime(one, (0, 0))
        os.utime(used / "half", (time.time(), time.time()))  # by our clock, not the machine's
        store.clear_rooms(until=time.time() - 86_400)
        assert (room.exists(), used.exists()) == (False, True)
        room.mkdir()  # for the end of the block


def test_what_comes_in_pieces_and_breaks_off_leaves_nothing(store: MediaStore, tmp_path: Path) -> None:
    def pieces() -> Any:
        yield CONTENT
        raise OSError("the connection broke")

    with pytest.raises(OSError, match="connection broke"):
        store.take(pieces(), "uploads/one")
    assert names(store) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    store.take([CONTENT, b"more"], "uploads/one")
    assert read(store, "uploads/one") == CONTENT + b"more"


def test_a_file_arrives_in_parts_and_is_read_as_one(store: MediaStore) -> None:
    store.begin("uploads/one")
    assert store.arrived("uploads/one") == 0
    assert store.append(io.BytesIO(CONTENT[:30_000]), "uploads/one", offset=0) == 30_000
    with pytest.raises(NotTheEnd) as refused:
        store.append(io.BytesIO(b"late"), "uploads/one", offset=4)
    assert refused.value.end == 30_000
    assert store.append(io.BytesIO(b""), "uploads/one", offset=30_000) == 30_000
    assert store.append(io.BytesIO(CONTENT[30_000:]), "uploads/one", offset=30_000) == len(CONTENT)
    with store.local("uploads/one") as file:
        assert file.read_bytes() == CONTENT
    store.remove("uploads/one")
    assert names(store) == []


@pytest.mark.processes
def test_of_two_parts_that_came_at_once_each_byte_counts_once(tmp_path: Path) -> None:
    """Both were sent from one place of one file; the longer one came second, and another after the first."""
    store = Bucket(s3.new_bucket(), work=tmp_path)
    for first, last in (
        (0, 30_000),
        (0, 20_000),
        (0, 45_000),
        (30_000, 40_000),
        (40_000, 70_000),
        (90_000, 91_000),
    ):
        store.write(f"uploads/one/{first:015d}-{first}{last}", (CONTENT * 2)[first:last])
    assert store.arrived("uploads/one") == 70_000
    with store.local("uploads/one") as file:
        assert file.read_bytes() == CONTENT


@pytest.mark.processes
def test_a_link_gives_the_file_to_anybody_until_it_ends(tmp_path: Path) -> None:
    store = Bucket(s3.new_bucket(), work=tmp_path)
    kept(store)
    link = store.link(NAME, content_type="audio/mp4", caching="private, no-cache", seconds=60)
    status, headers, body = s3.ask(link, Range="bytes=10-19")
    assert (status, body, headers["content-range"]) == (206, CONTENT[10:20], f"bytes 10-19/{len(CONTENT)}")
    assert {name: headers[name] for name in ("content-type", "cache-control", "content-disposition")} == {
        "content-type": "audio/mp4",
        "cache-control": "private, no-cache",
        "content-disposition": "inline",
    }
    with s3.later(61):
        old = store.link(NAME, content_type="audio/mp4", caching="private", seconds=60)
    changed = link.replace("lessons/one.m4a", "lessons/two.m4a")
    plain = link.partition("?")[0]
    assert [s3.ask(one)[0] in (400, 403) for one in (old, changed, plain)] == [True, True, True]
    assert s3.ask(link, method="PUT")[0] == 403


def is_shared_with_a_fork(store: Bucket) -> bool:
    """Return whether a process that is forked from here would talk over this one's connection."""
    pid = os.fork()
    if not pid:
        os._exit(int(storage(store.bucket.access, store.bucket.name) is store.storage))
    return bool(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


@pytest.mark.processes
def test_a_connection_over_which_was_talked_is_not_shared_with_a_fork(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Bucket(s3.new_bucket(), work=tmp_path)
    monkeypatch.setattr(bucket, "_asked", set())
    assert store.client
    assert is_shared_with_a_fork(store)
    store.ask()
    assert not is_shared_with_a_fork(store)


@pytest.mark.processes
@pytest.mark.parametrize(
    ("how", "says", "lasting"),
    [
        ("down", "cannot be reached", False),
        ("wrong key", "Correct the secret key", True),
        ("gone", "Create it, or correct S3_BUCKET", True),
    ],
)
def test_a_bucket_that_cannot_be_used_says_why_and_what_helps(
    tmp_path: Path, how: str, says: str, lasting: bool
) -> None:
    store = Bucket(s3.away(s3.new_bucket(), how), work=tmp_path)
    for act in (
        store.ask,
        lambda: store.size(NAME),
        lambda: store.open(NAME),
        lambda: store.write(NAME, b"x"),
        lambda: list(store.names()),
        lambda: store.append(io.BytesIO(b"x"), NAME, offset=0),
    ):
        with pytest.raises(StorageAway) as error:
            act()
        assert (error.value.lasting, "a-secret-for-tests" in str(error.value)) == (lasting, False)
    assert says in str(error.value)
