"""The drawn figures of exercises: their names, and the paths of their static files."""

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
    """Return the path of the picture that shows the whole movement without moving."""
    return f"figures/{figure}.svg"


def moving(figure: str) -> str:
    """Return the path of the moving picture."""
    return f"figures/moving/{figure}.svg"
