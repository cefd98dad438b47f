"""Is this letter still wanted? Asked at the moment of sending: the world moved since it was planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from practice.mail import suppression
from practice.models import Letter, Suppression


@dataclass(frozen=True)
class Send:
    """Still wanted."""


@dataclass(frozen=True)
class CallOff:
    """Not any more; `reason` is a sentence the practitioner can read."""

    reason: str


@dataclass(frozen=True)
class Postpone:
    """Not now: at `due_at`, judged anew then. `reason` is a sentence the practitioner can read."""

    due_at: datetime
    reason: str


@dataclass(frozen=True)
class Miss:
    """Too late. For the rules of this module; apps give a letter its `not_after` instead."""

    reason: str


Verdict = Send | CallOff | Postpone | Miss
Judge = Callable[[Letter, datetime], Verdict]

_judges: dict[str, Judge] = {}


def register(kind: str, judge: Judge) -> None:
    """Have `judge(letter, now)` asked before a letter of this kind goes. Called by apps in `ready()`."""
    _judges[kind] = judge


def judge(letter: Letter, now: datetime) -> Verdict:
    """What holds for every letter first, then what the app that sends this kind knows."""
    mark = suppression.mark_on(letter.to_address)
    if mark and mark.cause == Suppression.Cause.COMPLAINT:
        return CallOff(_("They reported a letter as unwanted, so we write to that address no more."))
    if mark:
        return CallOff(_("Earlier mail to that address came back."))
    if letter.user is not None and not letter.user.is_active:
        return CallOff(_("That account is closed."))
    if letter.not_after and now > letter.not_after:
        return Miss(_("Its time had passed before it could be sent."))
    if letter.blanked_at or not letter.text:
        return CallOff(_("Its text is no longer kept."))
    asked = _judges.get(letter.kind)
    return asked(letter, now) if asked else Send()
