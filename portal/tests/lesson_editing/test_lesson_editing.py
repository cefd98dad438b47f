"""Lessons in the workspace: texts and drafts, publish and withdraw, chapters and transcript, collections."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.lesson_editing.actions.silences import find_next_silences
from portal.lesson_editing.actions.texts import withdraw
from portal.lesson_editing.texts import version_of
from portal.models import Chapter, Cue, Lesson, LessonAudio, LessonChange
from portal.testing import assign, make_collection, make_lesson, make_recording
from practice.testing import at_work, make_practice, make_practitioner, make_user

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.engines(
        "portal.lesson_editing.actions.texts",
        "portal.lesson_editing.actions.marks",
        "portal.lesson_editing.actions.collections",
        "portal.lesson_editing.queries",
        "portal.lesson_editing.texts",
        "portal.lesson_editing.access",
    ),
]
JSON = {"accept": "application/json"}
GUIDELINES = "## Slowly\n\nNever into pain."


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_practice()


@pytest.fixture
def tess():
    return make_practitioner()


@pytest.fixture
def work(tess) -> Client:
    return at_work(tess.user)


@pytest.fixture
def lesson() -> Lesson:
    return make_lesson("floor", title="Floor", guidelines=GUIDELINES)


def at(name: str, *arguments: str) -> str:
    return reverse(f"workspace_{name}", args=arguments)


def typed(lesson: Lesson, **changed: object) -> dict[str, object]:
    """The form of the texts as the page shows it, with what was typed."""
    lesson.refresh_from_db()
    names = ("title", "standfirst", "position", "things", "regions", "guidelines", "expectations")
    shown = {name: getattr(lesson, name) for name in (*names, "what_happened", "voice")}
    return {**shown, "is_free": "free" if lesson.is_free else "", "version": version_of(lesson), **changed}


def main_of(answer) -> str:
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


# --- Texts -----------------------------------------------------------------------------------------------
def test_changes_to_a_published_lesson_wait_until_they_are_published(work, lesson, tess, client):
    ann = make_user("Ann")
    assign(lesson, ann, by=tess)
    client.force_login(ann)
    page = at("lesson", "floor")
    work.post(page, typed(lesson, title="The floor holds", do="save"))
    assert "Floor" in client.get("/portal/lessons/floor/").content.decode()
    assert "The floor holds" not in client.get("/portal/lessons/floor/").content.decode()
    assert "The floor holds" in main_of(work.get(at("lesson_preview", "floor")))
    make_recording(lesson)
    work.post(page, typed(lesson, title="The floor holds", do="publish"))
    assert "The floor holds" in client.get("/portal/lessons/floor/").content.decode()
    assert [one.what for one in LessonChange.objects.all()] == ["changes", "saved"]


def test_a_lesson_is_published_only_with_what_clients_need(work):
    work.post(at("lesson_new"), {"title": "New", "position": "", "is_free": ""})
    made = Lesson.objects.get()
    assert (made.slug, made.is_published) == ("new-2", False)  # /lessons/new/ is another page
    page = at("lesson", made.slug)
    answer = work.post(page, typed(made, standfirst="Soft.", do="publish"), follow=True)
    assert "clients also need the position, guidelines, and a recording" in answer.content.decode()
    made.refresh_from_db()
    assert (made.is_published, made.standfirst) == (False, "Soft.")
    make_recording(made)
    work.post(page, typed(made, position="lying", guidelines=GUIDELINES, do="publish"))
    made.refresh_from_db()
    assert made.is_published


def test_what_two_people_write_at_once_is_shown_to_the_second_and_lost_by_neither(work, lesson):
    mine = typed(lesson, standfirst="Mine.")
    work.post(at("lesson", "floor"), typed(lesson, standfirst="Theirs.", do="save"))
    answer = work.post(at("lesson", "floor"), {**mine, "do": "publish"})
    assert answer.status_code == 422
    assert "Theirs." in main_of(answer)
    assert "Mine.</textarea>" in answer.content.decode()
    lesson.refresh_from_db()
    assert lesson.draft["texts"]["standfirst"] == "Theirs."
    seen = re.search(r'name="version" value="(\w+)"', answer.content.decode())[1]
    work.post(at("lesson", "floor"), {**mine, "version": seen, "do": "save"})
    lesson.refresh_from_db()
    assert lesson.draft["texts"]["standfirst"] == "Mine."


def test_a_draft_saves_itself_unless_the_lesson_was_changed(work, lesson):
    page, first = at("lesson", "floor"), typed(lesson, voice="Tess speaks.")
    said = json.loads(work.post(page, first, headers=JSON).content)
    assert set(said) == {"version", "saved"}
    again = work.post(page, {**first, "version": said["version"], "voice": "Tess."}, headers=JSON)
    assert again.status_code == 200
    assert work.post(page, first, headers=JSON).status_code == 409
    long = work.post(page, {**first, "title": "x" * 121}, headers=JSON)
    assert (long.status_code, list(json.loads(long.content)["error"]["fields"])) == (422, ["title"])
    lesson.refresh_from_db()
    assert (lesson.voice, lesson.draft["texts"]["voice"]) == ("", "Tess.")
    assert not LessonChange.objects.exists()


def test_a_draft_says_when_the_published_texts_were_changed_behind_it(work, lesson):
    work.post(at("lesson", "floor"), typed(lesson, voice="Tess.", do="save"))
    Lesson.objects.update(things="a mat of the back office")
    assert "a mat of the back office" in main_of(work.get(at("lesson", "floor")))


def test_the_preview_shows_safe_words_and_keeps_nothing(work, lesson):
    before = version_of(lesson)
    words = {"title": "Ha", "guidelines": "## Rest\n\n<script>x</script> **now**", "regions": ["nowhere"]}
    answer = work.post(at("lesson_words", "floor"), words).content.decode()
    assert "<strong>now</strong>" in answer
    assert "<h3>Rest</h3>" in answer
    assert "<script>" not in answer
    page = work.post(at("lesson", "floor"), {**words, "do": "preview"})
    assert "<strong>now</strong>" in main_of(page)
    sent = work.post(at("lesson_preview", "floor"), {"noticing": "Nothing of this."})
    assert "nothing was saved" in main_of(sent)
    lesson.refresh_from_db()
    assert version_of(lesson) == before


def test_pages_are_for_those_who_teach(lesson, tess):
    desk = at_work(make_user("Faye", role="front_desk"))
    assert desk.get(at("lessons")).status_code == 200
    assert desk.get(at("lesson", "floor")).status_code == 404
    assert desk.post(at("lesson_words", "floor")).status_code == 404
    assert desk.post(at("lesson_withdraw", "floor")).status_code == 404


# --- Withdraw --------------------------------------------------------------------------------------------
def test_a_withdrawn_lesson_is_explained_to_those_who_had_it_alone(work, lesson, tess, client):
    make_recording(lesson)
    ann, ben = make_user("Ann"), make_user("Ben")
    assign(lesson, ann, by=tess)
    question = main_of(work.get(at("lesson_withdraw", "floor")))
    assert "1 client has it" in question
    work.post(at("lesson_withdraw", "floor"))
    client.force_login(ann)
    for path in ("/portal/lessons/floor/", "/lessons/floor/", "/lessons/floor/floor/"):
        answer = client.get(path)
        assert answer.status_code == 410
        assert "Tess has taken this lesson back for now" in main_of(answer)
    client.force_login(ben)
    assert client.get("/portal/lessons/floor/").status_code == 404
    assert Client().get("/lessons/floor/").status_code == 404
    listed = main_of(work.get(at("lessons")))
    assert "Ready to publish again" in listed.partition("Withdrawn")[2]
    work.post(at("lesson", "floor"), typed(lesson, do="publish"))
    client.force_login(ann)
    assert client.get("/portal/lessons/floor/").status_code == 200


def test_a_withdrawn_free_lesson_says_so_to_visitors_without_its_name(work, lesson, tess):
    Lesson.objects.update(is_free=True)
    work.post(at("lesson_withdraw", "floor"))
    answer = Client().get("/lessons/floor/")
    assert answer.status_code == 410
    assert "Floor" not in main_of(answer)
    assert not answer.cookies


def test_the_sound_of_a_withdrawn_lesson_is_gone_and_its_page_says_why(lesson, tess, client):
    audio, ann = make_recording(lesson), make_user("Ann")
    assign(lesson, ann, by=tess)
    client.force_login(ann)
    sound = reverse("lesson_audio", args=["floor", audio.sha256])
    assert client.get(sound, headers={"range": "bytes=0-9"}).status_code == 206
    withdraw(lesson, by=tess.user, now=timezone.now())
    assert client.get(sound, headers={"range": "bytes=10-19"}).status_code == 404
    client.post("/portal/lessons/floor/ask/", {"question": "Where is it?"})
    assert ann.questions.get().lesson == lesson


def test_the_back_office_withdraws_as_the_workspace_does(work, lesson):
    form = {
        **{name: value for name, value in typed(lesson).items() if name not in ("version", "is_free")},
        **{"slug": "floor", "order": "0"},
        **{f"{name}-{end}_FORMS": "0" for name in ("uploads", "recordings") for end in ("TOTAL", "INITIAL")},
    }
    work.post(f"/backoffice/portal/lesson/{lesson.pk}/change/", form)
    lesson.refresh_from_db()
    assert (lesson.is_published, bool(lesson.withdrawn_at)) == (False, True)


# --- Chapters and transcript -----------------------------------------------------------------------------
@pytest.fixture
def audio(lesson) -> LessonAudio:
    made = make_recording(lesson, duration_ms=300_000)
    Chapter.objects.create(audio=made, start_ms=1500, title="How you lie")
    for number in range(60):
        Cue.objects.create(
            audio=made, start_ms=number * 4000, end_ms=number * 4000 + 3000, text=f"S{number}."
        )
    return made


def seen_on(work: Client, page: str) -> str:
    return re.search(r'name="seen" value="(\w+)"', work.get(page).content.decode())[1]


def test_chapters_are_saved_in_order_and_wrong_ones_change_nothing(work, lesson, audio):
    page = at("lesson_chapters", "floor")
    seen = seen_on(work, page)
    wrong = work.post(page, {"seen": seen, "start": ["0:10", "9:00"], "text": ["A", "B"]})
    assert wrong.status_code == 422
    assert "The recording is 5:00 long" in main_of(wrong)
    assert 'value="9:00"' in main_of(wrong)
    assert audio.chapters.count() == 1
    work.post(page, {"seen": seen, "start": ["1:00", "0:10", ""], "text": ["B", "A", ""]})
    assert list(audio.chapters.values_list("start_ms", "title")) == [(10_000, "A"), (60_000, "B")]
    late = work.post(page, {"seen": seen, "start": ["0:20"], "text": ["C"]})
    assert late.status_code == 409
    assert "0:10 A" in main_of(late)
    assert 'value="0:20"' in main_of(late)


def test_a_page_of_the_transcript_leaves_the_others_alone(work, lesson, audio, django_assert_max_num_queries):
    page = f"{at('lesson_transcript', 'floor')}?page=2"
    seen = seen_on(work, page)
    with django_assert_max_num_queries(12):
        shown = main_of(work.get(page))
    assert "S40." in shown
    assert "S39." not in shown
    rows = {"start": ["2:40", "2:50"], "end": ["2:42", "2:51.5"], "text": ["Forty.", "Half & done."]}
    clash = work.post(page, {**rows, "start": ["2:38", "2:50"], "seen": seen})  # S39 lasts until 2:39
    assert "overlap" in main_of(clash)
    work.post(page, {**rows, "seen": seen})
    said = list(audio.cues.values_list("text", flat=True))
    assert said == [*(f"S{number}." for number in range(40)), "Forty.", "Half & done."]


def test_a_file_comes_back_and_a_bad_one_names_its_line_and_changes_nothing(work, lesson, audio):
    out = work.get(at("lesson_vtt", "floor", "transcript"))
    assert out["content-type"] == "text/vtt; charset=utf-8"
    before = list(audio.cues.values_list("start_ms", "end_ms", "text"))
    Cue.objects.all().delete()

    def send(content: bytes) -> str:
        seen = seen_on(work, at("lesson_transcript", "floor"))
        file = SimpleUploadedFile("mine.vtt", content)
        url = at("lesson_vtt_import", "floor", "transcript")
        return main_of(work.post(url, {"seen": seen, "file": file}, follow=True))

    assert "Imported 60 sentences" in send(out.content)
    assert list(audio.cues.values_list("start_ms", "end_ms", "text")) == before
    bad = send(out.content.replace(b"00:00:04.000", b"00:00:02.000"))
    assert "mine.vtt could not be used. Line 6:" in bad
    assert "Nothing was changed." in bad
    assert "could not be used" in send(b"WEBVTT\n\n\xff")
    assert list(audio.cues.values_list("start_ms", "end_ms", "text")) == before


def test_rests_are_found_by_the_worker_and_proposed(work, lesson, audio):
    assert find_next_silences() is True  # no sound at all: none, and it is not tried for ever
    assert find_next_silences() is False
    LessonAudio.objects.update(silences=[[211_000, 220_400]])
    page = at("lesson_chapters", "floor")
    shown = main_of(work.get(page))
    assert "Quiet from 3:31 to 3:40" in shown
    taken = work.post(page, {"seen": "x", "start": ["0:01"], "text": ["A"], "do": "propose:3:40.1"})
    assert 'value="3:40.1"' in main_of(taken)
    assert "Quiet from" not in main_of(taken)
    assert audio.chapters.count() == 1


# --- Collections -----------------------------------------------------------------------------------------
def test_lessons_of_a_collection_are_ordered_and_seen_before_it_is_published(work):
    made = [make_lesson(name) for name in ("a", "b", "c")]
    whole = make_collection("hips", *made, name="Hips", is_published=False)
    page = at("collection", "hips")

    def order() -> list[str]:
        return list(whole.places.order_by("order").values_list("lesson__slug", flat=True))

    work.post(page, {"do": f"up:{made[2].pk}"})
    assert order() == ["a", "c", "b"]
    work.post(page, {"do": "order", "place": [made[1].pk, made[0].pk, made[2].pk]})
    assert order() == ["b", "a", "c"]
    work.post(page, {"do": "order", "place": [made[1].pk, made[1].pk, made[2].pk]})
    work.post(page, {"do": f"down:{made[2].pk}"})
    assert order() == ["b", "a", "c"]
    work.post(page, {"do": f"remove:{made[0].pk}"})
    work.post(page, {"do": "add", "lesson": make_lesson("d", is_published=False).pk})
    assert order() == ["b", "c", "d"]
    shown = main_of(work.get(at("collection_preview", "hips")))
    assert "2. C" in shown
    assert "3. D" not in shown
    assert Client().get("/lessons/collections/hips/").status_code == 404
    work.post(at("collections"), {"name": "Hips"})
    work.post(at("collection", "hips-2"), {"name": "Ribs", "text": "Two.", "is_published": "on"})
    assert "Ribs" in main_of(work.get(at("collections")))
