"""The parts of the body map as closed shapes. Neighbors share the very same curves: there are no gaps."""

from __future__ import annotations

from tools.bodymap.curves import Curves, Outline, across, back, bend, mirrored, straight
from tools.bodymap.landmarks import ARM_SIDE, LEG_SIDE

VIEWS = ("front", "back")
P = ARM_SIDE | LEG_SIDE
arm, leg = Outline(ARM_SIDE).between, Outline(LEG_SIDE).between

SILHOUETTE = across(arm("crown", "armpit") + leg("armpit", "crotch"))

# Where one part ends and the next begins; those of the middle run to the middle line.
JAW = bend(P["nape"], (8.5, 60.5), (0, 61.5))
HAIRLINE = bend(P["nape"], (6, 57.5), (0, 57.5))
COLLAR = bend(P["collar"], (11, 79), (0, 80.5))
YOKE = bend(P["collar"], (12, 79), (0, 84))
SHOULDER = bend(P["armpit"], (36, 86), P["collar"])
SLEEVE = bend(P["deltoid"], (49, 120), P["armpit"])
COSTAL_ARCH = bend(P["rib"], (17, 149), (0, 130))
LAST_RIB = bend(P["rib"], (17, 153), (0, 150))
BELT = bend(P["iliac"], (22, 205), (0, 207))
CREST = bend(P["iliac"], (20, 176), (0, 180))
SACRUM = bend(P["crest"], (17, 196), (0, 213))
GROIN = bend(P["hip"], (20, 226), P["crotch"])
FOLD = bend(P["hip"], (22, 240), P["crotch"])
KNEE_TOP = bend(P["knee-above"], (20, 270), P["knee-above-in"])
KNEE_LOW = bend(P["knee-below"], (20, 307), P["knee-below-in"])
ANKLE = bend(P["shin"], (19, 371), P["shin-in"])


def shapes(view: str) -> dict[str, Curves]:
    """Return the parts seen from the front or from the back, in painting order."""
    front = view == "front"
    found = _in_the_middle_of_the_front() if front else _in_the_middle_of_the_back()
    for name, curves in _on_each_side(front=front).items():
        for side in ("left", "right"):
            drawn_as_written = (side == "left") == front
            found[f"{name}-{side}"] = curves if drawn_as_written else mirrored(curves)
    return found


def _in_the_middle_of_the_front() -> dict[str, Curves]:
    return {
        "head": across(arm("crown", "nape") + JAW),
        "neck": across(back(JAW) + arm("nape", "collar") + COLLAR),
        "abdomen": across(back(COSTAL_ARCH) + leg("rib", "iliac") + BELT),
    }


def _in_the_middle_of_the_back() -> dict[str, Curves]:
    return {
        "head": across(arm("crown", "nape") + HAIRLINE),
        "neck": across(back(HAIRLINE) + arm("nape", "collar") + YOKE),
        "low-back": across(back(LAST_RIB) + leg("rib", "iliac") + CREST),
        "pelvis": across(back(CREST) + leg("iliac", "crest") + SACRUM),
    }


def _on_each_side(*, front: bool) -> dict[str, Curves]:
    """Return the parts that come in pairs, as one half of the drawing shows them."""
    neck, trunk, leg_top = (COLLAR, COSTAL_ARCH, GROIN) if front else (YOKE, LAST_RIB, FOLD)
    ribs = back(neck) + back(SHOULDER) + leg("armpit", "rib") + trunk + straight(trunk[-1][3], neck[-1][3])
    if front:
        hip = leg("iliac", "hip") + GROIN + straight(P["crotch"], (0, 207)) + back(BELT)
    else:
        hip = leg("crest", "hip") + FOLD + straight(P["crotch"], (0, 213)) + back(SACRUM)
    thigh = leg("hip", "knee-above") + KNEE_TOP + leg("knee-above-in", "crotch") + back(leg_top)
    knee = leg("knee-above", "knee-below") + KNEE_LOW + leg("knee-below-in", "knee-above-in") + back(KNEE_TOP)
    lower_leg = leg("knee-below", "shin") + ANKLE + leg("shin-in", "knee-below-in") + back(KNEE_LOW)
    return {
        "shoulder": arm("collar", "deltoid") + SLEEVE + SHOULDER,
        "arm": arm("deltoid", "armpit") + back(SLEEVE),
        "ribs": ribs,
        "thigh": thigh,
        "knee": knee,
        "lower-leg": lower_leg,
        "foot": leg("shin", "shin-in") + back(ANKLE),
        "hip": hip,
    }
