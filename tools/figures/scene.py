"""A scene: a body that goes from one key position to the next, the ground under it, and its marks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import cos, pi

from tools.figures.skeleton import Figure, Pose

WIDTH, HEIGHT = 480, 300


@dataclass(frozen=True)
class Scene:
    """A description of one exercise for the drawing."""

    slug: str
    title: str
    words: str  # what the picture shows, for those who do not see it
    body: Callable[[Pose, float], Figure]  # supine, all_fours, ...
    poses: list[Pose]
    arrows: list[str] = field(default_factory=list)
    loop: bool = False
    seconds: float = 5.0
    floor: float = 236.0
    ground: str = "blanket"  # blanket, chair, rug (from above)
    pillow: bool = False
    turned_over: bool = False
    ghosts: tuple[int, ...] = ()  # which key positions are shown lightly; all but the first if not given
    ghost_without: tuple[str, ...] = ()  # parts that would only crowd the ghost
    marks: tuple[tuple[str, str], ...] = ()  # a part, and the line over the figure that goes with it
    ghost_marks: tuple[tuple[str, str], ...] = ()  # the same in the ghosts' positions, dashed
    extra: str = ""  # drawn above the figure; may use class "m"
    rules: str = ""  # its keyframes
    window: tuple[float, float, float, float] = (0, 0, WIDTH, HEIGHT)

    def pose_at(self, t: float) -> Pose:
        """Return the pose at a time between 0 and 1: gently between two ends, evenly in a circle."""
        stops = self.poses + self.poses[:1] if self.loop else self.poses
        position = t * (len(stops) - 1)
        i = min(int(position), len(stops) - 2)
        u = position - i
        return stops[i].toward(stops[i + 1], u if self.loop else (1 - cos(pi * u)) / 2)

    def figure_at(self, t: float) -> Figure:
        """Return the placed parts at that time."""
        return self.body(self.pose_at(t), self.floor)
