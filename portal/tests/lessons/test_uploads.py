"""Recordings sent through the back office: the request leaves a row, the worker does the rest."""

from __future__ import annotations

import datetime as dt
import errno
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from portal.audio import accept
from portal.audio.ffmpeg import LIMIT_SECONDS
from portal.audio.refusals import DiskFull
from portal.lessons.actions import uploads
from portal.lessons.actions.uploads import NoRoom, TooLarge, publish_next, receive
from portal.models import Cue, Lesson, LessonAudio, RecordingUpload
from portal.tasks import publish_waiting
from portal.testing import make_lesson, make_recording
from practice.models import Practitioner
from practice.testing import at_work, make_practice, make_practitioner

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
LEAST_MS = accept.SHORTEST_MS
NOW = dt.datetime(2027, 3, 1, 12, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def media(settings: object, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    return tmp_path


@pytest.fixture(autouse=True)
def short_ones_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three seconds are cheap to prepare; what is refused is tested with the real least length."""
    monkeypatch.setattr(accept, "SHORTEST_MS", 1000)


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    return make_practitioner()


@pytest.fixture
def lesson(tess: Practitioner) -> Lesson:
    return make_lesson()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three seconds of a tone."""
    path = tmp_path_factory.mktemp("sound") / "tone.wav"
    tone = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=frequency=220:duration=3", str(path)]
    subprocess.run(tone, check=True)
    return path.read_bytes()


def sent(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_words_in_a_sound_files_name_are_refused_in_a_sentence(lesson: Lesson, tess: Practitioner) -> None:
    upload = receive(lesson, sent("floor.mp3", b"<svg onload=alert(1)>" * 50), by=tess.user)
    publish_next(now=NOW)
    upload.refresh_from_db()
    assert (upload.state, bool(upload.reason)) == ("refused", True)


def test_what_is_too_large_is_not_kept(lesson: Lesson, tess: Practitioner, media: Path) -> None:
    incoming = sent("long.wav", b"x")
    incoming.size = 500_000_001
    with pytest.raises(TooLarge, match=r"^long\.wav is larger than 500 MB"):
        receive(lesson, incoming, by=tess.user)
    assert not list(media.rglob("*"))


def test_it_is_kept_under_no_name_a_stranger_chose(lesson: Lesson, tess: Practitioner, media: Path) -> None:
    receive(lesson, sent("../../evil.html", b"x"), by=tess.user)
    assert [path.parent.name for path in media.rglob("*") if path.is_file()] == ["uploads"]


def test_two_workers_take_it_once(lesson: Lesson, tess: Practitioner, sound: bytes) -> None:
    upload = receive(lesson, sent("tone.wav", sound), by=tess.user)
    RecordingUpload.objects.filter(pk=upload.pk).update(state="working", claimed_at=NOW)
    assert publish_next(now=NOW + dt.timedelta(minutes=1)) is False


def test_what_a_dead_worker_held_is_taken_up_again(lesson: Lesson, tess: Practitioner, sound: bytes) -> None:
    upload = receive(lesson, sent("tone.wav", sound), by=tess.user)
    RecordingUpload.objects.filter(pk=upload.pk).update(state="working", claimed_at=NOW)
    publish_next(now=NOW + dt.timedelta(minutes=26))
    assert lesson.recordings.filter(is_current=True).count() == 1


def test_from_the_back_office_to_the_page(tess: Practitioner, lesson: Lesson, sound: bytes) -> None:
    browser = at_work(tess.user)
    form = {
        "title": lesson.title,
        "slug": lesson.slug,
        "position": lesson.position,
        "order": "0",
        "is_published": "on",
        "recording": sent("tone.wav", sound),
        **{
            f"{name}-{field}_FORMS": "0"
            for name in ("uploads", "recordings")
            for field in ("TOTAL", "INITIAL")
        },
    }
    browser.post(f"/backoffice/portal/lesson/{lesson.pk}/change/", form)
    assert publish_next(now=timezone.now()) is True
    assert lesson.recordings.get(is_current=True).duration_ms > 3000


def breaks(*args: object, **more: object) -> None:
    raise RuntimeError("an error of ours")


def test_an_unexpected_error_ends_after_three_tries_with_a_reason(
    lesson: Lesson, tess: Practitioner, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "publish_audio", breaks)
    upload = receive(lesson, sent("tone.wav", b"x"), by=tess.user)
    assert [publish_next(now=NOW) for _ in range(5)] == [True, True, True, False, False]
    upload.refresh_from_db()
    assert (upload.state, "We tried 3 times" in upload.reason) == ("refused", True)
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_an_error_that_passes_costs_nothing(
    lesson: Lesson, tess: Practitioner, sound: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = receive(lesson, sent("tone.wav", sound), by=tess.user)
    with monkeypatch.context() as broken:
        broken.setattr(uploads, "publish_audio", breaks)
        publish_next(now=NOW)
    publish_next(now=NOW)
    upload.refresh_from_db()
    assert (upload.state, upload.reason) == ("published", "")


def test_a_recording_that_kills_its_worker_each_time_is_refused_with_a_reason(
    lesson: Lesson, tess: Practitioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(*args: object, **more: object) -> None:
        raise SystemExit  # as a worker that is killed: nothing is written down

    monkeypatch.setattr(uploads, "publish_audio", dies)
    upload = receive(lesson, sent("tone.wav", b"x"), by=tess.user)
    for number in range(3):
        with pytest.raises(SystemExit):
            publish_next(now=NOW + number * dt.timedelta(minutes=26))
    publish_next(now=NOW + dt.timedelta(hours=2))
    upload.refresh_from_db()
    assert (upload.state, "We tried 3 times" in upload.reason) == ("refused", True)
    assert publish_next(now=NOW + dt.timedelta(hours=4)) is False


def test_the_limits_of_a_recordings_time_lie_one_below_the_other() -> None:
    """The tool refuses in a sentence; else the task ends; else it is killed; only then it begins again."""
    hard, soft = publish_waiting.time_limit, publish_waiting.soft_time_limit
    assert LIMIT_SECONDS < soft < hard < uploads.GIVEN_UP_AFTER.total_seconds()


@pytest.mark.parametrize(
    "content", [b"<svg onload=alert(1)>" * 50, b"RIFF$\0\0\0WAVE"], ids=["no sound", "an empty sound file"]
)
def test_a_refusal_names_the_file_that_was_sent(lesson: Lesson, tess: Practitioner, content: bytes) -> None:
    upload = receive(lesson, sent("my voice.mp3", content), by=tess.user)
    stored = Path(upload.file).name
    publish_next(now=NOW)
    upload.refresh_from_db()
    assert ("my voice.mp3" in upload.reason, stored in upload.reason) == (True, False)


def test_who_replaces_a_recording_is_told_before_what_to_check(tess: Practitioner, lesson: Lesson) -> None:
    browser, page = at_work(tess.user), f"/backoffice/portal/lesson/{lesson.pk}/change/"
    words = "If the new recording has another length, please check their times."
    assert words not in browser.get(page).content.decode()
    recording = LessonAudio.objects.create(lesson=lesson, sha256="0" * 64, size=1, duration_ms=1000)
    Cue.objects.create(audio=recording, start_ms=0, end_ms=900, text="Lie down.")
    shown = browser.get(page).content.decode()
    assert (words in shown, "up to 500 MB and 60 minutes" in shown) == (True, True)


@pytest.mark.parametrize(
    ("name", "cut", "why"),
    [
        ("test.wav", None, "test.wav lasts only 0:03. A lesson lasts at least 0:30"),
        ("floor.wav", 100_000, "floor.wav says it lasts 0:03, but only 0:01 could be decoded."),
        ("voice.m4a", 0, "voice.m4a is empty."),
    ],
)
def test_a_refused_recording_leaves_the_good_one(
    lesson: Lesson,
    tess: Practitioner,
    sound: bytes,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    cut: int | None,
    why: str,
) -> None:
    good = make_recording(lesson)
    monkeypatch.setattr(accept, "SHORTEST_MS", LEAST_MS)
    upload = receive(lesson, sent(name, sound[:cut]), by=tess.user)
    publish_next(now=NOW)
    upload.refresh_from_db()
    assert (upload.state, upload.reason[: len(why)]) == ("refused", why)
    assert lesson.recordings.get(is_current=True) == good


def test_without_ffmpeg_a_recording_waits_until_it_is_installed(
    lesson: Lesson, tess: Practitioner, sound: bytes, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = receive(lesson, sent("voice.wav", sound), by=tess.user)
    with monkeypatch.context() as bare:
        bare.setenv("PATH", str(media))
        for hours in range(5):  # more often than a recording at fault is tried
            assert publish_next(now=NOW + hours * dt.timedelta(hours=1)) is True
    upload.refresh_from_db()
    assert (upload.state, upload.tries) == ("waiting", 0)
    assert "ffprobe is not installed on the server" in upload.reason
    assert "voice.wav is kept, and we'll try again every 10 minutes" in upload.reason
    assert publish_next(now=NOW + dt.timedelta(hours=4, minutes=9)) is False
    publish_next(now=NOW + dt.timedelta(hours=4, minutes=11))
    upload.refresh_from_db()
    assert (upload.state, upload.reason) == ("published", "")


def test_a_recording_that_waits_lets_others_go_first(
    lesson: Lesson, tess: Practitioner, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[str] = []

    def full(*args: object, name: str, **more: object) -> None:
        tried.append(name)
        raise DiskFull

    monkeypatch.setattr(uploads, "publish_audio", full)
    for name in ("first.wav", "second.wav"):
        receive(lesson, sent(name, b"x"), by=tess.user)
    assert [publish_next(now=NOW) for _ in range(3)] == [True, True, False]
    assert tried == ["first.wav", "second.wav"]
    assert all("disk is full" in reason for reason in lesson.uploads.values_list("reason", flat=True))


def test_a_recording_at_which_ffmpeg_is_killed_three_times_is_refused(
    lesson: Lesson, tess: Practitioner, sound: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ffprobe = shutil.which("ffprobe")
    assert ffprobe
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "ffprobe").symlink_to(ffprobe)
    (tools / "ffmpeg").write_text("#!/bin/sh\nkill -9 $$\n")
    (tools / "ffmpeg").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))
    upload = receive(lesson, sent("voice.wav", sound), by=tess.user)
    states = []
    for number in range(3):
        publish_next(now=NOW + number * dt.timedelta(minutes=11))
        upload.refresh_from_db()
        states.append((upload.state, upload.reason.partition(".")[0]))
    stopped = ("waiting", "ffmpeg was stopped before the recording was ready")
    assert states[:2] == [stopped, stopped]
    assert (states[2][0], "We tried 3 times" in states[2][1]) == ("refused", True)


class Endless(SimpleUploadedFile):
    """A file for which the disk has no room."""

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        yield b"RIFF"
        raise OSError(errno.ENOSPC, "No space left on device")


def test_an_upload_that_finds_no_room_says_so_and_leaves_nothing(
    lesson: Lesson, tess: Practitioner, media: Path
) -> None:
    with pytest.raises(NoRoom, match=r"disk is full, so voice\.wav could not be stored"):
        receive(lesson, Endless("voice.wav", b"x"), by=tess.user)
    assert not [path for path in media.rglob("*") if path.is_file()]
    assert not lesson.uploads.exists()
