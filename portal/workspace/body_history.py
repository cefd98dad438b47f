"""Where it hurt at each intake, and what was worked on in each session: small drawings with their dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from booking.intake.answers import Answers, Unreadable, read
from booking.intake.wording import marked_in
from booking.models import Intake
from portal.models import SessionNote
from practice.core.body_map import from_text
from practice.models import User

DRAWINGS = 6


@dataclass(frozen=True)
class BodyMoment:
    """One drawing: when, what is marked, and whether it was felt ("felt") or worked on ("touched")."""

    at: dt.datetime
    marks: Mapping[str, int]
    words: str


def body_history(client: User, intakes: Iterable[Intake]) -> list[BodyMoment]:
    """Return the latest drawings, the oldest first; `intakes` as handed in. Unreadable ones are left out."""
    felt = [
        BodyMoment(one.handed_in_at, marks, "felt")
        for one in list(intakes)[:DRAWINGS]
        if one.handed_in_at and (marks := marked_in(_answers(one).part("where")))
    ]
    found = sorted([*felt, *_worked_on(client)], key=lambda one: one.at)
    return found[-DRAWINGS:]


def _answers(intake: Intake) -> Answers:
    try:
        return read(intake.answers)
    except Unreadable:
        return Answers()


def _worked_on(client: User) -> list[BodyMoment]:
    signed = (
        SessionNote.objects.signed().filter(appointment__client=client).order_by("-appointment__starts_at")
    )
    found = signed.values_list("appointment__starts_at", "touched")[:DRAWINGS]
    return [BodyMoment(at, marks, "touched") for at, touched in found if (marks := _marks(touched))]


def _marks(touched: str) -> dict[str, int]:
    try:
        return from_text(touched)
    except ValueError:
        return {}
