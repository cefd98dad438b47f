"""The texts of the practice in the language of their reader: translated by the owner, by us, or as written.

What the practice wrote in its other language is read once by each process and kept until it changes: the row
of the practice has a stamp, which is another one after each change. So a page asks nothing more than the
practice, which it reads anyway.
"""

from __future__ import annotations

import hashlib
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils import translation

from practice import shipped_texts
from practice.core.locales.emergency import IN_OUR_TEXTS, emergency_number
from practice.core.locales.readers import LANGUAGES, known_language
from practice.core.locales.shipped_pages import Translated, written
from practice.models.translated_text import TranslatedText

Place = tuple[str, int, str]  # the kind of row, the row, and the name of its text


@dataclass(frozen=True)
class PracticeFacts:
    """What must be known of the practice to read its texts. `stamp`: "" where it writes in one language."""

    language: str = LANGUAGES[0][0]
    region: str = "US"
    stamp: str = ""


@dataclass(frozen=True)
class OwnTranslation:
    """A text in the other language, and the print of the text it was translated from."""

    text: str
    of: str


_facts: ContextVar[PracticeFacts | None] = ContextVar("the practice as it was last read", default=None)
#: The row from which only this module has read, for a page that needs the practice later.
_row: ContextVar[Any] = ContextVar("the practice as it was read for its facts", default=None)
#: Language → the stamp with which they were read, and the translations.
_kept: dict[str, tuple[str, dict[Place, OwnTranslation]]] = {}


def note_facts(facts: PracticeFacts | None) -> None:
    """Keep what the practice says about its languages; None: ask for it again."""
    _facts.set(facts)
    _row.set(None)


def practice_facts() -> PracticeFacts:
    """Return what the practice says about its languages; it is read if it was not yet."""
    if _facts.get() is None:
        row = apps.get_model("practice", "Practice").objects.filter(pk=1).first()  # notes its own facts
        _row.set(row)
    return _facts.get() or PracticeFacts()


def practice_of_page() -> Any:
    """Return the practice if only its facts were asked for so far: a page reads it once; else None."""
    return _row.get()


def other_language(language: str) -> str:
    """Return the language in which a practice that writes in `language` may write too."""
    return next(code for code, _name in LANGUAGES if code != language)


def print_of(text: str) -> str:
    """Return a short text that differs as soon as a text does; other line ends are no difference."""
    return hashlib.sha256(shipped_texts.looked_up_as(text).encode()).hexdigest()[:16]


def in_language(text: str, place: Place | None, *, only_if_current: bool = False) -> str:
    """Return a text in the language of the moment, if there is a translation; else as it was written.

    `only_if_current`: not a translation of an earlier wording, as of words that a client agrees to.
    """
    base = written(text)
    if not base or shipped_texts.AS_WRITTEN.get():
        return base
    language = known_language(translation.get_language() or "")
    own = _own_translation(place, language) if place else None
    if own and (own.of == print_of(base) or not only_if_current):
        return Translated(own.text, base)
    return _with_our_number(shipped_texts.for_reader(base))


def language_of_text(text: str) -> str:
    """Return the language that a text is shown in."""
    if isinstance(text, Translated) and not shipped_texts.AS_WRITTEN.get():
        return known_language(translation.get_language() or "")
    return LANGUAGES[0][0] if shipped_texts.is_shipped(written(text)) else practice_facts().language


def _own_translation(place: Place, language: str) -> OwnTranslation | None:
    facts = practice_facts()
    if not facts.stamp or language == facts.language:
        return None
    kept = _kept.get(language)
    if kept is None or kept[0] != facts.stamp:
        rows = TranslatedText.objects.filter(language=language)
        found = {
            (kind, thing, field): OwnTranslation(text, of)
            for kind, thing, field, text, of in rows.values_list("kind", "thing", "field", "text", "of")
        }
        kept = _kept[language] = (facts.stamp, found)
    return kept[1].get(place)


def _with_our_number(text: str) -> str:
    """Return a text with the emergency number of the practice's country, if it is one of ours."""
    base = written(text)
    if IN_OUR_TEXTS not in text or not shipped_texts.is_shipped(base):
        return text
    number = emergency_number(practice_facts().region)
    return text if number == IN_OUR_TEXTS else Translated(text.replace(IN_OUR_TEXTS, number), base)
