"""The drawn figures of exercises: their names, and where their files lie among the static files."""

from __future__ import annotations

FIGURES = (
    "pelvic-tilt",
    "knees-side-to-side",
    "knee-to-chest",
    "bridge-roll",
    "open-book",
    "cat-and-cow",
    "heel-slide",
    "ankle-circles",
    "shoulder-blade-circles",
    "head-turn",
)


def still(figure: str) -> str:
    """The picture that shows the whole movement without moving, below the static folder."""
    return f"figures/{figure}.svg"


def moving(figure: str) -> str:
    """The same picture, moving."""
    return f"figures/moving/{figure}.svg"
