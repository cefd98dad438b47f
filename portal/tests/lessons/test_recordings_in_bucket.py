"""Recordings, photos and their removal with a bucket of a real S3 server: also while it cannot be reached."""

from __future__ import annotations

import base64
import datetime as dt
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.audio import accept
from portal.exercises.actions.media import remove
from portal.lesson_editing.actions.silences import find_next_silences
from portal.lessons.actions.uploads import publish_next
from portal.models import ExerciseMedia, Lesson, LessonAudio, RecordingUpload
from portal.recordings.actions import receive
from portal.testing import make_exercise, make_lesson, make_recording
from practice.health import findings
from practice.models import Practitioner
from practice.pictures.actions import set_photo
from practice.pictures.engine import prepare
from practice.storage import leftovers
from practice.storage.chosen import media
from practice.storage.storage_settings import Bucket
from practice.testing import at_work, make_practice, make_practitioner
from practice.tests.pictures.samples import encoded, halves
from practice.tests.storage import s3

pytestmark = [pytest.mark.processes, pytest.mark.django_db]
PAGE, TUS = "/workspace/practice/lessons/floor/recording/", {"tus-resumable": "1.0.0"}
BROKEN = ("down", "wrong key", "gone")


@pytest.fixture(autouse=True)
def bucket(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    monkeypatch.setattr(accept, "SHORTEST_MS", 1000)
    settings.S3 = s3.new_bucket()
    return settings.S3


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


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three seconds of a tone."""
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed")
    path = tmp_path_factory.mktemp("sound") / "tone.wav"
    tone = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=frequency=220:duration=3", str(path)]
    subprocess.run(tone, check=True)
    return path.read_bytes()


def kept() -> list[str]:
    return [one.name for one in media().names()]


def begin(at: Client, size: int) -> Any:
    told = f"filename {base64.b64encode(b'floor.wav').decode()},fingerprint {base64.b64encode(b'f').decode()}"
    headers = {**TUS, "upload-length": str(size), "upload-metadata": told}
    return at.post(f"{PAGE}uploads/", headers=headers)


def patch(at: Client, url: str, content: bytes, offset: int) -> Any:
    headers = {**TUS, "upload-offset": str(offset)}
    return at.patch(url, content, content_type="application/offset+octet-stream", headers=headers)


def upload_of(tess: Practitioner, lesson: Lesson, sound: bytes) -> RecordingUpload:
    made = receive.begin(
        lesson, name="floor.wav", size=len(sound), fingerprint="", by=tess.user, now=timezone.now()
    )
    rest = [sound, b""]
    receive.add_part(made, lambda _most: rest.pop(0), offset=0, now=timezone.now())
    made.refresh_from_db()
    assert made.state == "waiting"
    return made


def test_a_recording_arrives_in_parts_is_prepared_and_its_rests_are_found(
    tess_there: Client, sound: bytes, settings: Any
) -> None:
    url, half = begin(tess_there, len(sound))["Location"], len(sound) // 2
    assert patch(tess_there, url, sound[:half], 0)["Upload-Offset"] == str(half)
    assert begin(tess_there, len(sound))["Location"] == url  # after a closed tab, perhaps on another machine
    assert tess_there.head(url, headers=TUS)["Upload-Offset"] == str(half)
    assert patch(tess_there, url, sound[100:], 100).status_code == 409
    assert patch(tess_there, url, sound[half:], half).status_code == 204
    assert publish_next(now=timezone.now())
    assert RecordingUpload.objects.get().state == "published"
    recording = LessonAudio.objects.get()
    assert kept() == [f"lessons/{recording.sha256}.m4a"]
    assert media().size(recording.file) == recording.size
    assert (find_next_silences(), LessonAudio.objects.get().silences is not None) == (True, True)
    assert not list(Path(settings.VAR_DIR, "work").iterdir())


def test_a_discarded_upload_leaves_nothing(tess_there: Client, sound: bytes) -> None:
    url = begin(tess_there, len(sound))["Location"]
    patch(tess_there, url, sound[:1000], 0)
    assert len(kept()) == 2
    assert (tess_there.delete(url, headers=TUS).status_code, kept()) == (204, [])


@pytest.mark.parametrize("how", BROKEN)
def test_while_the_bucket_is_away_no_part_is_lost_and_it_is_said(
    tess_there: Client, sound: bytes, settings: Any, bucket: Bucket, how: str
) -> None:
    url, half = begin(tess_there, len(sound))["Location"], len(sound) // 2
    patch(tess_there, url, sound[:half], 0)
    settings.S3 = s3.away(bucket, how)
    refused = patch(tess_there, url, sound[half:], half)
    assert (refused.status_code, refused.text.partition(". ")[0]) == (
        503,
        "The place where recordings are kept can’t be reached, so floor.wav could not be stored",
    )
    assert begin(tess_there, len(sound)).status_code == 503
    settings.S3 = bucket
    assert patch(tess_there, url, sound[half:], half)["Upload-Offset"] == str(len(sound))


def test_while_the_bucket_is_away_the_worker_waits_and_the_old_recording_stays(
    tess: Practitioner, lesson: Lesson, sound: bytes, settings: Any, bucket: Bucket
) -> None:
    old = make_recording(lesson)
    upload = upload_of(tess, lesson, sound)
    said, now = "The place where recordings are kept can’t be reached right now.", timezone.now()
    for how in BROKEN:
        settings.S3 = s3.away(bucket, how)
        assert publish_next(now=now)
        upload.refresh_from_db()
        assert (upload.state, upload.tries, upload.reason.startswith(said)) == ("waiting", 0, True)
        assert not find_next_silences()
        now += dt.timedelta(minutes=11)
    settings.S3 = bucket
    assert publish_next(now=now)
    upload.refresh_from_db()
    assert (upload.state, lesson.recordings.count()) == ("published", 2)
    assert media().size(old.file) == old.size


def test_the_bucket_goes_while_the_recording_is_prepared(
    tess: Practitioner, lesson: Lesson, sound: bytes, settings: Any, bucket: Bucket, monkeypatch: Any
) -> None:
    from portal.lessons.actions import recordings

    old, upload = make_recording(lesson), upload_of(tess, lesson, sound)
    publish = recordings.publish

    def then_away(*args: Any, **more: Any) -> Any:
        ready = publish(*args, **more)
        settings.S3 = s3.away(bucket, "down")
        return ready

    monkeypatch.setattr(recordings, "publish", then_away)
    publish_next(now=timezone.now())
    upload.refresh_from_db()
    assert (upload.state, LessonAudio.objects.get(is_current=True)) == ("waiting", old)
    settings.S3 = bucket
    assert upload.file in {name.rpartition("/")[0] for name in kept()}


@pytest.mark.parametrize("how", BROKEN)
def test_a_photo_that_cannot_be_stored_changes_nothing_and_it_is_said(
    tess: Practitioner, settings: Any, bucket: Bucket, how: str
) -> None:
    set_photo(tess, prepare.photo(encoded(halves(), "PNG")))
    before, exercise, there = tess.photo, make_exercise(), at_work(tess.user)
    settings.S3 = s3.away(bucket, how)
    there.raise_request_exception = False
    sent = SimpleUploadedFile("a.jpg", encoded(halves(size=(640, 480)), "JPEG"))
    answer = there.post(
        f"/workspace/practice/exercises/{exercise.slug}/photos/", {"photo": sent, "photo_words": "A knee."}
    )
    assert "The place where photos and videos are kept can’t be reached" in answer.text
    sent.seek(0)
    answer = there.post(reverse("workspace_own_photo"), {"photo": sent})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert there.get(f"/pictures/people/{before}-512.webp").status_code == 503
    assert (ExerciseMedia.objects.count(), Practitioner.objects.get(pk=tess.pk).photo) == (0, before)
    settings.S3 = bucket
    answer = there.get(f"/pictures/people/{before}-512.webp")
    assert (answer.status_code, answer["Content-Length"]) == (200, str(len(answer.getvalue())))


def test_a_video_is_seen_by_a_link_and_its_picture_comes_from_the_portal(tess_there: Client) -> None:
    row = make_exercise().media.create(kind="video", state="ready", key="a" * 32, duration_ms=30_000)
    for ending in ("mp4", "webp"):
        media().write(f"exercises/{row.key}.{ending}", ending.encode() * 1000)
    video, picture = (
        tess_there.get(reverse("portal_exercise_media", args=[row.key, ending])) for ending in ("mp4", "webp")
    )
    status, headers, body = s3.ask(video["Location"], Range="bytes=0-2")
    assert (status, headers["content-type"], body) == (206, "video/mp4", b"mp4")
    assert (picture.status_code, picture["Content-Type"], picture.getvalue()) == (
        200,
        "image/webp",
        b"webp" * 1000,
    )
    known = {"if-none-match": picture["ETag"]}
    assert (
        tess_there.get(reverse("portal_exercise_media", args=[row.key, "webp"]), headers=known).status_code
        == 304
    )
    assert Client().get(reverse("portal_exercise_media", args=[row.key, "mp4"])).status_code == 401


def test_the_page_of_a_recording_plays_from_the_bucket_too(tess_there: Client, settings: Any) -> None:
    """It has a policy of its own, for what is heard before it is sent."""
    settings.RECORDINGS_FROM = [settings.S3.origin]
    policy = tess_there.get(PAGE)["Content-Security-Policy"]
    assert f"media-src 'self' {settings.S3.origin} blob:;" in f"{policy};"


def test_what_could_not_be_removed_is_removed_later(
    tess: Practitioner, settings: Any, bucket: Bucket, django_capture_on_commit_callbacks: Any
) -> None:
    row = make_exercise().media.create(kind="photo", key="a" * 32)
    for name in (f"exercises/{row.key}.webp", "exercises/other.webp", "elsewhere/file", "uploads/x/000-y"):
        media().write(name, b"picture")
    row.exercise.media.create(kind="photo", key="other")
    now, later = timezone.now(), timezone.now() + leftovers.AGE + dt.timedelta(minutes=1)
    assert leftovers.remove_leftovers(later, dry=True) == 1  # an upload without a row
    settings.S3 = s3.away(bucket, "down")
    with django_capture_on_commit_callbacks(execute=True):
        remove(row)
    settings.S3 = bucket
    assert leftovers.remove_leftovers(now) == 0
    assert leftovers.remove_leftovers(later) == 2
    assert kept() == ["elsewhere/file", "exercises/other.webp"]


@pytest.mark.parametrize(("how", "id"), [("down", "W014"), ("wrong key", "E005"), ("gone", "E005")])
def test_the_checks_and_the_health_page_name_what_is_wrong(
    settings: Any, bucket: Bucket, capsys: Any, how: str, id: str
) -> None:
    make_practice()
    assert findings.look("storage", timezone.now()).state == findings.State.WELL
    settings.S3 = s3.away(bucket, how)
    found = findings.look("storage", timezone.now())
    assert (found.state, settings.S3.name in found.says) == (findings.State.DOWN, True)
    if id.startswith("W"):  # it may come back: the start is not stopped
        call_command("check")
        said = capsys.readouterr().err
    else:
        with pytest.raises(SystemCheckError) as error:
            call_command("check")
        said = str(error.value)
    assert (f"practice.{id}" in said, settings.S3.name in said) == (True, True)


def test_the_policy_names_the_bucket_for_sound_and_nothing_else() -> None:
    code = "import json; from practice import settings; policy = settings.CONTENT_SECURITY_POLICY"
    code += "; print(json.dumps(policy['DIRECTIVES']))"
    said = {}
    for links in ("on", "off"):
        environ = {
            **s3.own_environ(),
            **s3.keys(s3.server()),
            "S3_BUCKET": "portal-files",
            "S3_SIGNED_LINKS": links,
        }
        said[links] = s3.printed(code, environ)
    origin = s3.server().endpoint
    assert {name for name, sources in said["on"].items() if sources != said["off"][name]} == {"media-src"}
    assert said["on"]["media-src"] == ["'self'", origin]
