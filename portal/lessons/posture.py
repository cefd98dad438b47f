"""PURE. The posture in which a lesson begins: lying, sitting or standing."""

from __future__ import annotations

from enum import StrEnum

from practice.core.locales.shipped_pages import written


class Posture(StrEnum):
    """A posture in which a lesson begins. The value names the drawing: templates/art/<value>.svg."""

    LYING = "lying"
    SITTING = "sitting"
    STANDING = "standing"


def posture_of(position: str) -> Posture:
    """Return the posture from the first word of `position`, such as "standing, then …"; else lying."""
    first = next(iter(written(position).lower().split()), "").strip(",;.:")
    return Posture(first) if first in set(Posture) else Posture.LYING
