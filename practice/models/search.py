"""The words under which people are found. Every save of a person keeps theirs in step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django.db import models

from practice.search.words import LONGEST, person_words

AT_ONCE = 500


class Named(Protocol):
    """A person as far as they are found: `practice.models.people.User`, which keeps these words in step."""

    pk: Any
    name: Any
    email: Any
    phone: Any


class WordField(models.CharField):
    """A text compared byte by byte, so that an index finds the words with one beginning on both databases.

    In PostgreSQL's own order of letters a range is something else for each language.
    """

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        """Return the column's type, with the order that is its bytes' own."""
        collation = "C" if connection.vendor == "postgresql" else "BINARY"
        return {**super().db_parameters(connection), "collation": collation}


class SearchWord(models.Model):
    """A word under which a person is found, as `practice.search.words` makes it."""

    user = models.ForeignKey("practice.User", on_delete=models.CASCADE, related_name="+", db_index=False)
    word = WordField(max_length=LONGEST)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "word"), name="search_word_once_for_each_person"),
        )
        indexes = (models.Index(fields=("word", "user"), name="search_word_then_person"),)


def keep_search_words(people: Iterable[Named], *, are_new: bool = False) -> None:
    """Write the words of these people in place of those they had. Call it where their row is locked.

    `are_new`: their rows were just made, so that there are no words yet.
    """
    people = list(people)
    wanted = {
        (one.pk, word)
        for one in people
        for word in person_words(name=one.name, email=one.email or "", phone=str(one.phone or ""))
    }
    pks = sorted({one.pk for one in people})
    had = {} if are_new else _words_of(pks)
    gone = [pk for pair, pk in had.items() if pair not in wanted]
    for some in _portions(gone):
        SearchWord.objects.filter(pk__in=some).delete()
    SearchWord.objects.bulk_create(
        (SearchWord(user_id=pk, word=word) for pk, word in sorted(wanted - had.keys())), batch_size=AT_ONCE
    )


def _words_of(pks: Sequence[int]) -> dict[tuple[int, str], int]:
    """Return the words that are kept of these people, as (person, word) → id."""
    rows = [
        row
        for some in _portions(pks)
        for row in SearchWord.objects.filter(user__in=some).values_list("user", "word", "pk")
    ]
    return {(user, word): pk for user, word, pk in rows}


def _portions(pks: Sequence[int]) -> list[Sequence[int]]:
    return [pks[start : start + AT_ONCE] for start in range(0, len(pks), AT_ONCE)]
