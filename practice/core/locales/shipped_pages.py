"""PURE. The texts we ship, as files: facts between two `---`, then Markdown.

A translation is the same file below `es/`, with the same facts and the same sections.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path


class Translated(str):
    """A text in the reader's language that knows what it was written as."""

    __slots__ = ("written",)
    written: str

    def __new__(cls, text: str, written: str) -> Translated:
        made = super().__new__(cls, text)
        made.written = written
        return made


def written(text: str) -> str:
    """Return a text as it stands in its row."""
    return text.written if isinstance(text, Translated) else text


def read_page(path: Path) -> tuple[dict[str, str], str]:
    """Return a page's front matter (`name: value` lines between two `---`) and its Markdown.

    Raises ValueError without front matter.
    """
    facts, body = split_page(path.read_text(encoding="utf-8"))
    if not facts:
        raise ValueError(f"{path.name} does not begin with its facts")
    return facts, body


def split_page(text: str) -> tuple[dict[str, str], str]:
    """Return the facts of a text, if it has any, and its Markdown."""
    found = re.match(r"---\n(.*?)\n---\n(.*)", text, re.DOTALL)
    if not found:
        return {}, text.strip()
    return dict(line.split(": ", 1) for line in found[1].splitlines()), found[2].strip()


def sections(body: str) -> dict[str, str]:
    """Return the Markdown under each first-level heading, by heading."""
    parts = re.split(r"^# (.+)$", body, flags=re.MULTILINE)[1:]
    return {heading.strip(): text.strip() for heading, text in zip(parts[::2], parts[1::2], strict=True)}


def texts_of(text: str) -> dict[str, str]:
    """Return the texts of a page by where they stand: its facts, its sections, and all of its Markdown."""
    facts, body = split_page(text)
    found = {f"fact {name}": value.strip("[]\"'") for name, value in facts.items()}
    found |= {f"section {heading}": said for heading, said in sections(body).items()}
    return found | {"body": body}


def pairs(folder: Path, language: str) -> Iterator[tuple[str, str]]:
    """Yield each text below a folder with its translation below `folder/<language>`, where they differ."""
    for path in sorted((folder / language).rglob("*.md")):
        english = texts_of((folder / path.relative_to(folder / language)).read_text(encoding="utf-8"))
        other = texts_of(path.read_text(encoding="utf-8"))
        yield from ((text, other[place]) for place, text in english.items() if other[place] != text)
    for path in sorted((folder / language).rglob("chapters.json")):
        both = (
            json.loads(one.read_text("utf-8")) for one in (folder / path.relative_to(folder / language), path)
        )
        yield from ((one["title"], other["title"]) for one, other in zip(*both, strict=True))
