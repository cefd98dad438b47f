"""PURE. WebVTT as a file of chapters or of sentences: read strictly, with the line of what is wrong; written.

Styles, regions, comments, identifiers and positions mean nothing in a transcript and are passed over. Marks
within a text are left out, its words stay.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from portal.audio.transcript import ChapterMark, TranscriptSentence
from portal.lesson_editing.engine import marks
from portal.lesson_editing.engine.times import written

MOST_BYTES = 900_000  # below the size of any form
STAMP = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)\.(\d{3})"
TIMING = re.compile(rf"{STAMP}[ \t]+-->[ \t]+{STAMP}(?:[ \t]+\S.*)?[ \t]*")
SHAPE = re.compile(r"\s*-?[\d:.,]+\s*-->\s*-?[\d:.,]+(?:\s.*)?")
TAG = re.compile(r"<[^<>]*>")
BLANKS = re.compile(r"[ \t\n\f]+")
ARROW = "-->"


@dataclass(frozen=True)
class VttCue:
    """A cue of a file. `line`: the number of the line with its times, from 1."""

    line: int
    start_ms: int
    end_ms: int
    text: str


@dataclass(frozen=True)
class VttFile:
    """The cues of a file, and how many without words were left out."""

    cues: tuple[VttCue, ...]
    left_out: int = 0


class BadVtt(Exception):
    """Raised when a file cannot be used: a code, the line (0 for the whole file), and parameters."""

    def __init__(self, code: str, line: int = 0, **params: Any) -> None:
        super().__init__(f"{code} in line {line}")
        self.code, self.line, self.params = code, line, params


@dataclass
class _Block:
    """The lines between two blank ones. `first`: the number of the first one."""

    first: int
    lines: list[str] = field(default_factory=list)


def decoded(content: bytes) -> str:
    """Return the text of a file. Raises BadVtt for what is too large or not UTF-8."""
    if len(content) > MOST_BYTES:
        raise BadVtt("large", most=MOST_BYTES // 1000)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadVtt("encoding", content[: error.start].count(b"\n") + 1) from error


def read(text: str) -> VttFile:
    """Return the cues of a file in its order. Raises BadVtt with the line at the first mistake."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not re.fullmatch(r"WEBVTT(?:[ \t].*)?", lines[0]):
        raise BadVtt("srt" if re.match(r"\d+\s*$", lines[0]) else "header", 1)
    cues, empty = [], 0
    for number, block in enumerate(_blocks(lines)):
        if number == 0 and block.first == 1:
            _check_header(block)
        elif not re.match(r"(?:NOTE(?:[ \t]|$)|(?:STYLE|REGION)[ \t]*$)", block.lines[0]):
            cue = _cue(block)
            cues.append(cue)
            empty += not cue.text
    return VttFile(tuple(one for one in cues if one.text), empty)


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    block: _Block | None = None
    for number, line in enumerate(lines, start=1):
        if not line:
            if block:
                yield block
            block = None
        else:
            block = block or _Block(number)
            block.lines.append(line)
    if block:
        yield block


def _check_header(block: _Block) -> None:
    for number, line in enumerate(block.lines, start=block.first):
        if ARROW in line:
            raise BadVtt("after_header", number)


def _cue(block: _Block) -> VttCue:
    """Return the cue that a block is. Raises BadVtt."""
    at = 0 if ARROW in block.lines[0] else 1
    if at >= len(block.lines) or ARROW not in block.lines[at]:
        raise BadVtt("no_times", block.first)
    line = block.first + at
    found = TIMING.fullmatch(block.lines[at].strip(" \t"))
    if found is None:
        raise _bad_timing(block.lines[at], line)
    start, end = _ms(found.groups()[:4]), _ms(found.groups()[4:])
    if end <= start:
        raise BadVtt("ends_first", line)
    return VttCue(line, start, end, _words(block.lines[at + 1 :], line + 1))


def _bad_timing(text: str, line: int) -> BadVtt:
    if re.search(r"(?:^|-->\s*)\s*[-−]\s*\d", text):
        return BadVtt("negative", line)
    if "," in text and SHAPE.fullmatch(text):
        return BadVtt("comma", line)
    return BadVtt("times", line)


def _ms(parts: Sequence[str | None]) -> int:
    hours, minutes, seconds, part = (int(one or 0) for one in parts)
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + part


def _words(lines: Sequence[str], first: int) -> str:
    """Return what is said in a cue: without marks, on one line. Raises BadVtt."""
    for number, line in enumerate(lines, start=first):
        if ARROW in line:
            raise BadVtt("no_blank_line", number)
    whole = "\n".join(lines)
    plain = TAG.sub("", whole)
    if "<" in plain:
        raise BadVtt("open_mark", next(n for n, one in enumerate(lines, start=first) if "<" in one))
    words = html.unescape(plain).replace("\x00", "\ufffd")
    return BLANKS.sub(" ", words).strip(" ")


def chapters_of(file: VttFile, *, length_ms: int) -> list[ChapterMark]:
    """Return the chapters of a file for a recording of this length. Raises BadVtt with the line."""
    _check_order(file.cues)
    for one in file.cues:
        if len(one.text) > marks.LONGEST_TITLE:
            raise BadVtt("long_title", one.line, most=marks.LONGEST_TITLE)
    found = [(one.line, ChapterMark(one.start_ms, one.text)) for one in file.cues]
    _refuse_first(marks.judge_chapters(found, length_ms=length_ms))
    return [one for _line, one in found]


def sentences_of(file: VttFile, *, length_ms: int) -> list[TranscriptSentence]:
    """Return the sentences of a file for a recording of this length. Raises BadVtt with the line.

    An end up to a second after that of the recording is its end.
    """
    _check_order(file.cues)
    found = []
    for one in file.cues:
        if len(one.text) > marks.LONGEST_SENTENCE:
            raise BadVtt("long_words", one.line, most=marks.LONGEST_SENTENCE)
        end = length_ms if length_ms < one.end_ms <= length_ms + marks.A_LITTLE else one.end_ms
        found.append((one.line, TranscriptSentence(one.start_ms, end, one.text)))
    _refuse_first(marks.judge_sentences(found, length_ms=length_ms))
    return [one for _line, one in found]


def _check_order(cues: Sequence[VttCue]) -> None:
    if not cues:
        raise BadVtt("nothing")
    for before, one in pairwise(cues):
        if one.start_ms < before.start_ms:
            raise BadVtt("order", one.line, at=written(one.start_ms))


def _refuse_first(problems: Sequence[marks.Problem]) -> None:
    if problems:
        first = problems[0]
        raise BadVtt(first.code, first.row or 0, **first.params)


def chapters_file(chapters: Sequence[ChapterMark], *, length_ms: int) -> str:
    """Return chapters as a WebVTT file: each ends where the next one begins."""
    ends = [*(one.start_ms for one in chapters[1:]), length_ms]
    return _file((one.start_ms, end, one.title) for one, end in zip(chapters, ends, strict=False))


def sentences_file(sentences: Iterable[TranscriptSentence]) -> str:
    """Return sentences as a WebVTT file."""
    return _file((one.start_ms, one.end_ms, one.text) for one in sentences)


def _file(cues: Iterable[tuple[int, int, str]]) -> str:
    blocks = [f"{_stamp(start)} --> {_stamp(end)}\n{_escaped(text)}\n" for start, end, text in cues]
    return "\n".join(["WEBVTT\n", *blocks])


def _stamp(ms: int) -> str:
    minutes, rest = divmod(ms, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"


def _escaped(text: str) -> str:
    """Return words on one line, with the signs that would mean something written as entities."""
    line = BLANKS.sub(" ", text.replace("\r", " ").replace("\x00", "\ufffd")).strip(" ")
    return line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
