"""Lessons and exercises in the content folder, as files."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

LESSONS = Path(__file__).resolve().parents[1] / "content" / "lessons"
EXERCISES = LESSONS.parent / "exercises"


def read_page(path: Path) -> tuple[dict[str, str], str]:
    """Return a page's front matter (`name: value` lines between two `---`) and its Markdown.

    Raises ValueError without front matter.
    """
    found = re.match(r"---\n(.*?)\n---\n(.*)", path.read_text(encoding="utf-8"), re.DOTALL)
    if not found:
        raise ValueError(f"{path.name} does not begin with its facts")
    return dict(line.split(": ", 1) for line in found[1].splitlines()), found[2].strip()


def items(value: str) -> list[str]:
    """Return "[a, b]" as a list."""
    return [item.strip() for item in value.strip("[]").split(",") if item.strip()]


def sections(body: str) -> dict[str, str]:
    """Return the Markdown under each first-level heading, by heading."""
    parts = re.split(r"^# (.+)$", body, flags=re.MULTILINE)[1:]
    return {heading.strip(): text.strip() for heading, text in zip(parts[::2], parts[1::2], strict=True)}


def lesson_folders() -> list[Path]:
    """Return the folders of all lessons, by name."""
    return sorted(path.parent for path in LESSONS.glob("*/lesson.md"))


def is_free(folder: Path) -> bool:
    """Return whether the lesson in a folder is free for everyone."""
    return read_page(folder / "lesson.md")[0]["free"] == "true"


@cache
def free_lesson_slug() -> str:
    """Return the address of the free lesson that a practice starts with."""
    return next(folder.name for folder in lesson_folders() if is_free(folder))


def exercise_files() -> list[Path]:
    """Return the files of all exercises, by name."""
    return sorted(EXERCISES.glob("*.md"))
