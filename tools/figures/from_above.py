"""Positions seen from above: lying on the side, and on the back."""

from __future__ import annotations

from dataclasses import replace
from math import atan2, cos, degrees, hypot, radians, sin

from tools.figures.skeleton import (
    FOREARM,
    HIP_WIDTH,
    SHANK,
    SHOULDER,
    SHOULDER_WIDTH,
    THIGH,
    UNIT,
    UPPER_ARM,
    Figure,
    Part,
    Pose,
    along,
    direction,
    leg,
    trunk,
)

CEILING = (0.44, -0.06)  # where "up to the ceiling" lies on the page


def side_lying(p: Pose, floor: float) -> Figure:
    """Return a figure lying on its side, drawn front up, as the scene turns it. turn 0 closed .. 1 open."""
    fig: Figure = {}
    hip = (268.0, 143.0)
    roll = p.turn * 62
    wide = 1 + 0.32 * sin(radians(roll))
    trunk(fig, hip, 183, 181, 179, 178, 184, 180)
    for name in ("ribs", "chest"):
        fig[name] = replace(fig[name], sy=wide if name == "chest" else (1 + wide) / 2)
    for which, dx in (("far", 5), ("near", 0)):
        leg(fig, which, (hip[0] + dx, hip[1] - dx), 288, 288 + 96, 288 + 96 - 90 + 35)
    _lower_arm(fig)
    _upper_arm(fig, p, roll)
    _turning_head(fig, p.turn)
    return fig


def _turning_head(fig: Figure, turn: float) -> None:
    """Place the head in profile while the book is closed, from the front once it opens, fading between."""
    head = fig["head"]
    front = min(1.0, max(0.0, (turn - 0.46) / 0.04))
    fig["head"] = replace(head, opacity=0.0 if front == 1 else 1.0)
    skull = Part("head-front", head.x, head.y, head.angle, opacity=front)
    fig["turned-head"] = skull
    for name, part in _looking(skull, radians((0.72 - turn) * 110)).items():
        fig[f"turned-{name}"] = replace(part, opacity=front)


def _lower_arm(fig: Figure) -> None:
    _arm_in_space(fig, "far", swing=radians(2), side=2.2, lean=0.16, bend=0)


def _upper_arm(fig: Figure, p: Pose, roll: float) -> None:
    """Place the upper arm, the page of the book: from the other palm over the ceiling to the floor behind."""
    side = -sin(radians(roll)) * 7.0
    _arm_in_space(fig, "near", swing=radians(6 + p.turn * 160), side=side, lean=0.02, bend=4)


def _arm_in_space(fig: Figure, which: str, *, swing: float, side: float, lean: float, bend: float) -> None:
    chest = fig["chest"]
    start = along((chest.x, chest.y), chest.angle, SHOULDER[0], SHOULDER[1] + side)
    x = 0.10 * cos(swing) + CEILING[0] * sin(swing) + lean
    y = -cos(swing) + CEILING[1] * sin(swing)
    angle, size = degrees(atan2(y, x)), min(1.0, hypot(x, y))
    elbow = along(start, angle, UPPER_ARM * size)
    wrist = along(elbow, angle + bend, FOREARM * size)
    fig[f"{which}-upper-arm"] = Part("upper-arm", *start, angle, size)
    fig[f"{which}-forearm"] = Part("forearm", *elbow, angle + bend, size)
    fig[f"{which}-hand"] = Part("hand", *wrist, angle + bend, max(size, 0.8))


def above(p: Pose, floor: float) -> Figure:
    """Return a figure on its back, knees bent. turn moves the knees, head moves the face."""
    fig: Figure = {}
    hip, up = (264.0, 150.0), 180.0
    fig["pelvis-front"] = Part("pelvis-front", hip[0], hip[1], up, 1, 1 - 0.06 * abs(p.turn))
    fig["trunk-front"] = Part("trunk-front", *along(hip, up, 6.0), up)
    base = along(hip, up, 33.0)
    fig["neck-front"] = Part("neck-front", *base, up)
    fig["head-front"] = Part("head-front", *along(base, up, 4.6, p.head * 1.9), up - p.head * 4)
    fig |= _looking(fig["head-front"], radians(p.head * 50))
    for which, sign in (("left", -1), ("right", 1)):
        _leg_from_above(fig, which, sign, p.turn)
        start = along(hip, up, 6 + 22.3, -sign * SHOULDER_WIDTH)
        out = 90 * sign - sign * (44 if p.arm == 0 else p.arm)
        elbow = along(start, out, UPPER_ARM)
        wrist = along(elbow, out - sign * p.elbow, FOREARM)
        fig[f"{which}-upper-arm"] = Part("upper-arm", *start, out)
        fig[f"{which}-forearm"] = Part("forearm", *elbow, out - sign * p.elbow)
        fig[f"{which}-hand"] = Part("hand", *wrist, out - sign * p.elbow, 1, sign)
    return fig


def _looking(skull: Part, gaze: float) -> Figure:
    """Return the face on a skull seen from the front, and the nose beyond its edge when it looks aside."""
    at = (skull.x, skull.y)
    return {
        "face": Part("face", *along(at, skull.angle, 0, 4.1 * sin(gaze)), skull.angle, 1, cos(gaze)),
        "nose": Part("nose", *along(at, skull.angle, 3.9, 5.6 * sin(gaze)), skull.angle),
    }


def _leg_from_above(fig: Figure, which: str, sign: int, turn: float) -> None:
    pelvis, flex = fig["pelvis-front"], radians(50)
    socket = (pelvis.x, pelvis.y + sign * HIP_WIDTH * UNIT * 0.92)
    sunk = THIGH * sin(flex) * sin(radians(turn * 56)) * UNIT
    knee = (socket[0] + THIGH * cos(flex) * UNIT, socket[1] + sunk)
    ankle = (pelvis.x + 31 * UNIT, pelvis.y + sign * 4.4 * UNIT + turn * 1.5 * UNIT)
    thigh, length = direction(socket, knee)
    fig[f"{which}-thigh"] = Part("thigh-front", *socket, thigh, length / THIGH)
    shank, length = direction(knee, ankle)
    fig[f"{which}-shank"] = Part("shank-front", *knee, shank, length / SHANK)
    fig[f"{which}-foot"] = Part("foot-front", *ankle, turn * 16, 0.95, -sign)
