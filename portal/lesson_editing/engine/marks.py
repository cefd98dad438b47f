"""PURE. Chapters and sentences of a recording: read from typed rows or a file, and judged.

A problem names the row by its place (from 0). Rows are put in order of time, so their order is no problem.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.audio.transcript import ChapterMark, TranscriptSentence
from portal.lesson_editing.engine.times import NotATime, read_time, written

MOST_CHAPTERS = 100
MOST_SENTENCES = 3000  # an hour in which a sentence begins every second, nearly
LONGEST_TITLE = 120
LONGEST_SENTENCE = 2000
A_LITTLE = 1000  # ms that a file may be longer than the recording


@dataclass(frozen=True)
class TypedRow:
    """A row as it was typed. Chapters have no end."""

    start: str
    text: str
    end: str = ""

    @property
    def is_empty(self) -> bool:
        """Return whether nothing was typed: such a row is left out."""
        return not (self.start.strip() or self.text.strip() or self.end.strip())


@dataclass(frozen=True)
class Problem:
    """A code of what is wrong with a row, with the parameters of its sentence. `row` is None for all."""

    row: int | None
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def read_chapters(rows: Sequence[TypedRow], *, length_ms: int) -> tuple[list[ChapterMark], list[Problem]]:
    """Return the chapters in order of time, and what is wrong with the rows."""
    found: list[tuple[int, ChapterMark]] = []
    problems: list[Problem] = []
    for place, row in enumerate(rows):
        if row.is_empty:
            continue
        start = _time(row.start, place, "", problems)
        title = " ".join(row.text.split())
        if not title:
            problems.append(Problem(place, "no_title"))
        elif len(title) > LONGEST_TITLE:
            problems.append(Problem(place, "long_title", {"most": LONGEST_TITLE}))
        if start is not None:
            found.append((place, ChapterMark(start, title)))
    found.sort(key=lambda one: one[1].start_ms)
    problems += judge_chapters(found, length_ms=length_ms)
    return [one for _place, one in found], problems


def judge_chapters(found: Sequence[tuple[int, ChapterMark]], *, length_ms: int) -> list[Problem]:
    """Return what is wrong with the times of chapters in order; each comes with its row."""
    problems = _too_many(len(found), MOST_CHAPTERS, "many_chapters")
    before: int | None = None
    for place, one in found:
        if one.start_ms >= length_ms:
            problems.append(Problem(place, "beyond", {"length": written(length_ms)}))
        elif one.start_ms == before:
            problems.append(Problem(place, "same_time", {"at": written(one.start_ms)}))
        before = one.start_ms
    return problems


def read_sentences(
    rows: Sequence[TypedRow],
    *,
    length_ms: int,
    others: Sequence[TranscriptSentence] = (),
) -> tuple[list[TranscriptSentence], list[Problem]]:
    """Return the sentences in order of time, with the `others`, and what is wrong with the rows."""
    found: list[tuple[int | None, TranscriptSentence]] = [(None, one) for one in others]
    problems: list[Problem] = []
    for place, row in enumerate(rows):
        if row.is_empty:
            continue
        start = _time(row.start, place, "", problems)
        end = _time(row.end, place, "end_", problems)
        text = " ".join(row.text.split())
        if not text:
            problems.append(Problem(place, "no_words"))
        elif len(text) > LONGEST_SENTENCE:
            problems.append(Problem(place, "long_words", {"most": LONGEST_SENTENCE}))
        if start is not None and end is not None:
            found.append((place, TranscriptSentence(start, end, text)))
    found.sort(key=lambda one: (one[1].start_ms, one[1].end_ms))
    problems += judge_sentences(found, length_ms=length_ms)
    return [one for _place, one in found], problems


def judge_sentences(
    found: Sequence[tuple[int | None, TranscriptSentence]], *, length_ms: int
) -> list[Problem]:
    """Return what is wrong with the times of sentences in order; each comes with its row, None for others."""
    problems = _too_many(len(found), MOST_SENTENCES, "many_sentences")
    before: tuple[int | None, TranscriptSentence] | None = None
    for place, one in found:
        if one.end_ms <= one.start_ms:
            problems.append(Problem(place, "ends_first"))
        elif one.end_ms > length_ms:
            problems.append(Problem(place, "beyond", {"length": written(length_ms)}))
        if before and one.start_ms < before[1].end_ms:
            at = before[0] if place is None else place
            params = {"at": written(one.start_ms), "end": written(before[1].end_ms)}
            problems.append(Problem(at, "overlap", params))
        before = (place, one)
    return problems


def _time(text: str, place: int, prefix: str, problems: list[Problem]) -> int | None:
    """Return the time in ms; None, and a problem more, for what is none."""
    try:
        return read_time(text)
    except NotATime as error:
        problems.append(Problem(place, f"{prefix}{error.code}", {"typed": text.strip()}))
        return None


def _too_many(count: int, most: int, code: str) -> list[Problem]:
    return [Problem(None, code, {"count": count, "most": most})] if count > most else []
