"""Queries about texts in the other language: which there are, which are missing, and which are behind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Model, QuerySet

from practice.access import rows
from practice.in_language import other_language, print_of
from practice.models import Practice, TranslatedText, User
from practice.other_language.registry import TranslatedKind, kinds
from practice.shipped_texts import is_shipped


class State(StrEnum):
    """What became of a text in the other language."""

    MISSING = "missing"
    CHANGED = "changed"  # the original was changed since
    OURS = "ours"  # nothing of their own, but we ship it in both languages
    DONE = "done"


@dataclass(frozen=True)
class TranslatableText:
    """A text of a thing with its translation; `of`: the print of the original as it is now."""

    name: str
    label: Any
    original: str
    text: str
    state: State
    of: str
    is_markdown: bool


@dataclass(frozen=True)
class TranslatableThing:
    """A thing of the practice with its texts."""

    kind: TranslatedKind
    thing: Any
    texts: tuple[TranslatableText, ...]

    @property
    def title(self) -> str:
        """Return how it is called."""
        return self.kind.title(self.thing)

    @property
    def missing(self) -> int:
        """Return how many texts are missing."""
        return sum(one.state is State.MISSING for one in self.texts)

    @property
    def changed(self) -> int:
        """Return how many texts were translated before their original was changed."""
        return sum(one.state is State.CHANGED for one in self.texts)

    @property
    def seen(self) -> str:
        """Return a short text that changes whenever one of the translations does."""
        saved = repr(sorted((one.name, one.text) for one in self.texts))
        return hashlib.sha256(saved.encode()).hexdigest()[:16]


def writes_in(practice: Practice) -> str:
    """Return the other language of the practice, whether it writes in it or not."""
    return other_language(practice.language)


def changed_by(user: User, kind: TranslatedKind) -> QuerySet[Any]:
    """Return those things of a kind whose texts somebody may change, and so translate."""
    return rows.for_person(user, kind.rows(), "change")


def translatable(kind: TranslatedKind, thing: Model, language: str) -> TranslatableThing:
    """Return a thing with its texts and their translations, in one query."""
    saved = TranslatedText.objects.filter(kind=kind.stored_as, thing=thing.pk, language=language)
    return _with_texts(kind, thing, {one.field: one for one in saved})


def things_of(user: User, language: str) -> list[TranslatableThing]:
    """Return all things whose texts somebody may translate: a query for each kind, however many there are."""
    saved: dict[tuple[str, int], dict[str, TranslatedText]] = {}
    for one in TranslatedText.objects.filter(language=language):
        saved.setdefault((one.kind, one.thing), {})[one.field] = one
    found = (
        _with_texts(kind, thing, saved.get((kind.stored_as, thing.pk), {}))
        for kind in kinds()
        for thing in changed_by(user, kind)
    )
    return [one for one in found if one.texts]


def incomplete(found: Iterable[TranslatableThing]) -> list[TranslatableThing]:
    """Return those of which a text is missing, or behind its original."""
    return [one for one in found if one.missing or one.changed]


def _with_texts(kind: TranslatedKind, thing: Model, saved: Mapping[str, TranslatedText]) -> TranslatableThing:
    texts = []
    for name, original in kind.originals(thing).items():
        one, of = saved.get(name), print_of(original)
        if one is None:
            state = State.OURS if is_shipped(original) else State.MISSING
        else:
            state = State.DONE if one.of == of else State.CHANGED
        text, label = one.text if one else "", kind.fields[name]
        texts.append(TranslatableText(name, label, original, text, state, of, name in kind.markdown))
    return TranslatableThing(kind, thing, tuple(texts))
