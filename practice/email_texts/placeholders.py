"""PURE. The words in double braces of a text that the owner edits: found, judged, and filled in.

Only exact words of a list are known. Nothing else in braces is ever carried out: no template engine reads
what an owner typed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

#: Characters of one text, and of a subject.
LONGEST, SUBJECT_LONGEST = 20_000, 150
#: Characters that are shown of what is refused.
SHOWN = 60
#: So many problems are named at once.
MOST_PROBLEMS = 5

WORD = re.compile(r"\{\{[ \t]*([a-z_]+)[ \t]*\}\}")
LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")
BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")


class Wrong(StrEnum):
    """What is wrong with a text."""

    UNKNOWN = "unknown word"
    NOT_IN_SUBJECT = "a word that a subject may not have"
    NESTED = "a word in a word"
    EXECUTABLE = "a command, a filter or an attribute"
    UNCLOSED = "braces that do not close"
    BRACES = "braces that belong to no word"
    HTML = "HTML"
    CONTROL = "a control character"
    TOO_LONG = "too long"
    EMPTY = "empty"
    LINES = "several lines"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a text. `shown`: the piece of the text; `line`: from 1, or 0 for the whole."""

    wrong: Wrong
    shown: str = ""
    line: int = 0


#: What is looked for, in this order at each place of the text. Each stays on its line.
PIECES = re.compile(
    r"""
      (?P<word>\{\{[ \t]*[a-z_]+[ \t]*\}\})
    | (?P<command>\{[%\#][^\n]*?(?:[%\#]\}|$) | [%\#]\})
    | (?P<nested>\{\{[^{}\n]*\{\{[^\n]*)
    | (?P<call>\{\{[^{}\n]+\}\})
    | (?P<unclosed>\{\{[^\n]*)
    | (?P<braces>[{}][^\s{}]*[{}]?)
    | (?P<html><[A-Za-z/!][^<>\n]*>?)
    | (?P<control>[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffd-\uffff])
    """,
    re.VERBOSE | re.MULTILINE,
)
WRONG_OF = {
    "command": Wrong.EXECUTABLE,
    "nested": Wrong.NESTED,
    "call": Wrong.EXECUTABLE,
    "unclosed": Wrong.UNCLOSED,
    "braces": Wrong.BRACES,
    "html": Wrong.HTML,
    "control": Wrong.CONTROL,
}


def tidy(text: str) -> str:
    """Return a text with one kind of line end, and one blank line between paragraphs."""
    lines = LINE_ENDS.sub("\n", text).split("\n")
    return BLANK_LINES.sub("\n\n", "\n".join(line.rstrip() for line in lines)).strip()


def problems_of(text: str, *, words: Collection[str], may_be_empty: bool = False) -> list[Problem]:
    """Return what is wrong with a text that may have these words: the first few, in order."""
    if len(text) > LONGEST:
        return [Problem(Wrong.TOO_LONG)]
    if not text.strip():
        return [] if may_be_empty else [Problem(Wrong.EMPTY)]
    found = []
    for problem in _pieces(text, words):
        found.append(problem)
        if len(found) == MOST_PROBLEMS:
            break
    return found


def problems_of_subject(text: str, *, words: Collection[str], body_words: Collection[str]) -> list[Problem]:
    """Return what is wrong with a subject. `body_words`: what the text below it may have."""
    if len(text) > SUBJECT_LONGEST:
        return [Problem(Wrong.TOO_LONG)]
    if "\n" in LINE_ENDS.sub("\n", text).strip():
        return [Problem(Wrong.LINES)]
    found = problems_of(text, words=words)
    return [
        Problem(Wrong.NOT_IN_SUBJECT, one.shown, one.line)
        if one.wrong is Wrong.UNKNOWN and WORD.sub(r"\1", one.shown) in body_words
        else one
        for one in found
    ]


def _pieces(text: str, words: Collection[str]) -> Iterator[Problem]:
    line, counted = 1, 0
    for piece in PIECES.finditer(text):
        line, counted = line + text.count("\n", counted, piece.start()), piece.start()
        kind, shown = piece.lastgroup or "", piece.group()
        if kind != "word":
            closes = kind == "unclosed" and "}}" in shown
            yield Problem(Wrong.BRACES if closes else WRONG_OF[kind], _short(kind, shown), line)
        elif WORD.sub(r"\1", shown) not in words:
            yield Problem(Wrong.UNKNOWN, shown[:SHOWN], line)


def _short(kind: str, shown: str) -> str:
    """Return what is refused as a page can show it: a control character by its number."""
    if kind == "control":
        return f"U+{ord(shown):04X}"
    return shown.strip() if len(shown) <= SHOWN else f"{shown[: SHOWN - 1].strip()}…"


def words_in(text: str) -> frozenset[str]:
    """Return the names of the words in a text."""
    return frozenset(WORD.findall(text))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its words replaced, once: braces in a value stay what they are.

    Raises KeyError for a word without a value.
    """
    return WORD.sub(lambda word: values[word.group(1)], text)


def paragraphs(text: str, values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the paragraphs of a tidy text, each with its words replaced."""
    return tuple(fill(one, values) for one in text.split("\n\n") if one)
