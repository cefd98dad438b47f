"""Landmarks of one half of the body's outline. The body is 400 units high; x = 0 is the middle.

Seen from the front this is the person's left half, on the right of the page. The other half is mirrored.
"""

from __future__ import annotations

Point = tuple[float, float]

ARM_SIDE: dict[str, Point] = {
    # the head, from the crown to the nape
    **{"crown": (0, 2.5), "brow": (8.5, 4.2), "temple": (15.8, 10.4), "ear": (19.6, 22), "cheek": (18.8, 35)},
    **{"jaw": (16.0, 45.5), "nape": (12.6, 53)},
    # neck and shoulder
    **{"neck": (12.0, 61), "neck-low": (14.2, 67.2), "collar": (20.5, 71.8), "slope": (31, 75.6)},
    **{"acromion": (41, 80), "cap": (48.6, 88.5), "sleeve": (53.0, 101), "deltoid": (55.8, 117)},
    # down the outside of the arm
    **{"biceps": (58.8, 134), "elbow": (61.6, 150), "forearm": (67.6, 168), "forearm-low": (70.8, 188)},
    # the hand: four fingers as one, and the thumb, which is nearest to the body
    **{"wrist": (71.2, 206), "knuckles": (75.0, 216), "fingers": (77.2, 228), "fingers-low": (76.6, 241)},
    **{"tip": (73.6, 250.5), "tip-in": (69.8, 249.6), "palm": (67.6, 240), "web": (66.6, 229.5)},
    **{
        "thumb": (64.9, 236.5),
        "thumb-tip": (61.2, 238.5),
        "thumb-in": (59.8, 230),
        "thumb-root": (60.2, 217),
    },
    # up the inside of the arm
    **{"wrist-in": (61.2, 206), "forearm-in": (56.2, 188), "forearm-high": (50.2, 169)},
    **{"elbow-in": (47.4, 152), "biceps-in": (43.8, 134), "armpit": (39.2, 114)},
}

LEG_SIDE: dict[str, Point] = {
    # down the side of the trunk
    **{"armpit": (39.2, 114), "chest": (37.6, 130), "rib": (34.8, 149), "waist": (33.4, 164)},
    **{"iliac": (35.6, 181), "crest": (38.4, 193), "trochanter": (41.2, 207), "hip": (42.4, 221)},
    # down the outside of the leg
    **{"thigh": (41.2, 240), "thigh-low": (37.0, 260), "knee-above": (32.6, 275), "knee": (31.2, 287)},
    **{"knee-below": (31.6, 302), "calf": (33.8, 320), "calf-low": (31.0, 343), "shin": (25.8, 367)},
    # the foot
    **{"ankle": (24.6, 379), "instep": (26.4, 386.5), "toes": (32.4, 393.5), "toe-tip": (32.6, 399)},
    **{"sole": (23, 401), "heel": (12.6, 400), "heel-in": (9.6, 394.5), "arch": (10.8, 386)},
    # up the inside of the leg
    **{"ankle-in": (12, 377), "shin-in": (12.6, 366), "calf-low-in": (9.8, 343), "calf-in": (7.8, 320)},
    **{"knee-below-in": (9.8, 302), "knee-in": (9.4, 287), "knee-above-in": (7.8, 275)},
    **{"thigh-low-in": (5.4, 258), "thigh-in": (2.6, 238), "crotch": (0, 219)},
}
