"""PURE. When two rows, or a row and a record, are one person: the same email, or the same name and phone."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Iterator

from booking.moving_in.engine.drafts import Draft


def name_key(name: str) -> str:
    """Return a name by which two spellings are compared: without capitals and blanks that differ."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def keys_of(name: str, email: str, phone: str) -> Iterator[Hashable]:
    """Yield what a person is known by, the surest first. Names alone are compared with names alone."""
    if email:
        yield ("email", email)
    if phone:
        yield ("phone", name_key(name), phone)
    if not email and not phone:
        yield ("name", name_key(name))


def first_of_each(drafts: Iterable[Draft]) -> dict[int, int]:
    """Return for each row that repeats a person the number of the first row with them."""
    seen: dict[Hashable, int] = {}
    found: dict[int, int] = {}
    for draft in drafts:
        if draft.problem:
            continue
        keys = list(keys_of(draft.name, draft.email, draft.phone))
        first = next((seen[key] for key in keys if key in seen), None)
        if first is not None:
            found[draft.number] = first
        for key in keys:
            seen.setdefault(key, draft.number if first is None else first)
    return found
