"""Smooth curves through landmarks, cut into pieces, mirrored and closed. Geometry only.

A curve is a cubic Bézier: start, two handles, end. A line of curves is a list, each beginning where the one
before it ended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot

from tools.bodymap.landmarks import Point

Curve = tuple[Point, Point, Point, Point]
Curves = list[Curve]


class Outline:
    """A smooth line through landmarks in their order (centripetal Catmull-Rom)."""

    def __init__(self, landmarks: Mapping[str, Point]) -> None:
        self.names = list(landmarks)
        points = list(landmarks.values())
        # Beyond the middle line the curve goes on as its mirror image; elsewhere it just ends.
        before = _mirrored(points[1]) if points[0][0] == 0 else points[0]
        after = _mirrored(points[-2]) if points[-1][0] == 0 else points[-1]
        points = [before, *points, after]
        self.curves = [_through(*points[i - 1 : i + 3]) for i in range(1, len(points) - 2)]

    def between(self, start: str, end: str) -> Curves:
        """Return the piece from one landmark to another, forwards or backwards."""
        first, last = self.names.index(start), self.names.index(end)
        if first < last:
            return self.curves[first:last]
        return back(self.curves[last:first])


def _mirrored(point: Point) -> Point:
    return (-point[0], point[1])


def _through(before: Point, start: Point, end: Point, after: Point) -> Curve:
    """Return the curve from start to end, whose direction at both comes from their neighbors."""
    return (start, _handle(before, start, end), _handle(after, end, start), end)


def _handle(beyond: Point, at: Point, towards: Point) -> Point:
    """Return the handle of a curve that leaves `at`, coming from `beyond`, going to `towards`."""
    if beyond == at:
        return at
    near, far = _root_of_distance(beyond, at), _root_of_distance(at, towards)
    weight = 2 * near * near + 3 * near * far + far * far
    x, y = (
        (near * near * t - far * far * b + weight * a) / (3 * near * (near + far))
        for a, b, t in zip(at, beyond, towards)
    )
    return (x, y)


def _root_of_distance(one: Point, other: Point) -> float:
    return max(hypot(other[0] - one[0], other[1] - one[1]), 1e-3) ** 0.5


def bend(start: Point, via: Point, end: Point) -> Curves:
    """Return a curve that is drawn towards `via` (a quadratic one, written as a cubic)."""

    def third(point: Point) -> Point:
        return (point[0] + 2 / 3 * (via[0] - point[0]), point[1] + 2 / 3 * (via[1] - point[1]))

    return [(start, third(start), third(end), end)]


def straight(start: Point, end: Point) -> Curves:
    """Return a straight line."""
    return [(start, start, end, end)]


def back(curves: Sequence[Curve]) -> Curves:
    """Return the same line from its end to its start."""
    return [(end, second, first, start) for start, first, second, end in reversed(curves)]


def mirrored(curves: Sequence[Curve]) -> Curves:
    """Return the same line on the other side of the body."""
    return [(_mirrored(a), _mirrored(b), _mirrored(c), _mirrored(d)) for a, b, c, d in curves]


def across(half: Curves) -> Curves:
    """Return a shape across the middle: one half between middle points, then its mirror image."""
    return half + back(mirrored(half))


def path(curves: Sequence[Curve]) -> str:
    """Return the closed shape as the `d` of an SVG path."""
    steps = "".join(f"C{_at(first)} {_at(second)} {_at(end)}" for _start, first, second, end in curves)
    return f"M{_at(curves[0][0])}{steps}Z"


def _at(point: Point) -> str:
    return f"{_short(point[0])} {_short(point[1])}"


def _short(value: float) -> str:
    return f"{round(value, 1) + 0.0:g}"  # + 0.0: no minus before a nought
