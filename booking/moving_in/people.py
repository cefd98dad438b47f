"""The clients that rows of a file are about, found for many rows at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from booking.moving_in.engine.drafts import Draft
from booking.moving_in.engine.duplicates import name_key
from practice.models import User


@dataclass(frozen=True)
class Found:
    """The client of a row, and by what they were found: "email", "phone" or "name". `several`: none is."""

    client: User | None = None
    by: str = ""
    several: bool = False


@dataclass
class KnownPeople:
    """People by address, by name and phone, and by name alone. Those who are added are found later."""

    by_email: dict[str, User] = field(default_factory=dict)
    by_phone: dict[tuple[str, str], User] = field(default_factory=dict)
    by_name: dict[str, list[User]] = field(default_factory=lambda: defaultdict(list))

    def add(self, person: User) -> None:
        """Let a person be found by what they have."""
        if person.email:
            self.by_email.setdefault(person.email, person)
        if person.phone:
            self.by_phone.setdefault((name_key(person.name), str(person.phone)), person)
        self.by_name[name_key(person.name)].append(person)

    def of(self, draft: Draft, *, names_alone: bool) -> Found:
        """Return who a row is about. A name alone means the only one with it, where `names_alone` may.

        Otherwise it means only somebody who has neither an address nor a phone either.
        """
        if draft.email and (person := self.by_email.get(draft.email)):
            return Found(person, "email")
        if draft.phone and (person := self.by_phone.get((name_key(draft.name), draft.phone))):
            return Found(person, "phone")
        if draft.email or draft.phone:
            return Found()
        same = {one.pk: one for one in self.by_name.get(name_key(draft.name), [])}
        if not names_alone:
            same = {pk: one for pk, one in same.items() if not (one.email or one.phone)}
        if len(same) > 1 and names_alone:
            return Found(several=True)
        return Found(next(iter(same.values())), "name") if same else Found()


def known_people(drafts: Iterable[Draft]) -> KnownPeople:
    """Return the people whom these rows could be about, in at most three queries."""
    known, usable = KnownPeople(), [one for one in drafts if not one.problem]
    seen: set[int] = set()
    for lookup in (
        {"email__in": {one.email for one in usable if one.email}},
        {"phone__in": {one.phone for one in usable if one.phone}},
        {"name__in": _spellings(one.name for one in usable if not (one.email or one.phone))},
    ):
        if not next(iter(lookup.values())):
            continue
        for person in User.objects.filter(**lookup).order_by("pk"):
            if person.pk not in seen:
                seen.add(person.pk)
                known.add(person)
    return known


def _spellings(names: Iterable[str]) -> set[str]:
    """Return names as they may be written: databases differ in what they take for the same letter."""
    return {spelling for name in names for spelling in (name, name.title(), name.upper(), name.lower())}
