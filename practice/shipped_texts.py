"""The translations of the texts we ship: a reader of Spanish reads our articles, lessons and exercises in it.

A text is looked up as it stands in its row. An owner who has changed it has written their own: it is shown as
written, in every language. At work all texts are shown as written: no editor ever shows a translation.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from django.utils import translation

from practice.core.locales.readers import LANGUAGES, known_language
from practice.core.locales.shipped_pages import Translated, pairs, written

ORIGINAL = LANGUAGES[0][0]
AS_WRITTEN: ContextVar[bool] = ContextVar("texts as they were written", default=False)
_folders: list[Path] = []


def register(folder: Path) -> None:
    """Have the texts below a folder shown in the languages that are below it. Called in `ready()`."""
    _folders.append(folder)
    _catalog.cache_clear()
    _ours.cache_clear()


def as_written() -> AbstractContextManager[None]:
    """Show texts as they are in their rows, within this context."""
    return _as_written(True)


@contextmanager
def reading_in(language: str) -> Iterator[None]:
    """Use this language, and show texts in it: what is written at work to a client is for the client."""
    with translation.override(language), _as_written(False):
        yield


@contextmanager
def _as_written(whether: bool) -> Iterator[None]:
    token = AS_WRITTEN.set(whether)
    try:
        yield
    finally:
        AS_WRITTEN.reset(token)


def for_reader(text: str) -> str:
    """Return a text in the language of the moment, if it is one of ours; else as it is."""
    base = written(text)
    language = known_language(translation.get_language() or ORIGINAL)
    if language == ORIGINAL or AS_WRITTEN.get():
        return base
    found = _catalog(language).get(looked_up_as(base))
    return Translated(found, base) if found else base


def is_shipped(text: str) -> bool:
    """Return whether a text is one of ours, as we wrote it."""
    return looked_up_as(text) in _ours()


def looked_up_as(text: str) -> str:
    """Return a text as it is looked up: a form changes line ends and spaces at the end of a line."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()


@cache
def _catalog(language: str) -> dict[str, str]:
    return {looked_up_as(text): other for folder in _folders for text, other in pairs(folder, language)}


@cache
def _ours() -> frozenset[str]:
    return frozenset(text for code, _name in LANGUAGES for text in _catalog(code))
