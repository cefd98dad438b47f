"""The body map: how a form with the drawing is read, stored and put into words.

Pure. What was marked is a dict: part of the drawing → strength 1, 2 or 3, in the order of work. Kept as one
line, "pelvis:2 knee-left:1". Left is the person's own left; front and back of a part are one part.
A value nobody's form can send raises ValueError, whose text never repeats it: it may say where it hurts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from practice.core.body import REGIONS


def gettext_noop(sentence: str) -> str:
    """Mark a word for translation; it is translated where it is shown."""
    return sentence


FELT = (gettext_noop("a little"), gettext_noop("some"), gettext_noop("a lot"))
TOUCHED = (gettext_noop("briefly"), gettext_noop("for a while"), gettext_noop("for a long time"))
MIDDLING = 2
STRENGTHS = (1, MIDDLING, 3)

LABELS = {
    "pelvis": gettext_noop("pelvis and sacrum"),
    "low-back": gettext_noop("low back"),
    "hip-left": gettext_noop("left hip"),
    "hip-right": gettext_noop("right hip"),
    "knee-left": gettext_noop("left knee"),
    "knee-right": gettext_noop("right knee"),
    "foot-left": gettext_noop("left ankle and foot"),
    "foot-right": gettext_noop("right ankle and foot"),
    "ribs-left": gettext_noop("left ribs"),
    "ribs-right": gettext_noop("right ribs"),
    "shoulder-left": gettext_noop("left shoulder"),
    "shoulder-right": gettext_noop("right shoulder"),
    "neck": gettext_noop("neck"),
    "head": gettext_noop("head and jaw"),
    "abdomen": gettext_noop("belly"),
    "arm-left": gettext_noop("left arm and hand"),
    "arm-right": gettext_noop("right arm and hand"),
    "thigh-left": gettext_noop("left thigh"),
    "thigh-right": gettext_noop("right thigh"),
    "lower-leg-left": gettext_noop("left shin and calf"),
    "lower-leg-right": gettext_noop("right shin and calf"),
}
# The regions in the order of work, then the parts that belong to no region.
OF_REGIONS = tuple(part for region in REGIONS for part in region.parts)
PARTS = (*OF_REGIONS, *(part for part in LABELS if part not in OF_REGIONS))
# Not to be seen from the other side.
ONLY_IN_FRONT = ("abdomen",)
ONLY_BEHIND = ("low-back", "pelvis")


class Posted(Protocol):
    """A posted form: Django's QueryDict, or anything else with several values to a name."""

    def getlist(self, key: str, /) -> Sequence[object]: ...


def read_marks(post: Posted, *, known_only: bool = False) -> dict[str, int]:
    """Return the marks of a form. A strength counts only with its checked part; missing or garbled, it is 2.

    Raises ValueError for a part the body map does not have; with `known_only` that one is left out.
    """
    marked = {str(part) for part in post.getlist("region")}
    if known_only:
        marked &= LABELS.keys()
    return _ordered({part: _strength(post.getlist(f"strength-{part}")) for part in marked})


def _strength(values: Sequence[object]) -> int:
    said = str(values[-1]) if values else ""
    return int(said) if said in ("1", "2", "3") else MIDDLING


def _ordered(marked: Mapping[str, int]) -> dict[str, int]:
    if not marked.keys() <= LABELS.keys():
        raise ValueError("A place that is not on the body map.")
    if not set(marked.values()) <= set(STRENGTHS):
        raise ValueError("A strength is 1, 2 or 3.")
    return {part: marked[part] for part in PARTS if part in marked}


def to_text(marked: Mapping[str, int]) -> str:
    """Return the marks as one line, in the order of work; empty without marks. Raises ValueError."""
    return " ".join(f"{part}:{strength}" for part, strength in _ordered(marked).items())


def from_text(text: str) -> dict[str, int]:
    """Return the marks in a text that `to_text` wrote. Raises ValueError for anything else."""
    marked: dict[str, int] = {}
    for word in text.split():
        part, _colon, strength = word.partition(":")
        if strength not in ("1", "2", "3"):
            raise ValueError("A strength is 1, 2 or 3.")
        marked[part] = int(strength)
    return _ordered(marked)


def marks_in_words(
    marked: Mapping[str, int], strengths: Sequence[str] = FELT, *, say: Callable[[str], str] = str
) -> list[str]:
    """Return the marks as a list to read aloud: "left knee, a little". Raises ValueError.

    strengths: the words for 1, 2 and 3; FELT, or TOUCHED for what was worked on in a session.
    say: puts a label into the reader's language, such as gettext; as it is, it stays English.
    """
    return [f"{say(LABELS[part])}, {say(strengths[level - 1])}" for part, level in _ordered(marked).items()]
