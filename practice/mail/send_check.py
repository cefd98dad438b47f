"""The check of an email when it leaves: whether it is still wanted, and what it says now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from practice.core.reasons import Reasons, because
from practice.mail.channels.table import transport_of
from practice.mail.channels.transport import Block
from practice.mail.composing.envelope import address_of
from practice.mail.composing.render import Rendered
from practice.mail.kinds import UNASKED, kind_of
from practice.mail.post import Attachment
from practice.models import Letter


@dataclass(frozen=True)
class Fresh:
    """The present words of an email, written on its row for the sending, in place of the earlier ones.

    They stay there if the email went or may have gone; else the row gets its earlier words back. Recipients
    are not part of this: `practice.mail.composing.envelope`. `attachments`: None leaves those of the row;
    `from_name`: an empty one leaves the row's.
    """

    words: Rendered
    headers: Mapping[str, str] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] | None = None
    from_name: str = ""


@dataclass(frozen=True)
class Send:
    """A verdict: send it. `fresh`: for kinds that are worded when they leave."""

    fresh: Fresh | None = None


@dataclass(frozen=True)
class Cancel:
    """A verdict: cancel it; `why` in codes that the practitioner reads as sentences.

    `purge`: its words are emptied; and if the reader is gone, name and address too.
    """

    why: Reasons
    purge: bool = False


@dataclass(frozen=True)
class Postpone:
    """A verdict: wait until `due_at`, and and check again then.

    `lives_on`: it makes sense for as long after its new time as after the old one.
    """

    due_at: datetime
    why: Reasons
    lives_on: bool = True


@dataclass(frozen=True)
class NeedsPerson:
    """A verdict: it cannot go, and a person here is asked at once to tell its reader another way."""

    why: Reasons


@dataclass(frozen=True)
class Miss:
    """A verdict: too late. For the rules of this module; apps give an email its `not_after` instead."""

    why: Reasons


Verdict = Send | Cancel | Postpone | Miss | NeedsPerson
SendCheck = Callable[[Letter, datetime], Verdict]
Previewer = Callable[[Letter, datetime], Rendered | None]

_judges: dict[str, SendCheck] = {}
_previewers: dict[str, Previewer] = {}


def register(kind: str, judge: SendCheck, *, previewer: Previewer | None = None) -> None:
    """Have `judge(letter, now)` asked before an email of this kind goes. Called by apps in `ready()`.

    `previewer`: of a kind whose words are made when it leaves; asked what it would say if it left when due.
    """
    _judges[kind] = judge
    if previewer:
        _previewers[kind] = previewer


@dataclass(frozen=True)
class Check:
    """How a kind is judged and worded when it leaves, and what it would say before that: see `register`."""

    judge: SendCheck
    previewer: Previewer | None = None


def register_all(checks: Mapping[str, Check]) -> None:
    """Register the checks of a module that plans emails, by kind: its `CHECKS`."""
    for kind, check in checks.items():
        register(kind, check.judge, previewer=check.previewer)


def is_judged(letter: Letter) -> bool:
    """Return whether an app is asked before emails of this kind go."""
    return letter.kind in _judges


def preview_of(letter: Letter, now: datetime) -> Rendered | None:
    """Return what an email that waits, or could not go, would say now; None: what its row says."""
    asked, waits = _previewers.get(letter.kind), letter.state == Letter.State.PLANNED
    could_not = letter.state == Letter.State.FAILED and letter.category not in UNASKED
    return asked(letter, now) if asked and (waits or could_not) else None


def check_before_sending(letter: Letter, now: datetime) -> Verdict:
    """Return the verdict: first the rules for every email, then its app's. Reads no words."""
    address = address_of(letter)
    if letter.user is not None and not letter.user.is_active:
        return Cancel(because("account_closed"))
    if held := held_back(letter, address):
        return held
    if letter.not_after and now > letter.not_after:
        return Miss(because("too_late"))
    if letter.blanked_at:
        return Cancel(because("text_gone"))
    asked = _judges.get(letter.kind)
    return asked(letter, now) if asked else Send()


def held_back(letter: Letter, address: str) -> Verdict | None:
    """Return the verdict that an email's address calls for; None: nothing is against it.

    A complaint stops only what was not asked for. What is needed and cannot go is shown to a person at once.
    """
    if kind_of(letter).is_to_ourselves and address:
        return None
    block, unasked = transport_of(letter).is_blocked(address), letter.category in UNASKED
    if block == Block.COMPLAINED:
        why = because("complained")
        return Cancel(why) if unasked else None
    if block:
        why = because("address_bounced")
    elif not address:
        why = because("no_address")
    else:
        return None
    return Cancel(why) if unasked or kind_of(letter).needs_no_person else NeedsPerson(why)
