"""PURE. How a lesson is begun: lying, sitting or standing."""

from __future__ import annotations

from enum import StrEnum


class Posture(StrEnum):
    """How one begins. The value names the drawing: templates/art/<value>.svg."""

    LYING = "lying"
    SITTING = "sitting"
    STANDING = "standing"


def posture_of(position: str) -> Posture:
    """By the first word of what the lesson's row says: "standing, then lying on the back". Else lying."""
    first = next(iter(position.lower().split()), "").strip(",;.:")
    return Posture(first) if first in set(Posture) else Posture.LYING
