"""The files of the body map: two pieces of templates and one stylesheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tools.bodymap.drawing import drawing, page_shapes
from tools.bodymap.paint import stylesheet

ROOT = Path(__file__).resolve().parents[2]
SAID = "{# Written by `python -m tools.bodymap`. #}"


def files() -> Iterator[tuple[str, str]]:
    """Yield the path of every file, from the project's folder, and its text."""
    yield "templates/includes/_bodymap_shapes.html", f"{SAID}\n{page_shapes()}"
    yield "templates/includes/_bodymap_drawing.html", f"{{% load i18n %}}{SAID}\n{drawing()}"
    yield "practice/static/css/bodymap.css", stylesheet()


def write(root: Path = ROOT) -> None:
    """Write all files."""
    for path, text in files():
        (root / path).write_text(text, encoding="utf-8")
