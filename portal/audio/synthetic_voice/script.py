"""The script of a lesson: chapters, sentences to be spoken, and pauses. Pure of Django."""

import re
from dataclasses import dataclass

PAUSE = re.compile(r"\[pause (\d+)\]")
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“])")


@dataclass(frozen=True)
class Chapter:
    """A part of the lesson that a listener can go to."""

    title: str


@dataclass(frozen=True)
class Sentence:
    """A sentence; `closes` when its paragraph ends with it."""

    text: str
    closes: bool


@dataclass(frozen=True)
class Pause:
    """A pause, in seconds; the sentence before it says what to do in it."""

    seconds: int


ScriptPart = Chapter | Sentence | Pause


class UnreadableScript(Exception):
    """Raised for a line that is neither speech, a chapter nor a pause; the message names the line."""


def read_script(text: str) -> list[ScriptPart]:
    """Return the parts of a script: `## Chapter`, lines of speech, `[pause 20]`.

    A blank line ends a paragraph.
    """
    beats: list[ScriptPart] = []
    for number, raw in enumerate([*text.splitlines(), ""], start=1):
        line = raw.strip()
        if line.startswith("## "):
            beats.append(Chapter(line[3:].strip()))
        elif pause := PAUSE.fullmatch(line):
            beats.append(Pause(int(pause[1])))
        elif "[" in line:
            raise UnreadableScript(
                f"Line {number}: a pause needs its own line, such as [pause 20]; this line is {line!r}."
            )
        elif line and not line.startswith("# "):
            beats.extend(Sentence(part, closes=False) for part in SENTENCE_END.split(line))
        elif not line and beats and isinstance(beats[-1], Sentence):
            beats[-1] = Sentence(beats[-1].text, closes=True)
    return beats
