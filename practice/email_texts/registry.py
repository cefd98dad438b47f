"""The table of emails whose texts the owner can edit, with the words that each may have.

An app that words emails registers them in its `AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from practice.models import User

Sentence = Any  # a translated sentence, or a lazy one
Context = Mapping[str, Any]


@dataclass(frozen=True)
class Word:
    """A word in double braces. `read`: its value in the context of an email; "" where there is none."""

    name: str
    says: Sentence
    read: Callable[[Context], str]
    in_subject: bool = False

    @property
    def typed(self) -> str:
        """Return the word as it is typed."""
        return f"{{{{ {self.name} }}}}"


@dataclass(frozen=True)
class Part:
    """A part of the text, by the name that the templates give it."""

    name: str
    label: Sentence
    hint: Sentence = ""
    may_be_empty: bool = False


@dataclass(frozen=True, kw_only=True)
class EditableEmail:
    """An email with a text that the owner can edit: a kind, or a kind in one situation.

    `applies`: whether the context of an email is this situation. `examples`: a value for each word. `sample`:
    the context of an email, of the values of its words. `of_client`: what that context is for a real client,
    where there is something; `opens`: the code of the access log for that.
    """

    kind: str
    group: Sentence
    name: Sentence
    when: Sentence
    words: tuple[Word, ...]
    parts: tuple[Part, ...]
    examples: Callable[[datetime], Mapping[str, str]]
    sample: Callable[[Mapping[str, str]], dict[str, Any]]
    applies: Callable[[Context], bool] = lambda _context: True
    of_client: Callable[[User, datetime], dict[str, Any]] = lambda _client, _now: {}
    opens: str = ""
    variant: str = ""
    has_subject: bool = True

    @property
    def key(self) -> str:
        """Return its name in addresses."""
        return f"{self.kind}.{self.variant}" if self.variant else self.kind

    @property
    def word_names(self) -> frozenset[str]:
        """Return the words that the text may have."""
        return frozenset(word.name for word in self.words)

    @property
    def subject_words(self) -> frozenset[str]:
        """Return the words that the subject may have."""
        return frozenset(word.name for word in self.words if word.in_subject)

    def values(self, context: Context) -> dict[str, str]:
        """Return the value of each word in the context of an email."""
        return {word.name: word.read(context) for word in self.words}


_table: dict[str, EditableEmail] = {}


def register(emails: Iterable[EditableEmail]) -> None:
    """Add emails to the table. Called by apps in `ready()`."""
    _table.update({one.key: one for one in emails})


def editable_emails() -> list[EditableEmail]:
    """Return the whole table, in the order of registering."""
    return list(_table.values())


def email_named(key: str) -> EditableEmail | None:
    """Return the email with this key, or None."""
    return _table.get(key)


def email_for(kind: str, context: Context) -> EditableEmail | None:
    """Return the email of this kind that fits the context, or None."""
    return next((one for one in _table.values() if one.kind == kind and one.applies(context)), None)
