"""People found by their search words, of those that the reader may see at all."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from practice.models import SearchWord, User
from practice.search.words import LAST, Alternatives, query_words

#: So many rows are read in the order of their words: enough for several words of each person shown.
READ_FOR_EACH = 8


def people_matching(people: QuerySet[User], text: str, *, region: str) -> QuerySet[User]:
    """Return those of `people` whose words begin with all words of the text; without words nobody."""
    words = query_words(text, region=region)
    if not words:
        return people.none()
    for word in words:
        people = people.filter(pk__in=SearchWord.objects.filter(_begins(word)).values("user"))
    return people


def best_matches(
    people: QuerySet[User], text: str, *, region: str, count: int, among: Collection[int] | None = None
) -> list[User]:
    """Return the first of `people` who match, at most `count`: whole words before beginnings.

    It reads the words in their order and stops, so it takes as long for ten people as for all. `among`: the
    ids of `people`, where they are few: of those in a big practice most words are somebody else's.
    """
    words = sorted(query_words(text, region=region), key=_length, reverse=True)
    if not words:
        return []
    seen = Exists(people.filter(pk=OuterRef("user_id"))) if among is None else Q(user__in=among)
    rows = SearchWord.objects.filter(_begins(words[0])).filter(seen)
    for word in words[1:]:
        rows = rows.filter(Exists(SearchWord.objects.filter(_begins(word), user=OuterRef("user_id"))))
    found = rows.order_by("word", "user").values_list("user", flat=True)[: count * READ_FOR_EACH]
    first = list(dict.fromkeys(found))[:count]
    return _in_order(people, first)


def _in_order(people: QuerySet[User], pks: Sequence[int]) -> list[User]:
    by_pk = {one.pk: one for one in people.filter(pk__in=pks)}
    return [by_pk[pk] for pk in pks if pk in by_pk]


def _begins(word: Alternatives) -> Q:
    """Return the filter for words that begin with one of the spellings, as a range of the index."""
    found = Q()
    for spelled in sorted(word):
        found |= Q(word__gte=spelled, word__lt=spelled + LAST)
    return found


def _length(word: Alternatives) -> int:
    return min(map(len, word))
