"""WebVTT: what is written comes back, and a bad file is refused with the line of its first mistake."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.audio.transcript import ChapterMark, TranscriptSentence
from portal.lesson_editing.engine import webvtt
from portal.lesson_editing.engine.webvtt import BadVtt, chapters_of, decoded, read, sentences_of
from portal.lesson_editing.wording import IN_FILES

HOUR = 3_600_000
ONE = "00:01.000 --> 00:02.000\nOne.\n"

EACH_SECOND = "".join(
    f"{n // 60:02}:{n % 60:02}.000 --> {n // 60:02}:{n % 60:02}.900\nA.\n\n" for n in range(3001)
)

words = (
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\r"), min_size=1, max_size=60)
    .map(lambda text: webvtt.BLANKS.sub(" ", text).strip(" "))
    .filter(bool)
)


@st.composite
def said(draw: st.DrawFn) -> list[TranscriptSentence]:
    """Sentences in order that do not overlap, anywhere in four days."""
    cuts = sorted(draw(st.sets(st.integers(0, 96 * HOUR), max_size=20)))
    return [
        TranscriptSentence(start, end, draw(words)) for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]


@settings(max_examples=120, deadline=None)
@given(said())
def test_what_is_written_comes_back_as_it_was(sentences: list[TranscriptSentence]) -> None:
    text = webvtt.sentences_file(sentences)
    for ends in ("\n", "\r\n", "\r"):
        sent = "\ufeff".encode() + text.replace("\n", ends).encode()
        file = read(decoded(sent))
        assert [(one.start_ms, one.end_ms, one.text) for one in file.cues] == [
            (one.start_ms, one.end_ms, one.text) for one in sentences
        ]


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("WEBVT\n\r -->:.,0123456789<>&;NOTESYL\ufeff\x00a"), max_size=80), st.booleans()
)
def test_any_text_is_read_or_refused(text: str, begins_well: bool) -> None:
    whole = f"WEBVTT\n\n{text}" if begins_well else text
    assert codes_of(whole) <= set(IN_FILES)


def codes_of(text: str) -> set[str]:
    """Why a text is refused; nothing for one that is read."""
    try:
        return {"" for one in read(text).cues if one.end_ms <= one.start_ms}
    except BadVtt as refusal:
        return {refusal.code}


def test_everything_else_in_a_file_is_passed_over() -> None:
    file = read(
        "WEBVTT - a title\nKind: captions\n\nNOTE\nfor me\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\n"
        "intro\n00:01.000 --> 100:00:02.500 align:start\n"
        "<v Tess>Lie <i>down</i>,\n<00:01.500>&amp; rest&nbsp;&lt;now&gt;.</v>\n\n\n"
        "00:03.000 --> 00:04.000\n<c></c>\n\nNOTE the end\n"
    )
    assert [(one.line, one.start_ms, one.end_ms, one.text) for one in file.cues] == [
        (14, 1000, 360_002_500, "Lie down, & rest\u00a0<now>.")
    ]
    assert file.left_out == 1


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("", "header", 1),
        ("WEBVTTS\n", "header", 1),
        ("1\n00:00:01,000 --> 00:00:02,000\nOne.\n", "srt", 1),
        (f"WEBVTT\n{ONE}", "after_header", 2),
        ("WEBVTT\n\nOne.\n", "no_times", 3),
        ("WEBVTT\n\nid\nOne.\n\n", "no_times", 3),
        ("WEBVTT\n\n00:01.000 -> 00:02.000\nOne.\n", "no_times", 3),
        ("WEBVTT\n\n00:01,000 --> 00:02,000\nOne.\n", "comma", 3),
        ("WEBVTT\n\n-00:01.000 --> 00:02.000\nOne.\n", "negative", 3),
        ("WEBVTT\n\n00:01.000 --> -00:02.000\nOne.\n", "negative", 3),
        ("WEBVTT\n\n00:61.000 --> 00:62.000\nOne.\n", "times", 3),
        ("WEBVTT\n\n00:01.000-->00:02.000\nOne.\n", "times", 3),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nOne.\n", "ends_first", 3),
        (f"WEBVTT\n\n{ONE}00:02.000 --> 00:03.000\nTwo.\n", "no_blank_line", 5),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nLess\nthan < three\n", "open_mark", 5),
    ],
)
def test_a_bad_file_is_refused_with_its_line(text: str, code: str, line: int) -> None:
    with pytest.raises(BadVtt) as refused:
        read(text)
    assert (refused.value.code, refused.value.line) == (code, line)


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("WEBVTT\n", "nothing", 0),
        ("WEBVTT\n\n00:01.000 --> 00:05.000\nOne.\n\n00:04.999 --> 00:06.000\nTwo.\n", "overlap", 6),
        (f"WEBVTT\n\n00:03.000 --> 00:04.000\nTwo.\n\n{ONE}", "order", 6),
        ("WEBVTT\n\n00:01.000 --> 00:12.000\nOne.\n", "beyond", 3),
        (f"WEBVTT\n\n{EACH_SECOND}", "many_sentences", 0),
    ],
)
def test_cues_that_fit_no_recording_are_refused(text: str, code: str, line: int) -> None:
    with pytest.raises(BadVtt) as refused:
        sentences_of(read(text), length_ms=HOUR if code == "many_sentences" else 10_000)
    assert (refused.value.code, refused.value.line) == (code, line)


def test_ten_thousand_cues_and_a_file_of_another_kind_are_refused_by_their_size() -> None:
    hours = (f"{n:02}:00:00.000 --> {n:02}:00:01.000\nA.\n\n" for n in range(10_000))
    with pytest.raises(BadVtt, match="many_sentences"):
        sentences_of(read("WEBVTT\n\n" + "".join(hours)), length_ms=10_000 * HOUR)
    with pytest.raises(BadVtt, match="large"):
        decoded(b"x" * (webvtt.MOST_BYTES + 1))
    with pytest.raises(BadVtt, match="encoding in line 2"):
        decoded("WEBVTT\n\u00e4".encode("latin-1"))


def test_the_end_of_the_recording_may_be_rounded() -> None:
    (one,) = sentences_of(read("WEBVTT\n\n00:01.000 --> 00:10.500\nOne.\n"), length_ms=10_000)
    assert one.end_ms == 10_000


def test_chapters_last_until_the_next_one_and_come_back() -> None:
    chapters = [ChapterMark(0, "How you lie"), ChapterMark(215_288, "A & B <c> -->")]
    text = webvtt.chapters_file(chapters, length_ms=300_000)
    assert "00:00:00.000 --> 00:03:35.288\nHow you lie\n" in text
    assert chapters_of(read(text), length_ms=300_000) == chapters


def test_another_program_reads_the_same_cues(tmp_path: Path) -> None:
    if not shutil.which("ffprobe"):
        pytest.skip("ffprobe is not installed")
    sentences = [
        TranscriptSentence(1500, 4000, "Lie down & rest."),
        TranscriptSentence(HOUR, HOUR + 25, "Now <wait> --> here."),
    ]
    file = tmp_path / "said.vtt"
    file.write_text(webvtt.sentences_file(sentences), encoding="utf-8")
    shown = ["-show_entries", "packet=pts_time,duration_time", "-of", "json", str(file)]
    answer = subprocess.run(["ffprobe", "-v", "error", *shown], capture_output=True, check=True)
    assert not answer.stderr
    packets = json.loads(answer.stdout)["packets"]
    assert [(float(one["pts_time"]), float(one["duration_time"])) for one in packets] == [
        (1.5, 2.5),
        (3600.0, 0.025),
    ]
