"""Lessons and exercises in the content folder, as files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from practice.core.locales.shipped_pages import read_page, sections

__all__ = [
    "exercise_files",
    "free_lesson_slug",
    "is_free",
    "items",
    "lesson_folders",
    "read_page",
    "sections",
]

LESSONS = Path(__file__).resolve().parents[1] / "content" / "lessons"
EXERCISES = LESSONS.parent / "exercises"


def items(value: str) -> list[str]:
    """Return "[a, b]" as a list."""
    return [item.strip() for item in value.strip("[]").split(",") if item.strip()]


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
