"""The skeleton: lengths, joint angles, and the ends of chains of bones.

Lengths are per cent of the person's stature; angles are degrees. On the page 0 points right,
90 down, -90 up. The side figure faces right; lying on the back its head is on the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import acos, atan2, cos, degrees, hypot, radians, sin
from typing import Any

STATURE = 330.0  # pixels
UNIT = STATURE / 100
PELVIS, WAIST, RIBS, CHEST, NECK = 7.0, 6.5, 8.0, 8.5, 5.2
THIGH, SHANK, ANKLE_HEIGHT = 24.0, 23.5, 3.9
UPPER_ARM, FOREARM = 17.0, 14.5
SHOULDER = (4.6, -0.6)  # in the chest: (up, front)
NECK_BASE = (6.6, -1.3)
HIP_WIDTH, SHOULDER_WIDTH = 5.0, 10.2  # half, in the view from above

Point = tuple[float, float]


def along(origin: Point, angle: float, length: float, side: float = 0.0) -> Point:
    """Return the point `length` % along the direction and `side` % to its right-hand side on the page."""
    k, a = STATURE / 100, radians(angle)
    return origin[0] + k * (length * cos(a) - side * sin(a)), origin[1] + k * (
        length * sin(a) + side * cos(a)
    )


def direction(a: Point, b: Point) -> tuple[float, float]:
    """Return the direction from one point to another, and the distance in %."""
    return degrees(atan2(b[1] - a[1], b[0] - a[0])), hypot(b[0] - a[0], b[1] - a[1]) * 100 / STATURE


def reach(root: Point, target: Point, first: float, second: float, bend: int) -> tuple[float, float]:
    """Return the directions of two bones that must arrive at a point. bend is +1 or -1."""
    angle, d = direction(root, target)
    d = min(max(d, abs(first - second) + 0.01), first + second - 0.01)
    a = degrees(acos((first**2 + d**2 - second**2) / (2 * first * d)))
    b = degrees(acos((second**2 + d**2 - first**2) / (2 * second * d)))
    return angle + bend * a, angle - bend * b


@dataclass(frozen=True)
class Part:
    """A shape with its position."""

    shape: str
    x: float
    y: float
    angle: float
    sx: float = 1.0
    sy: float = 1.0
    opacity: float = 1.0


Figure = dict[str, Part]  # name -> placed part


@dataclass(frozen=True)
class Pose:
    """The joint angles of one key position, in degrees; + is flexion, for the pelvis "tail tucked under"."""

    tilt: float = 0.0
    lift: float = 0.0  # the pelvis above its resting height, % of stature
    waist: float = 0.0  # low back: + rounds (flattens on the floor), - hollows
    chest: float = 0.0
    upper_back: float = 0.0
    neck: float = 0.0
    head: float = 0.0
    near_foot: float = 37.0  # where the heel stands, % of stature from the hip; 48 is a straight leg
    far_foot: float = 40.0
    near_hip: float | None = None  # give hip and knee instead, and the foot hangs free
    near_knee: float = 0.0
    ankle: float = 0.0
    toe: float = 0.0
    shoulder: Point = (0.0, 0.0)  # glide of the shoulder blade (up, front)
    arm: float = 0.0
    elbow: float = 8.0
    on_belly: bool = False  # hands on the lower ribs, so that the low back can be seen
    hold: bool = False  # hands around the near knee
    turn: float = 0.0  # head, trunk or knees to the side, -1..1
    shift: float = 0.0

    def toward(self, other: Pose, t: float) -> Pose:
        """Return the pose between this one (t = 0) and another (t = 1)."""
        return Pose(
            **{
                name: _between(getattr(self, name), getattr(other, name), t)
                for name in self.__dataclass_fields__
            }
        )


def _between(a: Any, b: Any, t: float) -> Any:
    if isinstance(a, bool):
        return a
    if isinstance(a, tuple):
        return tuple(_between(x, y, t) for x, y in zip(a, b))
    return None if a is None or b is None else a + (b - a) * t


def trunk(
    fig: Figure, hip: Point, pelvis: float, waist: float, ribs: float, chest: float, neck: float, head: float
) -> None:
    """Chain the trunk upwards from the hip joint; every number is a direction on the page."""
    fig["pelvis"] = Part("pelvis", *hip, pelvis)
    p = along(hip, pelvis, PELVIS, -0.3)
    fig["waist"] = Part("waist", *p, waist)
    p = along(p, waist, WAIST)
    fig["ribs"] = Part("ribs", *p, ribs)
    p = along(p, ribs, RIBS)
    fig["chest"] = Part("chest", *p, chest)
    top_of_body(fig, neck, head)


def top_of_body(fig: Figure, neck: float, head: float) -> None:
    """Place neck and head on a chest that is placed."""
    chest = fig["chest"]
    base = along((chest.x, chest.y), chest.angle, *NECK_BASE)
    fig["neck"] = Part("neck", *base, neck)
    fig["head"] = Part("head", *along(base, neck, NECK), head)


def shoulder_of(fig: Figure, shift: Point = (0, 0)) -> Point:
    """Return the point where an arm begins."""
    c = fig["chest"]
    return along((c.x, c.y), c.angle, SHOULDER[0] + shift[0], SHOULDER[1] + shift[1])


def leg(fig: Figure, which: str, hip: Point, thigh: float, shank: float, foot: float) -> None:
    """Place a leg that hangs from the hip joint."""
    knee = along(hip, thigh, THIGH)
    ankle = along(knee, shank, SHANK)
    fig[f"{which}-thigh"] = Part("thigh", *hip, thigh)
    fig[f"{which}-shank"] = Part("shank", *knee, shank)
    fig[f"{which}-foot"] = Part("foot", *ankle, foot)


def arm(
    fig: Figure, which: str, shoulder: Point, upper: float, fore: float, hand: float, grip: str = "hand"
) -> None:
    """Place an arm that hangs from the shoulder."""
    elbow = along(shoulder, upper, UPPER_ARM)
    wrist = along(elbow, fore, FOREARM)
    fig[f"{which}-upper-arm"] = Part("upper-arm", *shoulder, upper)
    fig[f"{which}-forearm"] = Part("forearm", *elbow, fore)
    fig[f"{which}-hand"] = Part(grip, *wrist, hand)
