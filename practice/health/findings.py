"""The checks of the site: what each found, in a line for programs and in sentences for the owner.

`/healthz`, the owner's page and the line on Today ask the same checks. An app registers its own in
`AppConfig.ready()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from django.db import DatabaseError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class State(IntEnum):
    """How a part is: well; in need of somebody; or so that the site does not do its work."""

    WELL = 0
    ATTENTION = 1
    DOWN = 2


@dataclass(frozen=True)
class Finding:
    """What a check found. `says` is for programs and holds no secret; the rest is for the owner.

    `title`: one sentence; `to_do`: what to do, and who; `since`: since when it is not well, if that is known;
    `page`: the name of the page where it is mended, with `link`, its words.
    """

    says: str
    title: Words
    state: State = State.WELL
    to_do: Words = ""
    since: datetime | None = None
    page: str = ""
    link: Words = ""
    name: str = ""

    @property
    def is_broken(self) -> bool:
        """Return whether the site does not do its work because of it."""
        return self.state is State.DOWN


Check = Callable[[datetime], Finding]


@dataclass(frozen=True)
class Part:
    """A part of the site. `public`: shown by `/healthz`; `quick`: asks no other program."""

    check: Check
    public: bool
    quick: bool


_parts: dict[str, Part] = {}


def register(name: str, check: Check, *, public: bool = False, quick: bool = True) -> None:
    """Have a check asked from now on, after those that were registered before."""
    _parts[name] = Part(check, public, quick)


def look(name: str, now: datetime) -> Finding:
    """Return what one check finds; when the database answers it nothing, that."""
    try:
        found = _parts[name].check(now)
    except DatabaseError:
        found = Finding(
            "The database does not answer this.",
            _("The database doesn’t answer."),
            State.DOWN,
            _("The person who runs your server can start it again. Nothing that was saved is lost."),
        )
    return Finding(**{**vars(found), "name": name})


def look_at_all(now: datetime, *, only_public: bool = False, only_quick: bool = False) -> list[Finding]:
    """Return what all checks find, in the order of their registration."""
    return [
        look(name, now)
        for name, part in list(_parts.items())
        if (part.public or not only_public) and (part.quick or not only_quick)
    ]


def not_well(found: Iterable[Finding]) -> list[Finding]:
    """Return what somebody has to do something about, the gravest first."""
    return sorted((one for one in found if one.state), key=lambda one: -one.state)
