"""Writing exercises: texts, photos without a trace of their camera, a video of a minute; for staff only."""

from __future__ import annotations

import datetime as dt
import errno
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from portal.exercises.actions.media import file_of
from portal.exercises.actions.video import prepare_next
from portal.models import Exercise, ExerciseMedia
from portal.testing import make_exercise
from practice.models import User
from practice.storage.folder import Folder
from practice.testing import at_work, make_practice, make_practitioner, make_user
from practice.tests.pictures.samples import CAMERA, SVG, encoded, from_a_phone, halves, heic, png_that_says

pytestmark = pytest.mark.long  # ffmpeg encodes
HOUR = dt.timedelta(hours=1)
PHOTOS, VIDEO = "/workspace/practice/exercises/tilt/photos/", "/workspace/practice/exercises/tilt/video/"


def path_of(key: str, ending: str) -> Path:
    return Path(settings.MEDIA_ROOT) / file_of(key, ending)


@pytest.fixture
def desk(db, settings, tmp_path):
    """Tess at work, with one exercise."""
    settings.MEDIA_ROOT = tmp_path
    make_practice()
    make_exercise(figure="")
    return at_work(make_practitioner(role="practitioner").user)


def send_photo(desk, content: bytes, words: str = "The knee hangs."):
    return desk.post(PHOTOS, {"photo": SimpleUploadedFile("a.jpg", content), "photo_words": words})


def film(seconds: float, *, name: str, size: str = "320x241") -> bytes:
    """A video with sound, and with a place in its metadata."""
    made = Path(name)
    tone = ["-f", "lavfi", "-i", f"sine=440:duration={seconds}"]
    picture = ["-f", "lavfi", "-i", f"testsrc=duration={seconds}:size={size}:rate=5"]
    said = ["-metadata", "location=+39.7392-104.9903/", "-metadata", f"title={CAMERA}"]
    codecs = ["-c:v", "mpeg4", "-c:a", "aac", "-shortest"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *picture, *tone, *codecs, *said, str(made)], check=True)
    return made.read_bytes()


def send_video(desk, content: bytes, name: str = "knee.mov"):
    return desk.post(VIDEO, {"video": SimpleUploadedFile(name, content), "video_words": "The knee hangs."})


def only() -> ExerciseMedia:
    return ExerciseMedia.objects.get()


# --- Texts


def test_a_new_exercise_is_a_draft_at_an_address_of_its_own_until_it_is_published(desk, client) -> None:
    form = {
        **{"title": "New", "position": "sitting", "words": "W", "steps": "1. S", "order": "3"},
        **{"sides": "2", "repetitions": "6", "hold_seconds": "5", "care_regions": ["knees"], "figure": ""},
    }
    desk.post("/workspace/practice/exercises/new/", form)
    made = Exercise.objects.get(title="New")
    assert (made.slug, made.is_published, made.care_regions) == ("new-2", False, ["knees"])
    client.force_login(make_user("Ann"))
    assert client.get(made.get_absolute_url()).status_code == 404
    desk.post("/workspace/practice/exercises/new-2/", form | {"title": "Newer", "is_published": "on"})
    assert "Newer" in client.get("/portal/exercises/new-2/").content.decode()


def test_what_was_typed_stays_when_one_thing_is_wrong(desk) -> None:
    answer = desk.post("/workspace/practice/exercises/new/", {"title": "Kept words", "sides": "1"})
    assert (answer.status_code, "Kept words" in answer.content.decode()) == (422, True)


@pytest.mark.parametrize("role", [User.Role.FRONT_DESK, User.Role.CLIENT])
def test_no_one_else_writes(db, desk, role) -> None:
    someone = at_work(make_user("Faye", role=role))
    for path in ("", "new/", "tilt/"):
        assert someone.get(f"/workspace/practice/exercises/{path}").status_code == 404
    assert send_photo(someone, from_a_phone()).status_code == 404


# --- Photos


def test_a_photo_is_turned_upright_and_tells_nothing_but_itself(desk) -> None:
    assert send_photo(desk, encoded(halves(size=(1000, 600)), "JPEG", exif=_turned())).status_code == 302
    kept = path_of(only().key, "webp").read_bytes()
    with Image.open(io.BytesIO(kept)) as seen:
        assert (seen.size, dict(seen.getexif())) == ((600, 1000), {})
    assert CAMERA.encode() not in kept


def _turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = 6, CAMERA
    return exif


REFUSED = {
    "a bomb": (png_that_says(50_000, 50_000), "too many pixels"),
    "an SVG": (SVG, "SVG files can contain programs"),
    "a photo of an iPhone": (heic(), "HEIC"),
}


@pytest.mark.parametrize(("content", "said"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_photo_is_refused_in_a_sentence_and_nothing_changes(desk, content, said) -> None:
    answer = send_photo(desk, content)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert not ExerciseMedia.objects.exists()


@pytest.mark.engines("portal.exercises.actions.media")
def test_the_fifth_photo_is_refused_and_one_that_is_removed_leaves_no_file(
    desk, django_capture_on_commit_callbacks
) -> None:
    photo = encoded(halves(size=(400, 400)), "JPEG")
    answers = [send_photo(desk, photo) for _ in range(5)]
    assert [one.status_code for one in answers] == [302, 302, 302, 302, 422]
    first = ExerciseMedia.objects.first()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(PHOTOS, {"remove": first.pk})
    assert (path_of(first.key, "webp").exists(), ExerciseMedia.objects.count()) == (False, 3)


# --- Videos


@pytest.fixture
def shown(desk, tmp_path):
    """A video that was uploaded and prepared."""
    send_video(desk, film(2, name=str(tmp_path / "knee.mov")))
    assert prepare_next(now=timezone.now())
    return only()


def test_a_video_is_h264_without_metadata_with_its_index_first_and_a_picture(shown) -> None:
    assert (shown.state, shown.file, shown.width, shown.height) == ("ready", "", 320, 242)
    content = path_of(shown.key, "mp4").read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")
    assert [mark for mark in (b"39.7392", CAMERA.encode()) if mark in content] == []
    asked = ["ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0"]
    codecs = subprocess.run([*asked, str(path_of(shown.key, "mp4"))], capture_output=True, check=True)
    assert codecs.stdout.split() == [b"h264", b"aac"]
    with Image.open(path_of(shown.key, "webp")) as poster:
        assert poster.size == (320, 242)


def test_it_is_served_in_parts_to_those_who_may_see_the_exercise_only(client, desk, shown) -> None:
    address = f"/portal/exercise-media/{shown.key}.mp4"
    assert client.get(address).status_code == 401
    client.force_login(make_user("Ann"))
    part = client.get(address, headers={"Range": "bytes=0-9"})
    assert (part.status_code, len(part.getvalue())) == (206, 10)
    assert part["Cache-Control"] == "private, no-cache"
    Exercise.objects.update(is_published=False)
    assert [one.get(address).status_code for one in (client, desk)] == [404, 200]


WRONG = {
    "too long": (lambda to: film(63, name=to, size="32x32"), "longer than 60 seconds"),
    "not a video": (lambda _to: b"Dear Tess" * 40, "not a video that we can read"),
    "half of one": (lambda to: film(2, name=to)[:3000], "not a video that we can read"),
}


@pytest.mark.parametrize(("made", "said"), WRONG.values(), ids=WRONG)
def test_a_video_that_cannot_be_used_leaves_the_old_one_and_says_why(desk, shown, tmp_path, made, said):
    send_video(desk, made(str(tmp_path / "other.mov")), "other.mov")
    prepare_next(now=timezone.now())
    html = desk.get("/workspace/practice/exercises/tilt/").content.decode()
    assert (f"other.mov is {said}" in html, shown.key in html) == (True, True)
    assert list((tmp_path / "uploads").iterdir()) == []


def test_a_new_video_takes_the_place_of_the_old_one_and_its_files(
    desk, shown, tmp_path, django_capture_on_commit_callbacks
) -> None:
    send_video(desk, film(1.5, name=str(tmp_path / "new.mov")))
    with django_capture_on_commit_callbacks(execute=True):
        prepare_next(now=timezone.now())
    assert (only().key != shown.key, path_of(shown.key, "mp4").exists()) == (True, False)


def test_a_video_of_two_gigabytes_is_refused_before_it_is_read(desk) -> None:
    answer = desk.post(VIDEO, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=2 * 10**9)
    assert (answer.status_code, "too large" in answer.content.decode()) == (413, True)


def tools_that(folder: Path, says: str) -> str:
    """A path on which ffprobe works, and ffmpeg runs this script."""
    tools = folder / "tools"
    tools.mkdir()
    (tools / "ffprobe").symlink_to(shutil.which("ffprobe") or "")
    (tools / "ffmpeg").write_text(f"#!/bin/sh\n{says}\n")
    (tools / "ffmpeg").chmod(0o755)
    return str(tools)


NOT_READY = {
    "no ffmpeg": (str, "not installed"),
    "a full disk": (
        lambda folder: tools_that(folder, "echo 'av_interleaved_write_frame(): No space left on device' >&2"),
        "disk is full",
    ),
}


@pytest.mark.parametrize(("path", "said"), NOT_READY.values(), ids=NOT_READY)
def test_a_video_waits_until_the_machine_is_ready_and_is_not_lost(
    desk, shown, tmp_path, monkeypatch, path, said
) -> None:
    send_video(desk, film(1.5, name=str(tmp_path / "new.mov")), "new.mov")
    now = timezone.now()
    with monkeypatch.context() as bare:
        bare.setenv("PATH", path(tmp_path))
        for hours in range(5):  # more often than a video at fault is tried
            assert prepare_next(now=now + hours * HOUR)
    waits = ExerciseMedia.objects.get(name="new.mov")
    assert (waits.state, waits.tries, said in waits.reason) == ("waiting", 0, True)
    assert shown.key in desk.get("/workspace/practice/exercises/tilt/").content.decode()
    assert not prepare_next(now=now + 4 * HOUR + dt.timedelta(minutes=9))
    prepare_next(now=now + 5 * HOUR)
    waits.refresh_from_db()
    assert (waits.state, waits.reason) == ("ready", "")


def test_a_video_at_which_ffmpeg_is_killed_three_times_is_refused(desk, shown, tmp_path, monkeypatch) -> None:
    send_video(desk, film(1.5, name=str(tmp_path / "new.mov")), "new.mov")
    monkeypatch.setenv("PATH", tools_that(tmp_path, "kill -9 $$"))
    states = []
    for hours in range(3):
        prepare_next(now=timezone.now() + hours * HOUR)
        row = ExerciseMedia.objects.get(name="new.mov")
        states.append((row.state, row.reason[:20]))
    assert states[:2] == [("waiting", "ffmpeg was stopped b")] * 2
    assert states[2] == ("refused", "We tried 3 times to ")
    assert shown.key in desk.get("/workspace/practice/exercises/tilt/").content.decode()


@pytest.mark.parametrize("send", [send_photo, send_video])
def test_a_full_disk_is_said_and_changes_nothing(desk, monkeypatch, send) -> None:
    def full(*_told: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        for writes in ("take", "write"):
            disk.setattr(Folder, writes, full)
        answer = send(desk, encoded(halves(size=(400, 400)), "JPEG"))
    assert (answer.status_code, "disk is full" in answer.content.decode()) == (422, True)
    assert not ExerciseMedia.objects.exists()
    assert not [one for one in Path(settings.MEDIA_ROOT).rglob("*") if one.is_file()]
