"""The table of texts that can be written in the other language. Each app adds its own kinds in `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.signals import post_delete

from practice.models import TranslatedText

#: Characters of one text, where its column has no limit of its own.
LONGEST = 20_000


@dataclass(frozen=True)
class TranslatedKind:
    """Things whose texts can be translated.

    `key`: as it stands in addresses. `fields`: the names of the texts, with what the form calls them. `page`:
    the address where the original is edited. `rows`: those whose texts are listed as missing. `title`: how a
    thing is called. `longest`: see LONGEST.
    """

    key: str
    label: Any
    rows: Callable[[], QuerySet[Any]]
    fields: Mapping[str, Any]
    page: Callable[[Any], str]
    title: Callable[[Any], str]
    markdown: frozenset[str] = frozenset()
    longest: int = LONGEST

    @property
    def model(self) -> type[Model]:
        """Return the kind of row."""
        return self.rows().model

    @property
    def stored_as(self) -> str:
        """Return how `TranslatedText.kind` names it."""
        return self.model._meta.label_lower

    def originals(self, thing: Model) -> dict[str, str]:
        """Return the texts of a thing as they were written, without empty ones."""
        texts = {name: _column(thing, name).value_from_object(thing) for name in self.fields}
        return {name: text for name, text in texts.items() if text.strip()}


_kinds: dict[str, TranslatedKind] = {}


def register(kinds: Collection[TranslatedKind]) -> None:
    """Add kinds of things; their translations are deleted with them."""
    for one in kinds:
        _kinds[one.key] = one
        post_delete.connect(forget_translations, sender=one.model, dispatch_uid=f"texts of {one.stored_as}")


def kinds() -> list[TranslatedKind]:
    """Return all kinds, in the order of the apps."""
    return list(_kinds.values())


def kind_named(key: str) -> TranslatedKind | None:
    """Return the kind with this key in addresses, or None."""
    return _kinds.get(key)


def forget_translations(sender: type[Model], instance: Model, **options: Any) -> None:
    """Delete the translations of a row that was deleted."""
    TranslatedText.objects.filter(kind=sender._meta.label_lower, thing=instance.pk).delete()


def _column(thing: Model, name: str) -> Any:
    return thing._meta.get_field(name)
