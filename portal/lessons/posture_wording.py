"""The wording of a lesson's pages for each posture: lying, sitting or standing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from portal.lessons.posture import Posture, posture_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Wording:
    """The sentences for one posture, which names the drawing too; `shared` holds %(url)s."""

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


#: Names of the postures, to choose from.
POSTURES: dict[Posture, StrOrPromise] = {
    Posture.LYING: _("Lying down"),
    Posture.SITTING: _("Sitting"),
    Posture.STANDING: _("Standing"),
}
WORDING = {
    Posture.LYING: Wording(
        posture=Posture.LYING,
        before=_("Before you lie down"),
        begin=_("Lie down. Notice how you’re lying. Then begin."),
        asked_before=_("How are you lying right now?"),
        help_before=_("Where you touch the floor, and where you don’t."),
        asked_after=_("How are you lying now?"),
        stay=_("Lie still for a few breaths. There’s nothing to do."),
        look_back=_(
            "Before you get up: how are you lying now? Where do you touch more of the floor than before?"
        ),
        ended=_("Stay a moment. How are you lying now?"),
        noted_before=_("Lying, before"),
        noted_after=_("Lying, after"),
        free=_("A free audio lesson, done lying on the floor. No account needed."),
        shared=_("A quiet lesson you do lying on the floor. It’s free, with no account needed: %(url)s"),
    ),
    Posture.SITTING: Wording(
        posture=Posture.SITTING,
        before=_("Before you sit down"),
        begin=_("Sit down. Notice how you’re sitting. Then begin."),
        asked_before=_("How are you sitting right now?"),
        help_before=_("Where the chair supports you, and where it doesn’t."),
        asked_after=_("How are you sitting now?"),
        stay=_("Sit still for a few breaths. There’s nothing to do."),
        look_back=_("Before you get up: how are you sitting now? Where does the chair support more of you?"),
        ended=_("Stay a moment. How are you sitting now?"),
        noted_before=_("Sitting, before"),
        noted_after=_("Sitting, after"),
        free=_("A free audio lesson, done sitting on a chair. No account needed."),
        shared=_("A quiet lesson you do sitting on a chair. It’s free, with no account needed: %(url)s"),
    ),
    Posture.STANDING: Wording(
        posture=Posture.STANDING,
        before=_("Before you stand"),
        begin=_("Stand. Notice how you’re standing. Then begin."),
        asked_before=_("How are you standing right now?"),
        help_before=_("Where your feet touch the floor, and where they don’t."),
        asked_after=_("How are you standing now?"),
        stay=_("Stand still for a few breaths. There’s nothing to do."),
        look_back=_(
            "Before you walk on: how are you standing now? Where do your feet touch more of the floor?"
        ),
        ended=_("Stay a moment. How are you standing now?"),
        noted_before=_("Standing, before"),
        noted_after=_("Standing, after"),
        free=_("A free audio lesson that starts standing. No account needed."),
        shared=_("A quiet lesson that starts standing. It’s free, with no account needed: %(url)s"),
    ),
}


def wording_of(position: str) -> Wording:
    """Return the wording for the `position` of a lesson."""
    return WORDING[posture_of(position)]
