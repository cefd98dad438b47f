"""PURE. A readable transcript, made from sentences with their times."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

REST_MS = 3000  # a silence as long as this begins a new paragraph: in the lesson it was a rest


@dataclass(frozen=True)
class TranscriptSentence:
    """A sentence with its start and end, in ms from the start of the recording."""

    start_ms: int
    end_ms: int
    text: str

    @property
    def second(self) -> str:
        """Return where it begins in seconds, to a tenth, rounded down so that no word is cut."""
        return f"{self.start_ms // 100 / 10:g}"


@dataclass(frozen=True)
class TranscriptParagraph:
    """Sentences between two rests; there is at least one."""

    sentences: tuple[TranscriptSentence, ...]

    @property
    def seconds(self) -> int:
        """Return where it begins, rounded down to whole seconds."""
        return self.sentences[0].start_ms // 1000

    @property
    def clock(self) -> str:
        """Return where it begins, such as "7:40"."""
        return clock(self.sentences[0].start_ms)


@dataclass(frozen=True)
class ChapterMark:
    """A chapter and its beginning, in ms from the start of the recording."""

    start_ms: int
    title: str


@dataclass(frozen=True)
class TranscriptChapter:
    """A chapter with its words; the title is empty for what is said before the first one."""

    start_ms: int
    title: str
    paragraphs: tuple[TranscriptParagraph, ...]

    @property
    def seconds(self) -> int:
        """Return where the part begins, rounded down to whole seconds so that no word is cut."""
        return self.start_ms // 1000

    @property
    def clock(self) -> str:
        """Return where the part begins, such as "7:40"."""
        return clock(self.start_ms)


def clock(ms: int) -> str:
    """Return a place in a recording: "7:40", from an hour on "1:07:40"."""
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def parts(marks: Sequence[ChapterMark], said: Iterable[TranscriptSentence]) -> list[TranscriptChapter]:
    """Return the chapters in order, each with what is said in it; a sentence belongs where it begins."""
    marks = sorted(marks, key=lambda mark: mark.start_ms)
    words = sorted(said, key=lambda one: one.start_ms)
    first = marks[0].start_ms if marks else float("inf")
    found = []
    if words and words[0].start_ms < first:
        before = [one for one in words if one.start_ms < first]
        found.append(TranscriptChapter(0, "", _paragraphs(before)))
    ends = [mark.start_ms for mark in marks[1:]] + [float("inf")]
    for mark, end in zip(marks, ends, strict=False):  # without marks there is an end too many
        within = [one for one in words if mark.start_ms <= one.start_ms < end]
        found.append(TranscriptChapter(mark.start_ms, mark.title, _paragraphs(within)))
    return found


def _paragraphs(said: Sequence[TranscriptSentence]) -> tuple[TranscriptParagraph, ...]:
    made: list[list[TranscriptSentence]] = []
    last_end = None
    for one in said:
        if last_end is None or one.start_ms - last_end >= REST_MS:
            made.append([])
        made[-1].append(replace(one, text=one.text.strip()))
        last_end = one.end_ms
    return tuple(TranscriptParagraph(tuple(sentences)) for sentences in made)
