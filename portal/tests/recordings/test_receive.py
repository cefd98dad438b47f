"""A large recording sent in parts: nothing of it is lost or doubled, whatever happens to the connection."""

from __future__ import annotations

import base64
import datetime as dt
import errno
import hashlib
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.http import UnreadablePostError
from django.test import Client
from django.utils import timezone

from portal.lessons.actions.uploads import NoRoom
from portal.models import Lesson, RecordingUpload
from portal.recordings.actions import receive
from portal.testing import make_lesson
from practice.models import Practitioner, User
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
NOW = dt.datetime(2027, 3, 1, 12, 0, tzinfo=dt.UTC)
SOUND = os.urandom(1_000_000)
PAGE = "/workspace/practice/lessons/floor/recording/"
TUS = {"tus-resumable": "1.0.0"}


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    return make_practitioner()


@pytest.fixture
def lesson(tess: Practitioner) -> Lesson:
    return make_lesson()


@pytest.fixture
def tess_there(tess: Practitioner, lesson: Lesson) -> Client:
    return at_work(tess.user)


def begin(at: Client, *, name: str = "floor.wav", size: int = len(SOUND), **more: str) -> Any:
    told = (
        f"filename {base64.b64encode(name.encode()).decode()},fingerprint {base64.b64encode(b'f').decode()}"
    )
    headers = {**TUS, "upload-length": str(size), "upload-metadata": told, **more}
    return at.post(f"{PAGE}uploads/", headers=headers)


def patch(at: Client, url: str, content: bytes, offset: int, **more: str) -> Any:
    headers = {**TUS, "upload-offset": str(offset), **more}
    return at.patch(url, content, content_type="application/offset+octet-stream", headers=headers)


def offset(at: Client, url: str) -> int:
    return int(at.head(url, headers=TUS)["Upload-Offset"])


def stored(media: Path) -> list[bytes]:
    return [path.read_bytes() for path in media.rglob("*") if path.is_file()]


def started(lesson: Lesson, by: User, size: int = len(SOUND)) -> RecordingUpload:
    return receive.begin(lesson, name="floor.wav", size=size, fingerprint="f", by=by, now=NOW)


def test_what_was_sent_in_parts_waits_for_the_worker_byte_by_byte(tess_there: Client, media: Path) -> None:
    url = begin(tess_there)["Location"]
    half = 500_001
    assert patch(tess_there, url, SOUND[:half], 0)["Upload-Offset"] == str(half)
    again = begin(tess_there)  # the tab was closed; the same file is chosen again, perhaps on another day
    assert (again.status_code, again["Location"], offset(tess_there, url)) == (201, url, half)
    assert patch(tess_there, url, SOUND[half:], half).status_code == 204
    upload = RecordingUpload.objects.get()
    assert (upload.state, upload.name, stored(media)) == ("waiting", "floor.wav", [SOUND])
    assert (patch(tess_there, url, b"more", len(SOUND)).status_code, offset(tess_there, url)) == (
        413,
        len(SOUND),
    )
    assert begin(tess_there)["Location"] != url  # sent once more on purpose


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", ["an empty part", "the same file"])
def test_a_practice_that_stopped_after_the_last_byte_notes_it_later(
    tess_there: Client, media: Path, again: str
) -> None:
    address = begin(tess_there)["Location"]
    (media / RecordingUpload.objects.get().file).write_bytes(SOUND)
    told = tess_there.head(address, headers=TUS)
    assert (told["Upload-Offset"], "Upload-Expires" in told) == (str(len(SOUND)), True)
    if again == "the same file":
        begin(tess_there)
    else:
        headers = {**TUS, "upload-offset": str(len(SOUND))}
        tess_there.patch(address, headers=headers, CONTENT_TYPE="application/offset+octet-stream")
    assert RecordingUpload.objects.get().state == "waiting"
    assert "Upload-Expires" not in tess_there.head(address, headers=TUS)


@pytest.mark.django_db(transaction=True)
def test_of_two_parts_at_one_place_one_is_kept(lesson: Lesson, tess: Practitioner, media: Path) -> None:
    upload, both = started(lesson, tess.user), threading.Barrier(2)
    ends: list[object] = []

    def send(letter: bytes) -> None:
        rest = [letter * 400_000]

        def content(most: int) -> bytes:
            piece, rest[0] = rest[0][:most], rest[0][most:]
            if not rest[0] and piece:
                both.wait(20)  # both have been read to their end before either is appended
            return piece

        try:
            ends.append(receive.add_part(upload, content, offset=0, now=NOW))
        except receive.WrongOffset as error:
            ends.append(("elsewhere", error.offset))
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[letter]) for letter in (b"a", b"b")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(ends, key=str) == [("elsewhere", 400_000), 400_000]
    assert stored(media) in ([b"a" * 400_000], [b"b" * 400_000])


def test_a_part_that_breaks_off_counts_as_far_as_it_came(tess_there: Client, monkeypatch: Any) -> None:
    url = begin(tess_there)["Location"]
    from django.core.handlers.wsgi import WSGIRequest

    read, calls = WSGIRequest.read, []

    def breaks(self: WSGIRequest, *args: int) -> bytes:
        calls.append(args)
        if len(calls) > 2:
            raise UnreadablePostError
        return read(self, *args)

    with monkeypatch.context() as broken:
        broken.setattr(WSGIRequest, "read", breaks)
        patch(tess_there, url, SOUND, 0)
    assert offset(tess_there, url) == 2 * receive.BLOCK
    wrong = patch(tess_there, url, SOUND[100_000:200_000], 100_000)
    assert (wrong.status_code, wrong["Upload-Offset"]) == (409, str(2 * receive.BLOCK))


def test_a_part_that_arrived_changed_is_not_kept(tess_there: Client) -> None:
    url = begin(tess_there)["Location"]
    sent = base64.b64encode(hashlib.sha256(SOUND[:1000]).digest()).decode()
    changed = patch(tess_there, url, b"x" * 1000, 0, **{"upload-checksum": f"sha256 {sent}"})
    assert (changed.status_code, offset(tess_there, url)) == (460, 0)
    assert patch(tess_there, url, SOUND[:1000], 0, **{"upload-checksum": f"sha256 {sent}"}).status_code == 204
    assert patch(tess_there, url, b"x", 1000, **{"upload-checksum": "md5 eA=="}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"upload-length": "2000000000"}, 413),  # a film
        ({"upload-length": "0"}, 422),
        ({"upload-length": "-1"}, 400),
        ({"upload-length": "١٢"}, 400),
        ({"upload-metadata": "filename ???"}, 400),
        ({"tus-resumable": "0.2.2"}, 412),
    ],
)
def test_what_cannot_begin_is_refused_before_a_byte_of_it_is_sent(
    tess_there: Client, media: Path, headers: dict[str, str], status: int
) -> None:
    assert begin(tess_there, **headers).status_code == status
    assert (RecordingUpload.objects.count(), stored(media)) == (0, [])


def test_a_full_disk_costs_the_part_alone(
    lesson: Lesson, tess: Practitioner, media: Path, monkeypatch: Any
) -> None:
    upload = started(lesson, tess.user)
    receive.add_part(upload, iter_of(SOUND[:1000]), offset=0, now=NOW)

    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(NoRoom, match=r"disk is full, so floor\.wav could not be stored"):
            receive.add_part(upload, iter_of(SOUND[1000:]), offset=1000, now=NOW)
    assert stored(media)[0] == SOUND[:1000]
    receive.add_part(upload, iter_of(SOUND[1000:]), offset=1000, now=NOW)
    assert stored(media)[0] == SOUND


def iter_of(content: bytes) -> Any:
    rest = [content]

    def read(most: int) -> bytes:
        piece, rest[0] = rest[0][:most], rest[0][most:]
        return piece

    return read


def test_nobody_fills_the_disk(lesson: Lesson, tess: Practitioner, monkeypatch: Any) -> None:
    for number in range(4):
        receive.begin(lesson, name=f"{number}.wav", size=500_000_000, fingerprint="", by=tess.user, now=NOW)
    with pytest.raises(receive.TooMuch, match=r"upload floor\.wav again"):
        started(lesson, tess.user)
    RecordingUpload.objects.all().delete()
    monkeypatch.setattr(receive, "SPARE", 10**18)
    with pytest.raises(NoRoom):
        started(lesson, tess.user)


def test_only_the_sender_continues_and_only_who_teaches_sends(
    tess_there: Client, tess: Practitioner, lesson: Lesson
) -> None:
    url = begin(tess_there)["Location"]
    colleague = at_work(make_practitioner("Jonah Reed", role=User.Role.PRACTITIONER).user)
    desk = at_work(make_user("Faye Ott", role=User.Role.FRONT_DESK))
    assert patch(colleague, url, SOUND, 0).status_code == 404
    assert [begin(one).status_code for one in (colleague, desk, Client())] == [201, 404, 302]
    assert (desk.get(PAGE).status_code, colleague.get(PAGE).status_code) == (404, 200)
    assert offset(tess_there, url) == 0


def test_what_is_removed_or_not_continued_for_a_week_is_gone(
    tess_there: Client, lesson: Lesson, tess: Practitioner, media: Path
) -> None:
    url = begin(tess_there)["Location"]
    assert tess_there.delete(url, headers=TUS).status_code == 204
    assert (tess_there.head(url, headers=TUS).status_code, stored(media)) == (404, [])
    old = started(lesson, tess.user)
    receive.add_part(old, iter_of(SOUND[:10]), offset=0, now=NOW + dt.timedelta(days=3))
    at = NOW + dt.timedelta(days=10)
    assert receive.forget_unfinished(at - dt.timedelta(seconds=1)) == 0
    assert (receive.forget_unfinished(at, dry=True), len(stored(media))) == (1, 1)
    assert (receive.forget_unfinished(at), stored(media)) == (1, [])


def test_what_the_protocol_can_do_is_told(tess_there: Client) -> None:
    told = tess_there.options(f"{PAGE}uploads/")
    assert (told.status_code, told["Tus-Max-Size"]) == (204, "500000000")
    assert set(told["Tus-Extension"].split(",")) == {"creation", "termination", "checksum", "expiration"}
    expires = begin(tess_there)["Upload-Expires"]
    assert str((timezone.now() + receive.KEPT).year) in expires
