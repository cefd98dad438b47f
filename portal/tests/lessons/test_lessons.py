"""Lesson pages: what stands before, in and after; who may open them; recordings replaced."""

import datetime as dt
import json
import re
from urllib.parse import unquote

import pytest
from django.core.management import CommandError, call_command

from portal.audio.publish import Published
from portal.audio.refusals import CannotPublish
from portal.audio.transcript import ChapterMark, TranscriptSentence, clock, parts
from portal.lessons.access import may_hear
from portal.lessons.actions.recordings import install_folder, install_recording, publish_audio
from portal.models import Assignment, LessonAudio
from portal.testing import assign, make_lesson, make_recording
from practice.testing import make_practice, make_practitioner, make_user

pytestmark = pytest.mark.engines

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
CUES = [{"start_ms": 0, "end_ms": 900, "text": "Lie down."}]
CHAPTERS = [{"start_ms": 0, "title": "How you lie"}]


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def free(db, media):
    make_practice()
    lesson = make_lesson(
        "floor",
        title="Let the floor hold you",
        is_free=True,
        guidelines="## Slowly\n\nSo slowly.\n\n## Less\n\nThan you can.",
        expectations="## If it began a few days ago\n\nSome get up lighter.",
        what_happened="A back that hurts holds itself up.",
    )
    make_recording(lesson)
    return lesson


def page(client, path):
    return client.get(path).content.decode()


# --- Who --------------------------------------------------------------------------------------------
def test_a_free_lesson_sets_no_cookie(client, free):
    answer = client.get("/lessons/floor/")
    assert (answer.status_code, len(answer.cookies)) == (200, 0)


@pytest.mark.parametrize(
    ("who", "status"), [(None, 404), ("ann", 200), ("ben", 404), ("zoe", 404), ("tess", 200)]
)
@pytest.mark.parametrize("path", ["/lessons/hips/", "/lessons/hips/floor/"])
def test_a_lesson_that_is_not_free(client, free, who, status, path):
    lesson, tess = make_lesson("hips"), make_practitioner()
    people = {"ann": make_user("Ann"), "ben": make_user("Ben"), "zoe": make_user("Zoe"), "tess": tess.user}
    assign(lesson, people["ann"], by=tess)
    assign(lesson, people["ben"], by=tess, ended_at=NOW)
    if who:
        client.force_login(people[who])
    assert client.get(path).status_code == status


@pytest.mark.parametrize("who", [None, "ann"])
def test_a_free_lesson_can_be_given_away_and_its_link_is_the_public_page(client, free, settings, who):
    settings.SITE_URL = "https://juniper.example"
    if who:
        assign(free, ann := make_user("Ann"), by=make_practitioner(), word="Half of it, Ann.")
        client.force_login(ann)
    path = "/portal/lessons/floor/" if who else "/lessons/floor/"
    link = "https://juniper.example/lessons/floor/"
    html = page(client, path)
    assert html.count(f'data-copy="{link}"') == 1
    (mail,) = re.findall(r'href="(mailto:[^"]+)"[^>]*>.{0,200}Send this lesson', html, re.S)
    assert link in unquote(mail)
    assert "Ann" not in unquote(mail)


def test_a_lesson_that_is_not_free_has_no_link_to_give_away(client, free):
    assign(free, ann := make_user("Ann"), by=make_practitioner())
    client.force_login(ann)
    type(free).objects.update(is_free=False)
    html = page(client, "/portal/lessons/floor/")
    words = ("Come back another day", "data-copy=", "Send this lesson")
    assert [one for one in words if one in html] == ["Come back another day"]


def test_a_free_lesson_that_was_assigned_is_the_clients_own(client, free):
    ann = make_user("Ann")
    client.force_login(ann)
    before = page(client, "/portal/lessons/floor/")
    assign(free, ann, by=make_practitioner())
    after = page(client, "/portal/lessons/floor/")
    assert ["A free lesson" in said for said in (before, after)] == [True, False]
    assert "A lesson for you" in after


def test_an_emails_link_leads_through_signing_in_to_the_lesson(client, free):
    assert client.get("/portal/lessons/floor/").headers["Location"].endswith("?next=/portal/lessons/floor/")


def test_a_lesson_assigned_but_not_published_waits(db):
    lesson, tess, ann = make_lesson("hips", is_published=False), make_practitioner(), make_user("Ann")
    assign(lesson, ann, by=tess)
    assert (may_hear(ann, lesson), may_hear(tess.user, lesson)) == (False, True)


def test_someone_who_left_hears_nothing_by_having_worked_here(db):
    tess = make_practitioner()
    tess.user.is_active = False
    assert not may_hear(tess.user, make_lesson("hips"))


# --- What stands on the page -------------------------------------------------------------------------
def test_before_the_player_after_it(client, free):
    html = page(client, "/lessons/floor/")
    order = [
        "So slowly.",
        "Some get up lighter.",
        "see a doctor first",
        "<audio",
        "holds itself up",
        "mailto:",
    ]
    places = [html.index(words) for words in order]
    assert places == sorted(places)


def test_the_lesson_can_be_heard_without_a_script(client, free):
    html = page(client, "/lessons/floor/")
    sha256 = free.recordings.get().sha256
    sound = html[html.index("<audio") :].split(">")[0]
    assert (
        " controls " in sound,
        'preload="metadata"' in sound,
        f"/lessons/floor/audio/{sha256}.m4a" in sound,
    ) == (
        True,
        True,
        True,
    )


def test_the_keys_wait_for_the_script(client, free):
    html = page(client, "/lessons/floor/")
    assert html.count("data-keys hidden") == html.count("data-keys")


@pytest.mark.parametrize("path", ["/lessons/floor/", "/lessons/floor/floor/"])
def test_a_lost_recording_is_a_sentence(client, free, media, path):
    (media / free.recordings.get().file).unlink()
    html = page(client, path)
    assert ("isn’t available right now" in html, "<audio" in html) == (True, False)


def test_a_lesson_without_a_recording_is_a_sentence(client, free):
    free.recordings.all().delete()
    assert "isn’t available right now" in page(client, "/lessons/floor/")


def test_a_row_that_points_out_of_the_media_folder_opens_nothing(client, free):
    free.recordings.update(file="../secret_key")
    sha256 = free.recordings.get().sha256
    assert client.get(f"/lessons/floor/audio/{sha256}.m4a").status_code == 404


def test_the_words_can_be_read(client, free, tmp_path):
    file = tmp_path / "new.m4a"
    file.write_bytes(b"new")
    install_recording(free, file=file, cues=CUES, chapters=CHAPTERS, duration_ms=60_000)
    html = page(client, "/lessons/floor/")
    assert html.index("How you lie") < html.index(">Lie down.</span></p>")


def test_text_of_the_practice_cannot_run(client, free):
    free.what_happened = free.guidelines = "<script>alert(1)</script>"
    free.title = "<script>alert(2)</script>"
    free.save()
    assert "<script>alert" not in page(client, "/lessons/floor/")


def test_the_page_says_its_floor_mode_in_the_dark(client, free):
    assert 'data-theme="dark" data-room="floor"' in page(client, "/lessons/floor/floor/")


def test_two_people_on_one_phone_have_each_their_place(client, free):
    places = set()
    for person in (make_user("Ann"), make_user("Ben")):
        client.force_login(person)
        places.add(page(client, "/lessons/floor/").split('data-place="')[1].split('"')[0])
    assert len(places) == 2


# --- The list ----------------------------------------------------------------------------------------
def test_the_list_shows_what_is_free_and_nothing_else(client, free):
    make_lesson("hips", title="Let the hips be wide")
    make_lesson("draft", title="A draft", is_free=True, is_published=False)
    html = page(client, "/lessons/")
    assert [words in html for words in (free.title, "Let the hips be wide", "A draft")] == [
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("count", [1, 30])
def test_the_list_costs_the_same_for_many(client, db, media, django_assert_num_queries, count):
    make_practice()
    for number in range(count):
        make_recording(make_lesson(f"n{number}", is_free=True), f"{number}".encode())
    with django_assert_num_queries(3):  # lessons with their recordings, collections, the practice
        client.get("/lessons/")


def test_an_unknown_region_on_a_row_is_left_out(client, free):
    free.regions = ["low-back", "tail"]
    free.save(update_fields=["regions"])
    assert "Low back" in page(client, "/lessons/")


# --- Recordings --------------------------------------------------------------------------------------
def test_a_new_recording_has_a_new_address_and_the_old_one_plays_on(client, free):
    old = free.recordings.get()
    new = make_recording(free, b"another")
    addresses = [f"/lessons/floor/audio/{one.sha256}.m4a" for one in (old, new)]
    html = page(client, "/lessons/floor/")
    assert [(address in html, client.get(address).status_code) for address in addresses] == [
        (False, 200),
        (True, 200),
    ]


def test_a_recording_withdrawn_is_gone(client, free):
    old = free.recordings.get()
    make_recording(free, b"another")
    old.delete()
    assert client.get(f"/lessons/floor/audio/{old.sha256}.m4a").status_code == 404


def test_installing_the_same_again_keeps_one_row_and_writes_its_words_again(db, media, tmp_path):
    lesson, file = make_lesson(), tmp_path / "a.m4a"
    file.write_bytes(b"same")
    for _ in range(2):
        recording = install_recording(lesson, file=file, cues=CUES, chapters=CHAPTERS, duration_ms=1000)
    assert (LessonAudio.objects.count(), recording.cues.count(), recording.chapters.count()) == (1, 1, 1)


def test_going_back_to_an_older_recording_makes_it_current(db, media, tmp_path):
    lesson, file = make_lesson(), tmp_path / "a.m4a"
    for content in (b"one", b"two", b"one"):
        file.write_bytes(content)
        last = install_recording(lesson, file=file, cues=(), chapters=(), duration_ms=1000)
    assert (lesson.recordings.count(), lesson.recordings.get(is_current=True)) == (2, last)


def test_a_file_is_kept_under_the_name_of_its_content(db, media, tmp_path):
    file = tmp_path / "Ann's lesson.m4a"
    file.write_bytes(b"content")
    recording = install_recording(make_lesson(), file=file, cues=(), chapters=(), duration_ms=1000)
    kept = [path.name for path in (media / "lessons").iterdir()]
    assert kept == [f"{recording.sha256}.m4a"]


def test_a_copy_that_fails_leaves_nothing(db, media, tmp_path):
    with pytest.raises(FileNotFoundError):
        install_recording(make_lesson(), file=tmp_path / "none", cues=(), chapters=(), duration_ms=1)
    assert (list((media / "lessons").iterdir()), LessonAudio.objects.count()) == ([], 0)


def prepared(folder, content=b"sound", sha256=None):
    from hashlib import sha256 as digest

    folder.mkdir()
    (folder / "audio.m4a").write_bytes(content)
    facts = {
        "sha256": sha256 or digest(content).hexdigest(),
        "duration_ms": 60_000,
        "size": 5,
    }
    for name, rows in (("audio", facts), ("cues", CUES), ("chapters", CHAPTERS)):
        (folder / f"{name}.json").write_text(json.dumps(rows))
    return folder


def test_a_prepared_folder_is_installed_with_its_words(db, media, tmp_path):
    recording = install_folder(make_lesson(), folder=prepared(tmp_path / "lesson"))
    assert (recording.duration_ms, recording.cues.get().text) == (60_000, "Lie down.")


def test_a_folder_whose_parts_do_not_belong_together_is_refused(db, media, tmp_path):
    with pytest.raises(CannotPublish, match="is not the recording"):
        install_folder(make_lesson(), folder=prepared(tmp_path / "lesson", sha256="0" * 64))


def test_publishing_prepares_the_file_and_makes_it_current(db, media, tmp_path, monkeypatch):
    asked = {}

    def prepare(source, *, target_dir, bell, name):
        asked.update(source=source, bell=bell, name=name)
        (target_dir / "f.m4a").write_bytes(b"x")
        return Published(target_dir / "f.m4a", "f" * 64, 5000, 1)

    monkeypatch.setattr("portal.lessons.actions.recordings.publish", prepare)
    recording = publish_audio(make_lesson(), source=tmp_path / "voice.wav", name="Mine.wav")
    assert (asked, recording.duration_ms, recording.is_current) == (
        {"source": tmp_path / "voice.wav", "bell": True, "name": "Mine.wav"},
        5000,
        True,
    )


def test_a_refused_file_leaves_the_old_recording_playing(db, media, tmp_path):
    lesson = make_lesson()
    recording = make_recording(lesson)
    broken = tmp_path / "broken.wav"
    broken.write_bytes(b"no sound at all")
    with pytest.raises(CannotPublish):
        publish_audio(lesson, source=broken)
    assert lesson.recordings.get(is_current=True) == recording


def test_the_command_names_the_lessons_there_are(db, tmp_path):
    make_lesson("floor")
    with pytest.raises(CommandError, match="Known lessons: floor"):
        call_command("publish_lesson", str(tmp_path), lesson="hips")


def test_the_command_says_a_refusal_in_words(db, media, tmp_path):
    make_lesson("floor")
    with pytest.raises(CommandError, match="is not a prepared lesson"):
        call_command("publish_lesson", str(tmp_path), lesson="floor")


def test_the_command_installs_a_folder(db, media, tmp_path, capsys):
    make_lesson("floor", title="Let the floor hold you")
    call_command("publish_lesson", str(prepared(tmp_path / "lesson")), lesson="floor")
    assert capsys.readouterr().out.startswith("“Let the floor hold you” now plays lessons/")


def test_unassigning_keeps_the_row(db):
    one = assign(make_lesson(), make_user("Ann"), by=make_practitioner(), ended_at=NOW)
    assert Assignment.objects.get() == one


# --- The words of a recording, as a text ----------------------------------------------------------------
def texts(part):
    return tuple(" ".join(one.text for one in paragraph.sentences) for paragraph in part.paragraphs)


def test_a_rest_begins_a_paragraph():
    said = [
        TranscriptSentence(0, 1000, "One."),
        TranscriptSentence(1500, 2000, "Two."),
        TranscriptSentence(9000, 9500, "Three."),
    ]
    assert texts(parts([ChapterMark(0, "A")], said)[0]) == ("One. Two.", "Three.")


def test_a_sentence_belongs_where_it_begins():
    said = [TranscriptSentence(0, 5000, "One."), TranscriptSentence(4000, 6000, "Two.")]
    assert [texts(part) for part in parts([ChapterMark(0, "A"), ChapterMark(4000, "B")], said)] == [
        ("One.",),
        ("Two.",),
    ]


def test_what_is_said_before_the_first_chapter_is_kept():
    found = parts(
        [ChapterMark(1500, "A")],
        [TranscriptSentence(0, 1000, "Welcome."), TranscriptSentence(2000, 3000, "Lie.")],
    )
    assert [(part.title, texts(part)) for part in found] == [("", ("Welcome.",)), ("A", ("Lie.",))]


@pytest.mark.parametrize(
    ("marks", "said"), [([], []), ([], [TranscriptSentence(0, 1, "One.")]), ([ChapterMark(0, "A")], [])]
)
def test_something_missing_is_no_error(marks, said):
    assert len(parts(marks, said)) == max(len(marks), len(said))


@pytest.mark.parametrize(("ms", "words"), [(0, "0:00"), (460_999, "7:40"), (3_600_000, "1:00:00")])
def test_clock(ms, words):
    assert clock(ms) == words
