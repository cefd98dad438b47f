"""The page of a lesson's recording, what Today says of it, and what a new recording takes over."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
import subprocess
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from portal.audio import accept, publish
from portal.audio.carry import marks
from portal.audio.position import at_place
from portal.audio.progress import Step
from portal.audio.refusals import DiskFull
from portal.lessons.actions import uploads
from portal.lessons.actions.uploads import publish_next, receive
from portal.models import Chapter, Cue, Lesson, LessonAudio, PracticeEntry, RecordingUpload
from portal.practice_log.queries import last_of, resume_point
from portal.queries import ReplacedRecording, outline, replaced_by
from portal.testing import assign, make_lesson, make_recording
from practice.models import Practitioner, User
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = [pytest.mark.engines, pytest.mark.django_db, pytest.mark.long]  # ffmpeg encodes
NOW = dt.datetime(2027, 3, 1, 12, 0, tzinfo=dt.UTC)
PAGE = "/workspace/practice/lessons/floor/recording/"
MIN = 60_000


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three seconds are cheap to prepare."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr(accept, "SHORTEST_MS", 1000)
    return tmp_path


@pytest.fixture
def tess(db: None) -> Practitioner:
    make_practice()
    return make_practitioner()


@pytest.fixture
def lesson(tess: Practitioner) -> Lesson:
    return make_lesson()


@pytest.fixture
def desk(tess: Practitioner, lesson: Lesson) -> Client:
    return at_work(tess.user)


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    path = tmp_path / "tone.wav"
    made = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "sine=frequency=220:duration=3", str(path)]
    subprocess.run(made, check=True)
    return path


def sent(desk: Client, name: str, content: bytes) -> RecordingUpload:
    desk.post(PAGE, {"recording": SimpleUploadedFile(name, content)})
    return RecordingUpload.objects.get(name=name)


def shown(desk: Client, page: str = PAGE) -> str:
    return desk.get(page).content.decode()


def test_step_and_percent_are_shown_while_the_worker_works(
    desk: Client, tone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload, pages, steps = sent(desk, "tone.wav", tone.read_bytes()), [], []
    write = uploads._Progress.__call__

    def looked_at(self: Any, step: Step, percent: int) -> None:
        write(self, step, percent)
        if step not in steps:
            steps.append(step)
            pages.append(shown(desk))

    monkeypatch.setattr(uploads._Progress, "__call__", looked_at)
    publish_next(now=NOW)
    upload.refresh_from_db()
    assert (upload.state, steps) == ("published", list(Step))
    assert "Measuring how loud it is: 6 %" in pages[1]
    assert '<progress max="100" value="15"' in pages[2]
    assert "tone.wav" not in shown(desk)


def test_a_refused_recording_is_on_today_until_it_is_dismissed(desk: Client, lesson: Lesson) -> None:
    good = make_recording(lesson)
    upload = sent(desk, "holiday.wav", b"a film, really" * 100)
    publish_next(now=NOW)
    assert "holiday.wav is not an audio file that we can read" in shown(desk)
    assert "The new recording of “Floor” could not be used" in shown(desk, "/workspace/")
    front = at_work(make_user("Faye Ott", role=User.Role.FRONT_DESK))
    assert "could not be used" not in shown(front, "/workspace/")
    desk.post(f"{PAGE}uploads/{upload.pk}/done/", {"from": "today"})
    assert "holiday.wav" not in shown(desk) + shown(desk, "/workspace/")
    assert lesson.recordings.get(is_current=True) == good


def test_a_full_disk_while_publishing_waits_with_a_sentence_and_is_asked_about_again_once_refused(
    desk: Client, tone: Path, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, upload = make_recording(lesson), sent(desk, "tone.wav", tone.read_bytes())

    def full(*_args: object, **_more: object) -> None:
        raise DiskFull

    with monkeypatch.context() as disk:
        disk.setattr(publish, "_keep", full)
        publish_next(now=NOW)
    assert "has to wait" in shown(desk, "/workspace/")
    assert "we&#x27;ll try again every 10 minutes" in shown(desk)
    desk.post(f"{PAGE}uploads/{upload.pk}/done/")
    upload.refresh_from_db()
    assert (upload.state, "has to wait" in shown(desk, "/workspace/")) == ("waiting", False)
    uploads.finish(upload, RecordingUpload.State.REFUSED, "We tried 3 times.")
    assert "We tried 3 times." in shown(desk, "/workspace/")
    assert lesson.recordings.get(is_current=True) == good


def test_a_film_of_two_gigabytes_is_refused_in_words_and_not_kept(
    desk: Client, lesson: Lesson, tess: Practitioner, media: Path
) -> None:
    film = SimpleUploadedFile("film.mov", b"x")
    film.size = 2_000_000_000
    with pytest.raises(uploads.TooLarge, match=r"film\.mov is larger than 500 MB.*The lesson is unchanged"):
        receive(lesson, film, by=tess.user)
    assert 'data-most="500000000"' in shown(desk)
    assert not [path for path in media.rglob("*") if path.is_file()]


def test_the_microphone_is_allowed_on_this_page_alone(desk: Client) -> None:
    here, elsewhere = desk.get(PAGE), desk.get("/workspace/")
    assert "microphone=(self)" in here["Permissions-Policy"]
    assert "media-src 'self' blob:" in here["Content-Security-Policy"]
    assert "microphone=()" in elsewhere["Permissions-Policy"]
    assert "blob:" not in elsewhere["Content-Security-Policy"]


def words(recording: LessonAudio, *starts: int) -> None:
    for number, start in enumerate(starts):
        Chapter.objects.create(audio=recording, start_ms=start, title=f"Part {number}")
        Cue.objects.create(audio=recording, start_ms=start, end_ms=start + 1000, text="Lie down.")


@pytest.mark.parametrize(("lasts", "place", "to_check"), [(11_201, 2_000, False), (22_400, 4_000, True)])
def test_chapters_and_transcript_come_along(
    lesson: Lesson, tess: Practitioner, tone: Path, desk: Client, lasts: int, place: int, to_check: bool
) -> None:
    """The new recording lasts 11.2 seconds with its bell; the one before as long, or twice as long."""
    words(make_recording(lesson, duration_ms=lasts), 0, place)
    receive(lesson, SimpleUploadedFile("tone.wav", tone.read_bytes()), by=tess.user)
    publish_next(now=NOW)
    new = lesson.recordings.get(is_current=True)
    assert [one.start_ms for one in new.chapters.all()] == pytest.approx([0, 2_000], abs=30)
    assert [one.text for one in new.cues.all()] == ["Lie down."] * 2
    assert (new.times_to_check, "Please check these times" in shown(desk)) == (to_check, to_check)
    desk.post(f"{PAGE}times/")
    assert "Please check these times" not in shown(desk)


def test_a_place_is_found_in_a_new_voice_by_its_chapter(lesson: Lesson) -> None:
    old = make_recording(lesson, content=b"old", duration_ms=20 * MIN)
    words(old, 0, 10 * MIN)
    ann = make_user("Ann")
    PracticeEntry.objects.create(
        client=ann, lesson=lesson, recording=old, since=NOW, started_at=NOW, last_at=NOW, stopped_ms=15 * MIN
    )
    new = make_recording(lesson, content=b"new", duration_ms=40 * MIN)
    words(new, 0, 30 * MIN)
    assert last_of(ann, lesson.pk).stop.at_ms == 15 * MIN
    assert [resume_point(ann, one).stop.at_ms for one in (old, new)] == [15 * MIN, 35 * MIN]
    assert replaced_by(new) == {old.pk: ReplacedRecording(old.sha256, outline(old))}
    assert marks(outline(old), outline(new)) == [(0, 0), (10 * MIN, 30 * MIN), (20 * MIN, 40 * MIN)]
    browser = Client()
    assign(lesson, ann, by=Practitioner.objects.get())
    browser.force_login(ann)
    shown = unescape(browser.get("/portal/lessons/floor/").content.decode())
    assert f'data-moved="{{"{old.sha256}": [[0.0, 0.0], [600.0, 1800.0], [1200.0, 2400.0]]}}"' in shown
    assert f'data-last-at="{35 * 60}"' in shown


@pytest.mark.parametrize(("content", "at"), [(b"old", 35), (b"new", 15), (b"never heard of", 15)])
def test_a_link_in_an_email_leads_to_the_same_place_of_a_new_recording(
    lesson: Lesson, content: bytes, at: int
) -> None:
    words(make_recording(lesson, content=b"old", duration_ms=20 * MIN), 0, 10 * MIN)
    words(make_recording(lesson, content=b"new", duration_ms=40 * MIN), 0, 30 * MIN)
    ann, browser = make_user("Ann"), Client()
    assign(lesson, ann, by=Practitioner.objects.get())
    browser.force_login(ann)
    link = at_place("/portal/lessons/floor/", 15 * MIN, sha256=hashlib.sha256(content).hexdigest())

    assert f'data-at="{at * 60}"' in browser.get(link).content.decode()


def test_ffmpeg_killed_while_its_progress_is_followed_waits(
    desk: Client, tone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "ffprobe").symlink_to(shutil.which("ffprobe") or "")
    (tools / "ffmpeg").write_text("#!/bin/sh\necho out_time_us=1000\nkill -9 $$\n")
    (tools / "ffmpeg").chmod(0o755)
    upload = sent(desk, "tone.wav", tone.read_bytes())
    monkeypatch.setenv("PATH", str(tools))
    publish_next(now=NOW)
    upload.refresh_from_db()
    assert (upload.state, upload.reason.partition(".")[0]) == (
        "waiting",
        "ffmpeg was stopped before the recording was ready",
    )
