"""What the practice says to strangers: complete, linked, honest, and the lesson lasts as long as it says."""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from portal.audio import measure
from portal.audio.ffmpeg import reading
from portal.audio.synthetic_voice.script import Chapter, Sentence, read_script
from practice.core.body import BY_SLUG
from practice.tests.sampling import proof_only

ROOT = Path(__file__).resolve().parents[2]
ARTICLES = sorted((ROOT / "practice/content/articles").glob("*.md"))
LESSONS = sorted(path.parent for path in ROOT.glob("portal/content/lessons/*/lesson.md"))
LESSON = ROOT / "portal/content/lessons/let-the-floor-hold-you"
SLUGS = {path.stem for path in ARTICLES}
DOCTOR = "when-to-see-a-doctor-first"
LINK = re.compile(r"\]\((/[^)]*)\)")
PROMISE = re.compile(
    r"\b(cure[sd]?|curing|fix(es|ed|ing)?|heal(s|ed|ing)?|guarantee\w*|miracle\w*|pain-free|painless|proven"
    r"|permanent(ly)?|eliminate\w*|get rid of|diagnos\w*|will (help|relieve|ease|improve|go away|feel))\b",
    re.IGNORECASE,
)
DRAWINGS = {"room", "keystone", "resting", "blanket", "lying"}


def front(path: Path) -> dict[str, str]:
    """The front matter of a page as it stands, name to text."""
    head = path.read_text(encoding="utf-8").split("---\n")[1]
    return dict(line.split(": ", 1) for line in head.strip().splitlines())


def body(path: Path) -> str:
    return path.read_text(encoding="utf-8").split("---\n", 2)[2]


def closing(path: Path) -> str:
    return body(path).strip().rsplit("\n\n", 1)[1]


def regions(path: Path) -> list[str]:
    return front(path)["regions"].strip("[]").split(", ")


every_article = pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
LESSON_PAGES = [lesson / "lesson.md" for lesson in LESSONS]
every_page = pytest.mark.parametrize(
    "path",
    [*ARTICLES, *LESSON_PAGES, *(lesson / "script.md" for lesson in LESSONS)],
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
every_lesson = pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.name)


def test_there_are_six_articles() -> None:
    assert len(ARTICLES) == 6


@every_article
def test_an_article_says_what_it_is(path: Path) -> None:
    about = front(path)
    assert {"title", "slug", "standfirst", "regions", "author", "published"} <= set(about)
    assert about["slug"] == path.stem
    assert about["author"] in {"tess", "jonah"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", about["published"])
    assert about.get("art", "room") in DRAWINGS


@pytest.mark.parametrize(
    "path", [*ARTICLES, *LESSON_PAGES], ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_regions_are_those_of_the_shared_vocabulary(path: Path) -> None:
    assert regions(path)
    assert set(regions(path)) <= set(BY_SLUG)


@every_article
def test_an_article_leads_to_two_others(path: Path) -> None:
    others = {link.split("/")[2] for link in LINK.findall(body(path)) if link.startswith("/articles/")}
    assert len((others & SLUGS) - {path.stem}) >= 2


@every_page
def test_every_link_leads_somewhere(path: Path) -> None:
    known = {f"/articles/{slug}/" for slug in SLUGS} | {"/book/", f"/lessons/{LESSON.name}/"}
    assert set(LINK.findall(path.read_text(encoding="utf-8"))) <= known


@every_article
def test_an_article_is_as_long_as_one_reads_at_night(path: Path) -> None:
    low, high = (300, 500) if path.stem == DOCTOR else (500, 900)
    assert low <= len(body(path).split()) <= high


@every_article
def test_other_care_is_named_and_surgery_left_to_those_it_concerns(path: Path) -> None:
    text = body(path).lower()
    assert "physical therap" in text
    assert "acupunctur" in text
    about_surgery = [part for part in re.split(r"(?<=[.?!])\s", text) if re.search("surgery|decide", part)]
    assert any("doctor" in part and re.search(r"\byou\b|\byour\b", part) for part in about_surgery)


@every_article
def test_an_article_sends_to_a_doctor_first(path: Path) -> None:
    assert f"/articles/{DOCTOR}/" in body(path) or path.stem == DOCTOR


def test_the_warning_signs_are_in_the_doctors_article() -> None:
    text = body(ROOT / f"practice/content/articles/{DOCTOR}.md").lower()
    signs = ("numb between the legs", "urinate", "fever", "losing strength", "fell hard", "911")
    assert [sign for sign in signs if sign not in text] == []


@every_article
def test_an_article_ends_with_both_ways(path: Path) -> None:
    last = closing(path)
    assert "[come in](/book/)" in last.lower()
    assert "or try this at home" in last.lower()
    assert f"/lessons/{LESSON.name}/" in last


@every_page
def test_nothing_is_planned(path: Path) -> None:
    assert [found[0] for found in PROMISE.findall(path.read_text(encoding="utf-8"))] == []


def test_the_search_for_promises_finds_them() -> None:
    assert PROMISE.search("This heals your back, guaranteed.")
    assert PROMISE.search("It will ease the pain.")


@cache
def read_json(lesson: Path, name: str) -> list[dict[str, object]]:
    return json.loads((lesson / name).read_text(encoding="utf-8"))


def audio_facts(lesson: Path) -> dict[str, int]:
    return json.loads((lesson / "audio.json").read_text(encoding="utf-8"))


def times(lesson: Path) -> Iterator[tuple[int, int]]:
    return ((int(str(cue["start_ms"])), int(str(cue["end_ms"]))) for cue in read_json(lesson, "cues.json"))


def in_the_owners_order() -> list[Path]:
    return sorted(LESSONS, key=lambda lesson: int(front(lesson / "lesson.md")["order"]))


def test_there_are_four_lessons_one_long_and_three_short() -> None:
    minutes = [round(audio_facts(lesson)["duration_ms"] / 60_000) for lesson in in_the_owners_order()]
    assert [19 <= minutes[0] <= 22, *(5 <= short <= 8 for short in minutes[1:])] == [True] * 4


def test_only_the_first_lesson_is_free() -> None:
    free = [front(lesson / "lesson.md")["free"] for lesson in in_the_owners_order()]
    assert free == ["true", "false", "false", "false"]


def test_a_lesson_frees_the_hips() -> None:
    assert "hips" in [regions(lesson / "lesson.md")[0] for lesson in LESSONS]


@every_lesson
def test_a_lesson_says_what_it_is(lesson: Path) -> None:
    about = front(lesson / "lesson.md")
    assert {"title", "standfirst", "position", "things", "minutes", "voice_label", "order"} <= set(about)
    assert about["slug"] == lesson.name
    assert len(about["position"]) <= 80
    assert about["art"] in DRAWINGS


def test_no_two_lessons_say_the_same() -> None:
    """Guidelines, expectations and explanations are each lesson's own; the headings may be shared."""
    said = [
        line for page in LESSON_PAGES for line in body(page).splitlines() if line and not line.startswith("#")
    ]
    assert len(said) == len(set(said))


@every_lesson
def test_the_lesson_page_has_its_parts_in_order(lesson: Path) -> None:
    headings = re.findall(r"^# (.+)$", body(lesson / "lesson.md"), re.MULTILINE)
    assert headings == ["Guidelines", "What you may expect", "See a doctor first", "What happened", "Next"]


@every_lesson
def test_five_guidelines_and_three_expectations(lesson: Path) -> None:
    parts = re.split(r"^# .+$", body(lesson / "lesson.md"), flags=re.MULTILINE)
    assert [part.count("\n## ") for part in parts[1:3]] == [5, 3]


@every_lesson
def test_the_voice_is_labelled_synthetic(lesson: Path) -> None:
    assert front(lesson / "lesson.md")["voice"] == "synthetic"


@every_lesson
def test_cues_are_the_words_of_the_script(lesson: Path) -> None:
    script = read_script((lesson / "script.md").read_text(encoding="utf-8"))
    spoken = [beat.text for beat in script if isinstance(beat, Sentence)]
    assert [cue["text"] for cue in read_json(lesson, "cues.json")] == spoken


@every_lesson
def test_chapters_are_those_of_the_script(lesson: Path) -> None:
    script = read_script((lesson / "script.md").read_text(encoding="utf-8"))
    headings = [beat.title for beat in script if isinstance(beat, Chapter)]
    assert [chapter["title"] for chapter in read_json(lesson, "chapters.json")] == headings


@every_lesson
def test_cues_follow_each_other_and_end_before_the_bell(lesson: Path) -> None:
    edges = [ms for cue in times(lesson) for ms in cue]
    assert all(a < b for a, b in pairwise(edges))
    assert edges[-1] < audio_facts(lesson)["duration_ms"] - 7000


@every_lesson
def test_every_chapter_begins_with_a_spoken_sentence(lesson: Path) -> None:
    starts = {start for start, _ in times(lesson)}
    assert [mark for mark in read_json(lesson, "chapters.json") if mark["start_ms"] not in starts] == []


@every_lesson
def test_every_long_rest_was_asked_for(lesson: Path) -> None:
    """No padding: where the voice is silent for five seconds, the script says `[pause …]`."""
    rests = [b - a for (_, a), (b, _) in pairwise(times(lesson)) if b - a > 5000]
    asked = re.findall(r"^\[pause (\d+)\]$", (lesson / "script.md").read_text(encoding="utf-8"), re.MULTILINE)
    over = [rest / 1000 - int(seconds) for rest, seconds in zip(rests, asked, strict=True)]
    assert [much for much in over if not 0 < much < 3.5] == []


@every_lesson
def test_the_committed_audio_is_the_one_described_and_small_enough_to_travel(lesson: Path) -> None:
    content = (lesson / "audio.m4a").read_bytes()
    assert hashlib.sha256(content).hexdigest() == audio_facts(lesson)["sha256"]
    assert len(content) < 10_000_000


# What ffmpeg found in each committed recording, by its hash: measuring all of them takes a minute. After
# publishing another, `MEASURE=write PROVE=1 pytest portal/tests/test_content.py` measures anew.
MEASURED = Path(__file__).with_name("measured.json")


def measured(lesson: Path) -> dict[str, float]:
    """What was measured of the recording that lies there now."""
    return json.loads(MEASURED.read_text(encoding="utf-8"))[audio_facts(lesson)["sha256"]]


@every_lesson
def test_the_recording_lasts_as_long_as_its_page_says(lesson: Path) -> None:
    duration_ms = measured(lesson)["duration_ms"]
    assert duration_ms == audio_facts(lesson)["duration_ms"]
    assert round(duration_ms / 60_000) == int(front(lesson / "lesson.md")["minutes"])


@every_lesson
def test_the_lessons_are_equally_loud_and_never_too_loud(lesson: Path) -> None:
    found = measured(lesson)
    assert found["lufs"] == pytest.approx(-16, abs=1)
    assert found["true_peak"] <= -1.5


def measure_again(lesson: Path, folder: Path) -> dict[str, float | str]:
    measure.decode(reading(lesson / "audio.m4a"), folder / "decoded.wav", name="audio.m4a")
    duration_ms = measure.length(folder / "decoded.wav")
    found = measure.loudness(lesson / "audio.m4a")
    return {
        "lesson": lesson.name,
        "duration_ms": duration_ms,
        "lufs": found.lufs,
        "true_peak": found.true_peak,
    }


@proof_only
@pytest.mark.long
@every_lesson
def test_what_is_written_down_about_a_recording_is_what_ffmpeg_measures(lesson: Path, tmp_path: Path) -> None:
    now = measure_again(lesson, tmp_path)
    if os.environ.get("MEASURE") == "write":
        written = json.loads(MEASURED.read_text(encoding="utf-8")) | {audio_facts(lesson)["sha256"]: now}
        MEASURED.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    assert now["duration_ms"] == measured(lesson)["duration_ms"]
    assert now["lufs"] == pytest.approx(measured(lesson)["lufs"], abs=0.1)
    assert now["true_peak"] == pytest.approx(measured(lesson)["true_peak"], abs=0.1)
