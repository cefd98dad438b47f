"""Begin and stop writing in the other language, and save the texts of one thing in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import get_random_string

from practice.models import Practice, TranslatedText
from practice.models.business import AGREED_TO
from practice.other_language.queries import TranslatableThing, translatable
from practice.other_language.registry import TranslatedKind

STAMP_LENGTH = 12


class ChangedSince(Exception):
    """Raised when someone else changed the translations since they were shown. `now`: as they are now."""

    def __init__(self, now: TranslatableThing) -> None:
        self.now = now
        super().__init__("the translations were changed since they were shown")


@dataclass(frozen=True)
class SentText:
    """A translation as it was sent; "" for none. `of`: the print of the original that its writer saw."""

    text: str
    of: str


@transaction.atomic
def begin_other_language() -> None:
    """Have readers of the other language read what is translated, from now on."""
    _stamp(_locked())


def stop_other_language() -> None:
    """Show every text as it was written. The translations stay, and are shown again after `begin`."""
    Practice.objects.filter(pk=1).update(translations="")


@transaction.atomic
def save_translations(
    kind: TranslatedKind,
    pk: int,
    texts: Mapping[str, SentText],
    *,
    language: str,
    seen: str,
    now: datetime,
) -> None:
    """Save the translations of a thing. Raises ChangedSince, and DoesNotExist if it was deleted.

    What a client agrees to when booking is a new version, like a change of the original.
    """
    practice = _locked()
    found = translatable(kind, kind.rows().get(pk=pk), language)
    if found.seen != seen:
        raise ChangedSince(found)
    changed = {one.name for one in found.texts if one.name in texts and texts[one.name].text != one.text}
    for name, sent in texts.items():
        _save(kind, pk, name, sent, language=language, now=now)
    if kind.model is Practice and changed & AGREED_TO:
        practice.consent_version += 1
        Practice.objects.filter(pk=1).update(consent_version=practice.consent_version)
    _stamp(practice)


def _save(kind: TranslatedKind, pk: int, name: str, sent: SentText, *, language: str, now: datetime) -> None:
    """Save one text, or delete it where none was sent."""
    place: dict[str, Any] = {"kind": kind.stored_as, "thing": pk, "field": name, "language": language}
    if sent.text:
        values = {"text": sent.text, "of": sent.of, "at": now}
        TranslatedText.objects.update_or_create(defaults=values, **place)
    else:
        TranslatedText.objects.filter(**place).delete()


def _locked() -> Practice:
    """Return the practice, locked until the caller's transaction ends: one change waits for the other."""
    return Practice.objects.select_for_update().get(pk=1)


def _stamp(practice: Practice) -> None:
    """Tell all processes to read the translations again."""
    practice.translations = get_random_string(STAMP_LENGTH)
    Practice.objects.filter(pk=practice.pk).update(translations=practice.translations)
    practice.note_facts()
