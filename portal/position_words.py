"""What a lesson's pages say, by how it is begun: lying, sitting or standing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.positions import Posture, posture_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Wording:
    """`posture` names the drawing too; `shared` holds %(url)s."""

    posture: Posture
    before: StrOrPromise
    begin: StrOrPromise
    asked_before: StrOrPromise
    help_before: StrOrPromise
    asked_after: StrOrPromise
    stay: StrOrPromise
    look_back: StrOrPromise
    ended: StrOrPromise
    noted_before: StrOrPromise
    noted_after: StrOrPromise
    free: StrOrPromise
    shared: StrOrPromise


WORDING = {
    Posture.LYING: Wording(
        posture=Posture.LYING,
        before=_("Before you lie down"),
        begin=_("Lie down. Notice how you lie. Then begin."),
        asked_before=_("How do you lie just now?"),
        help_before=_("Where the floor is close, where not."),
        asked_after=_("How do you lie now?"),
        stay=_("Lie still for a few breaths; there is nothing to do."),
        look_back=_("Before you get up: how do you lie now? Where is the floor closer than it was?"),
        ended=_("Stay a moment. How do you lie now?"),
        noted_before=_("Lying, before"),
        noted_after=_("Lying, after"),
        free=_("A free audio lesson, done lying on the floor. No account."),
        shared=_("A quiet lesson, to be done lying on the floor. Free, no account: %(url)s"),
    ),
    Posture.SITTING: Wording(
        posture=Posture.SITTING,
        before=_("Before you sit down"),
        begin=_("Sit down. Notice how you sit. Then begin."),
        asked_before=_("How do you sit just now?"),
        help_before=_("Where the chair carries you, where not."),
        asked_after=_("How do you sit now?"),
        stay=_("Sit still for a few breaths; there is nothing to do."),
        look_back=_("Before you get up: how do you sit now? Where does the chair carry more of you?"),
        ended=_("Stay a moment. How do you sit now?"),
        noted_before=_("Sitting, before"),
        noted_after=_("Sitting, after"),
        free=_("A free audio lesson, done sitting on a chair. No account."),
        shared=_("A quiet lesson, to be done sitting on a chair. Free, no account: %(url)s"),
    ),
    Posture.STANDING: Wording(
        posture=Posture.STANDING,
        before=_("Before you stand"),
        begin=_("Stand. Notice how you stand. Then begin."),
        asked_before=_("How do you stand just now?"),
        help_before=_("Where the soles touch the floor, where not."),
        asked_after=_("How do you stand now?"),
        stay=_("Stand still for a few breaths; there is nothing to do."),
        look_back=_("Before you walk on: how do you stand now? Where do the soles touch more of the floor?"),
        ended=_("Stay a moment. How do you stand now?"),
        noted_before=_("Standing, before"),
        noted_after=_("Standing, after"),
        free=_("A free audio lesson, begun standing. No account."),
        shared=_("A quiet lesson, begun standing. Free, no account: %(url)s"),
    ),
}


def wording_of(position: str) -> Wording:
    """The words for what the lesson's row says."""
    return WORDING[posture_of(position)]
