"""Positions seen from the side: each turns a pose's angles into placed parts on the floor."""

from __future__ import annotations

from dataclasses import replace
from math import asin, degrees, sqrt

from tools.figures.shapes import lowest
from tools.figures.skeleton import (
    ANKLE_HEIGHT,
    CHEST,
    FOREARM,
    NECK,
    NECK_BASE,
    PELVIS,
    RIBS,
    SHANK,
    THIGH,
    UNIT,
    UPPER_ARM,
    WAIST,
    Figure,
    Part,
    Point,
    Pose,
    along,
    arm,
    direction,
    leg,
    reach,
    shoulder_of,
    trunk,
)

FEET = 262.0  # they stand still while the pelvis moves


def supine(p: Pose, floor: float) -> Figure:
    """Return a figure on its back: head, ribs and pelvis rest on the floor, waist and neck bridge them."""
    fig: Figure = {}
    _ribs_on_the_floor(fig, p, floor)
    _pelvis_on_the_floor(fig, p, floor)
    _head_on_the_floor(fig, p, floor)
    pelvis = fig["pelvis"]
    hip = (pelvis.x, pelvis.y)
    if p.near_hip is None:
        _standing_leg(fig, "near", hip, p.near_foot, p, floor)
    else:
        thigh = pelvis.angle + 180 - p.near_hip
        shank = thigh + p.near_knee
        leg(fig, "near", hip, thigh, shank, shank - 90 - p.ankle)
    _standing_leg(fig, "far", (hip[0] + 2, hip[1] - 1), p.far_foot, p, floor)
    for which in ("near", "far"):
        if p.hold:
            _arm_around_the_shin(fig, which, p)
        elif p.on_belly:
            _arm_on_the_belly(fig, which, p, floor)
        else:
            _arm_on_the_floor(fig, which, p, floor)
    return fig


def _ribs_on_the_floor(fig: Figure, p: Pose, floor: float) -> None:
    chest = 180 - p.chest
    x, _ = along((136.0, 0.0), chest + 180, CHEST)
    at = (x, 0.0)
    ribs = along(at, chest + 180, RIBS)
    low = max(ribs[1] + lowest("ribs", chest) * UNIT, at[1] + lowest("chest", chest) * UNIT)
    fig["chest"] = Part("chest", x, floor - low, chest)
    fig["ribs"] = Part("ribs", ribs[0], ribs[1] + floor - low, chest)


def _pelvis_on_the_floor(fig: Figure, p: Pose, floor: float) -> None:
    pelvis = 180 - p.tilt
    ribs = (fig["ribs"].x, fig["ribs"].y)
    hip_y = floor - (lowest("pelvis", pelvis) + p.lift) * UNIT
    top_dy = along((0, hip_y), pelvis, PELVIS, -0.3)[1] - ribs[1]
    top_x = ribs[0] + sqrt(max((WAIST * UNIT) ** 2 - top_dy**2, 0))
    hip = (top_x - along((0, 0), pelvis, PELVIS, -0.3)[0], hip_y)
    fig["pelvis"] = Part("pelvis", *hip, pelvis)
    top = along(hip, pelvis, PELVIS, -0.3)
    angle, length = direction(top, ribs)
    fig["waist"] = Part("waist", top[0], top[1] + p.waist * UNIT, angle, length / WAIST)


def _head_on_the_floor(fig: Figure, p: Pose, floor: float) -> None:
    chest = fig["chest"]
    base = along((chest.x, chest.y), chest.angle, *NECK_BASE)
    head_angle = 180 + p.head
    head_y = floor - 3.5 - lowest("head", head_angle) * UNIT
    dy = head_y - base[1]
    pivot = (base[0] - sqrt(max((NECK * UNIT) ** 2 - dy**2, 1)), head_y)
    angle, length = direction(base, pivot)
    fig["neck"] = Part("neck", *base, angle, length / NECK)
    fig["head"] = Part("head", *pivot, head_angle)


def _standing_leg(fig: Figure, which: str, socket: Point, heel: float, p: Pose, floor: float) -> None:
    """Place a leg whose foot stays on the floor; hip and knee follow."""
    straight = max(0.0, (heel - 39.5) / 8.0)
    toes = -72 * min(1, straight) ** 1.6
    ankle = (FEET + heel * UNIT, floor - lowest("foot", toes) * UNIT)
    thigh, shank = reach(socket, ankle, THIGH, SHANK, -1)
    leg(fig, which, socket, thigh, shank, toes + p.toe)


def _arm_around_the_shin(fig: Figure, which: str, p: Pose) -> None:
    near = which == "near"
    shank, start = fig["near-shank"], shoulder_of(fig, p.shoulder)
    x, y = along((shank.x, shank.y), shank.angle, 4.2, -2.6)
    upper, fore = reach(start, (x + (0 if near else 3), y), UPPER_ARM, FOREARM + 1.5, +1)
    arm(fig, which, start, upper, fore, shank.angle - 8)


def _along_the_floor(start: Point, height: float, length: float, floor: float) -> float:
    return degrees(asin((floor - height * UNIT - start[1]) / (length * UNIT)))


def _arm_on_the_belly(fig: Figure, which: str, p: Pose, floor: float) -> None:
    near, start = which == "near", shoulder_of(fig, p.shoulder)
    upper = _along_the_floor(start, 2.9, UPPER_ARM * 0.5, floor)
    elbow = along(start, upper, UPPER_ARM * 0.5)
    fore = -84 if near else -64
    wrist = along(elbow, fore, FOREARM * (0.6 if near else 0.4))
    fig[f"{which}-upper-arm"] = Part("upper-arm", *start, upper, 0.5)
    fig[f"{which}-forearm"] = Part("forearm", *elbow, fore, 0.6)
    fig[f"{which}-hand"] = Part("hand", *wrist, -14 if near else 196, 0.85, -1)


def _arm_on_the_floor(fig: Figure, which: str, p: Pose, floor: float) -> None:
    start = shoulder_of(fig, p.shoulder)
    upper = _along_the_floor(start, 2.9, UPPER_ARM, floor)
    elbow = along(start, upper, UPPER_ARM)
    arm(fig, which, start, upper, _along_the_floor(elbow, 1.9, FOREARM, floor), 1, "palm")


def all_fours(p: Pose, floor: float) -> Figure:
    """Return a figure on hands and knees."""
    fig: Figure = {}
    knee = (150.0, floor - 3.5 * UNIT)
    hip = along(knee, -90 + p.shift, THIGH)
    pelvis = -6 - p.tilt
    ribs = p.chest - 8
    chest = p.chest + p.upper_back - 6
    trunk(fig, hip, pelvis, (pelvis + ribs) / 2, ribs, chest, chest + p.neck, chest + p.head)
    for which in ("near", "far"):
        k = (knee[0] + (0 if which == "near" else 9), knee[1])
        thigh, length = direction(hip, k)
        fig[f"{which}-thigh"] = Part("thigh", *hip, thigh, length / THIGH)
        fig[f"{which}-shank"] = Part("shank", *k, 177)
        fig[f"{which}-foot"] = Part("foot", *along(k, 177, SHANK), 161)
        start = shoulder_of(fig, p.shoulder)
        wrist = (knee[0] + (27.5 if which == "near" else 29.5) * UNIT, floor - 2.0 * UNIT)
        upper, fore = reach(start, wrist, UPPER_ARM, FOREARM, +1)
        arm(fig, which, start, upper, fore, 2, "palm")
    return fig


def sitting(p: Pose, floor: float) -> Figure:
    """Return a figure upright on a chair, hands on the thighs."""
    fig: Figure = {}
    hip = (186.0, floor - (SHANK + ANKLE_HEIGHT + 1.0) * UNIT)
    pelvis, chest = -90 - p.tilt, -90 + p.chest
    up = (chest + 2 + p.upper_back, chest + 11 + p.neck, -90 + p.head)
    trunk(fig, hip, pelvis, (pelvis + chest) / 2 + 1, chest - 1, *up)
    for which in ("far", "near"):
        near = which == "near"
        if near and p.near_hip is not None:
            thigh = 90 - p.near_hip
            shank = thigh + p.near_knee
            leg(fig, which, hip, thigh, shank, shank - 90 - p.ankle + p.toe)
            fig["near-foot"] = replace(fig["near-foot"], sx=1 - 0.12 * p.turn)
        else:
            ankle = (hip[0] + (THIGH - (1 if near else -1.5)) * UNIT, floor - ANKLE_HEIGHT * UNIT)
            leg(fig, which, hip, *reach(hip, ankle, THIGH, SHANK, -1), 0)
        start = shoulder_of(fig, p.shoulder)
        wrist = (hip[0] + (14.5 if near else 17) * UNIT, hip[1] - 6.9 * UNIT)
        arm(fig, which, start, *reach(start, wrist, UPPER_ARM, FOREARM, +1), 8, "palm")
    return fig


def standing(p: Pose, floor: float) -> Figure:
    """Return a standing figure, arms hanging, one foot a little before the other, as seen from the side."""
    fig: Figure = {}
    hip = (320.0, floor - (THIGH + SHANK + ANKLE_HEIGHT - 0.2) * UNIT)  # the knees not locked
    trunk(fig, hip, -92 - p.tilt, -88, -89 + p.chest, -87 + p.chest, -78 + p.neck, -90 + p.head)
    for which, foot, upper in (("far", 1.5, 86), ("near", -3.0, 96)):
        ankle = (hip[0] + foot * UNIT, floor - ANKLE_HEIGHT * UNIT)
        leg(fig, which, hip, *reach(hip, ankle, THIGH, SHANK, -1), 0)
        arm(fig, which, shoulder_of(fig, p.shoulder), upper, upper - 10, upper - 12)
    return fig
