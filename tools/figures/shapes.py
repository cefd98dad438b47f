"""The shapes of the parts: outlines in % of stature, each with its joint at (0, 0), pointing along +x."""

from __future__ import annotations

from math import cos, hypot, radians, sin

from tools.figures.skeleton import FOREARM, RIBS, SHANK, SHOULDER, THIGH, UNIT, UPPER_ARM, WAIST, Point


def spline(points: list[Point]) -> str:
    """Return a closed, smooth path through the points (centripetal Catmull-Rom as cubic Béziers)."""
    n = len(points)
    p = [(x * UNIT, y * UNIT) for x, y in points]
    out = [f"M{p[0][0]:.1f} {p[0][1]:.1f}"]
    for i in range(n):
        a, b, c, d = p[i - 1], p[i], p[(i + 1) % n], p[(i + 2) % n]
        (x1, y1), (x2, y2) = _handle(a, b, c), _handle(d, c, b)
        out.append(f"C{x1:.1f} {y1:.1f} {x2:.1f} {y2:.1f} {c[0]:.1f} {c[1]:.1f}")
    return "".join(out) + "Z"


def _handle(before: Point, at: Point, after: Point) -> Point:
    """Return the point to which the curve from `at` to `after` is pulled, coming from `before`."""
    d1 = max(hypot(at[0] - before[0], at[1] - before[1]), 1e-6) ** 0.5
    d2 = max(hypot(after[0] - at[0], after[1] - at[1]), 1e-6) ** 0.5
    whole = 3 * d1 * (d1 + d2)
    x, y = (
        (d1 * d1 * after[j] - d2 * d2 * before[j] + (2 * d1 * d1 + 3 * d1 * d2 + d2 * d2) * at[j]) / whole
        for j in (0, 1)
    )
    return x, y


def limb(length: float, r0: float, r1: float, front: list[Point], back: list[Point]) -> list[Point]:
    """Return a limb along +x with a round joint at both ends; front is -y, back is +y."""

    def cap(cx: float, r: float, angles: tuple[int, ...]) -> list[Point]:
        return [(cx + r * cos(radians(a)), r * sin(radians(a))) for a in angles]

    return (
        cap(0, r0, (-100, -140, 180, 140, 100))
        + [(t * length, w) for t, w in back]
        + cap(length, r1, (80, 40, 0, -40, -80))
        + [(t * length, -w) for t, w in reversed(front)]
    )


def mirror(half: list[Point]) -> list[Point]:
    """Return the whole of an outline whose right half is given."""
    return half + [(u, -w) for u, w in reversed(half)]


SIDE: dict[str, list[list[Point]]] = {
    "thigh": [
        limb(THIGH, 5.5, 3.5, [(0.2, 5.7), (0.5, 5.2), (0.8, 4.0)], [(0.2, 5.4), (0.5, 4.7), (0.8, 3.6)])
    ],
    "shank": [
        limb(
            SHANK,
            3.5,
            2.3,
            [(0.2, 3.3), (0.5, 2.8), (0.8, 2.3)],
            [(0.12, 3.6), (0.3, 4.3), (0.5, 3.9), (0.78, 2.6)],
        )
    ],
    "trouser-leg": [
        [
            (0, -3.6),
            (5, -3.45),
            (11, -3.0),
            (17, -2.75),
            (20.0, -2.85),
            (20.3, 0),
            (20.0, 3.1),
            (17, 3.2),
            (11, 4.1),
            (6.5, 4.45),
            (2.5, 3.9),
            (0, 3.6),
            (-2.5, 2.5),
            (-3.55, 0),
            (-2.5, -2.5),
        ]
    ],
    "foot": [
        [
            (2.0, -1.4),
            (4.3, 0.4),
            (7.6, 1.7),
            (10.2, 2.2),
            (11.5, 3.0),
            (11.0, 3.8),
            (8.0, 3.9),
            (4.5, 3.75),
            (1.0, 3.9),
            (-2.4, 3.9),
            (-3.7, 2.9),
            (-3.5, 1.0),
            (-2.3, -0.8),
            (-2.0, -2.4),
            (0, -3),
        ]
    ],
    "pelvis": [
        [
            (7.3, 4.7),
            (4.6, 5.5),
            (1.5, 5.8),
            (-2.5, 5.2),
            (-5.3, 2.6),
            (-6.2, -1.5),
            (-5.2, -5.4),
            (-2.2, -7.8),
            (1.0, -8.1),
            (4.2, -6.9),
            (7.0, -5.3),
            (8.0, -3.2),
            (8.4, -0.3),
            (8.1, 2.6),
        ]
    ],
    "pelvis-patch": [
        [
            (3.4, 3.4),
            (0.5, 4.2),
            (-2.0, 3.9),
            (-4.6, 1.6),
            (-5.2, -1.6),
            (-4.3, -4.8),
            (-1.8, -6.8),
            (1.0, -7.1),
            (3.6, -6.0),
            (4.3, -1.5),
        ]
    ],
    "waist": [limb(WAIST, 5.0, 5.35, [(0.3, 4.8), (0.7, 4.9)], [(0.3, 5.1), (0.7, 5.4)])],
    "ribs": [limb(RIBS, 5.35, 6.15, [(0.3, 5.7), (0.7, 6.15)], [(0.3, 5.9), (0.7, 6.4)])],
    "chest": [
        [
            (-3.2, -5.4),
            (-5.8, -2.2),
            (-6.2, 0),
            (-5.8, 2.2),
            (-3.0, 5.6),
            (0.2, 6.4),
            (3.0, 6.2),
            (5.6, 4.9),
            (7.8, 2.6),
            (9.0, 0.8),
            (9.3, -2.4),
            (7.6, -4.8),
            (4.6, -6.2),
            (0.6, -6.4),
        ]
    ],
    "shoulder-patch": [
        [
            (SHOULDER[0] - 0.1 + 4.5 * cos(radians(a)), SHOULDER[1] - 0.1 + 4.5 * sin(radians(a)))
            for a in range(0, 360, 45)
        ]
    ],
    "neck": [
        (
            [
                (-2.5, 3.2),
                (0, 3.1),
                (2.5, 2.9),
                (5.2, 3.2),
                (7.5, 3.0),
                (8, 0),
                (7.5, -3.0),
                (5.2, -3.0),
                (2.5, -2.9),
                (0, -3.4),
                (-2.5, -3.6),
                (-3, 0),
            ]
        )
    ],
    "head": [
        (
            [
                (11.5, 0.6),
                (10.9, 3.2),
                (9.3, 4.9),
                (7.3, 5.5),
                (6.0, 5.35),
                (5.3, 5.55),
                (4.1, 6.55),
                (3.5, 6.6),
                (3.1, 5.75),
                (2.3, 5.65),
                (1.9, 5.75),
                (1.3, 5.35),
                (0.6, 5.45),
                (-0.4, 5.2),
                (-1.2, 4.0),
                (-1.0, 2.0),
                (0.0, -0.6),
                (0.4, -3.2),
                (2.2, -4.9),
                (5.2, -5.8),
                (8.3, -5.1),
                (10.4, -2.8),
            ]
        )
    ],
    "hair": [
        (
            [
                (9.1, 4.95),
                (7.4, 3.6),
                (6.6, 1.4),
                (5.4, 0.7),
                (4.0, 0.5),
                (2.6, -0.9),
                (1.0, -2.6),
                (1.2, -4.1),
                (3.0, -5.4),
                (5.4, -5.85),
                (8.3, -5.15),
                (10.4, -2.9),
                (11.5, 0.4),
                (10.9, 3.1),
            ]
        )
    ],
    "upper-arm": [
        limb(
            UPPER_ARM, 3.5, 2.5, [(0.25, 3.4), (0.5, 3.1), (0.8, 2.6)], [(0.25, 3.4), (0.5, 3.0), (0.8, 2.5)]
        )
    ],
    "sleeve": [
        [
            (0, -3.6),
            (3.5, -3.65),
            (7.5, -3.5),
            (9.0, -3.4),
            (9.3, 0),
            (9.0, 3.4),
            (7.5, 3.5),
            (3.5, 3.65),
            (0, 3.6),
            (-2.6, 2.6),
            (-3.6, 0),
            (-2.6, -2.6),
        ]
    ],
    "forearm": [
        limb(
            FOREARM,
            2.5,
            1.6,
            [(0.18, 2.75), (0.4, 2.5), (0.75, 1.85)],
            [(0.18, 2.6), (0.4, 2.3), (0.75, 1.75)],
        )
    ],
    "hand": [
        [
            (-0.8, -1.5),
            (1.5, -1.85),
            (4.0, -2.0),
            (6.5, -1.6),
            (8.3, -0.9),
            (8.9, 0.1),
            (8.2, 1.0),
            (6.2, 1.4),
            (3.5, 1.6),
            (1.2, 1.6),
            (-0.8, 1.5),
            (-1.6, 0),
        ],
        [(0.8, -1.0), (2.2, -2.2), (4.0, -3.1), (5.2, -3.3), (5.5, -2.7), (4.7, -2.0), (3.2, -0.8), (1.6, 0)],
    ],
}
SIDE["palm"] = [
    [
        (-1.2, -1.4),
        (0.8, -1.7),
        (3.2, -1.1),
        (6.4, -0.3),
        (8.6, 0.5),
        (8.8, 1.3),
        (6.0, 1.55),
        (2.0, 1.7),
        (-0.8, 1.7),
        (-2.0, 1.0),
        (-2.0, -0.4),
    ]
]

ABOVE: dict[str, list[list[Point]]] = {
    "pelvis-front": [
        mirror([(9, 7.4), (5.5, 8.4), (1.5, 9.7), (-2.0, 10.2), (-5.2, 9.2), (-7, 5.4), (-7.6, 2)])
    ],
    "trunk-front": [
        mirror(
            [
                (-1.5, 8.4),
                (2, 7.7),
                (5.5, 7.5),
                (10, 8.3),
                (15, 9.4),
                (18.5, 9.9),
                (21, 11.4),
                (23.6, 11.6),
                (25.4, 9.6),
                (26.4, 6.5),
                (27.4, 3.8),
                (28.2, 2.2),
            ]
        )
    ],
    "neck-front": [mirror([(-2.5, 3.2), (1, 2.9), (5, 3.1), (8, 3.4)])],
    "head-front": [
        mirror([(11.6, 1.4), (10.6, 3.5), (8.4, 4.75), (5.6, 5.05), (3.0, 4.6), (0.6, 3.5), (-1.2, 1.7)])
    ],
    "thigh-front": [
        limb(THIGH, 5.3, 3.5, [(0.2, 5.4), (0.5, 4.8), (0.8, 3.8)], [(0.2, 5.4), (0.5, 4.8), (0.8, 3.8)])
    ],
    "shank-front": [
        limb(SHANK, 3.5, 2.3, [(0.15, 3.6), (0.32, 3.9), (0.6, 3.1)], [(0.15, 3.5), (0.32, 3.8), (0.6, 3.1)])
    ],
    "trouser-leg-front": [
        [
            (0, -3.6),
            (4, -3.75),
            (8, -4.0),
            (14, -3.3),
            (19.6, -3.1),
            (19.9, 0),
            (19.6, 3.1),
            (14, 3.3),
            (8, 4.0),
            (4, 3.75),
            (0, 3.6),
            (-2.5, 2.5),
            (-3.55, 0),
            (-2.5, -2.5),
        ]
    ],
    "foot-front": [
        [
            (-2.6, -1.9),
            (1, -2.3),
            (5, -2.6),
            (8.5, -2.9),
            (10.6, -2.1),
            (11.2, -0.4),
            (10.2, 1.6),
            (8, 2.3),
            (4.5, 2.2),
            (1, 2.1),
            (-2.6, 2.0),
            (-3.6, 0),
        ]
    ],
}
ABOVE["hair-front"] = [
    mirror([(11.6, 1.4), (10.6, 3.5), (8.4, 4.75), (5.9, 5.1), (6.9, 4.2), (8.3, 3.2), (9.0, 1.4)])
]
SHAPES = SIDE | ABOVE | {"face": [], "nose": [[(1.0, 0), (0, 1.15), (-1.0, 0.3), (-1.0, -0.3), (0, -1.15)]]}

# Small inner lines that give a face, an ear, a hem, fingers.
DETAILS: dict[str, list[list[Point]]] = {
    "hand": [[(5.0, -0.85), (8.2, -0.45)], [(4.9, 0.0), (8.5, 0.2)], [(4.8, 0.8), (7.6, 0.75)]],
    "palm": [[(4.4, 0.1), (8.3, 0.75)], [(4.0, 0.8), (8.4, 1.15)]],
    "head": [
        [(6.1, 3.3), (5.55, 3.9), (5.6, 4.7)],
        [(5.3, -0.7), (5.7, 0.3), (4.6, 0.75), (3.4, -0.1)],
        [(1.85, 5.6), (1.75, 4.6)],
        [(-1.15, 3.4), (-1.1, 2.2), (-0.7, 1.0)],
    ],
    "sleeve": [[(9.0, -3.4), (9.3, 0), (9.0, 3.4)]],
    "face": [
        [(5.2, -3.0), (4.75, -2.1), (5.2, -1.2)],
        [(5.2, 3.0), (4.75, 2.1), (5.2, 1.2)],
        [(4.6, 0.1), (3.4, 0.75), (3.1, 0.1)],
        [(1.9, -1.1), (1.6, 0), (1.9, 1.1)],
    ],
    "pelvis": [[(7.3, 4.7), (8.4, -0.3), (7.0, -5.3)]],
    "chest": [[(7.6, 2.8), (9.0, 0.8), (9.3, -2.4), (7.9, -4.4)]],
    "trouser-leg": [[(20.0, -2.85), (20.3, 0.1), (20.0, 3.1)]],
    "trouser-leg-front": [[(19.6, -3.1), (19.9, 0), (19.6, 3.1)]],
    "trunk-front": [[(-1.5, 8.4), (-2.3, 0), (-1.5, -8.4)], [(27.2, 3.9), (25.4, 0), (27.2, -3.9)]],
}
# Lines drawn over the figure, in the colour of the arrows, to show what turns or glides.
MARKS: dict[str, list[list[Point]]] = {
    "bowl": [
        [(5.2, -6.4), (5.2, 0.0), (5.2, 5.4)],
        [(5.2, 4.2), (0.8, 3.6), (-2.6, 1.4), (-3.2, -1.4), (-1.6, -4.2), (1.8, -5.2), (5.2, -5.2)],
    ],
    "rim": [[(5.2, -6.4), (5.2, 0.0), (5.2, 5.4)]],
    "shoulder-cap": [[(4.6, -3.65), (2.4, -3.65), (0, -3.6), (-2.6, -2.6), (-3.6, 0), (-2.6, 2.6), (0, 3.6)]],
}
CLOTH = {
    "thigh": "trousers",
    "trouser-leg": "trousers",
    "trouser-leg-front": "trousers",
    "pelvis": "trousers",
    "pelvis-patch": "trousers",
    "pelvis-front": "trousers",
    "thigh-front": "trousers",
    "waist": "shirt",
    "ribs": "shirt",
    "chest": "shirt",
    "shoulder-patch": "shirt",
    "sleeve": "shirt",
    "trunk-front": "shirt",
    "hair": "hair",
    "hair-front": "hair",
}
WORN = {
    "upper-arm": ["sleeve"],
    "shank": ["trouser-leg"],
    "shank-front": ["trouser-leg-front"],
    "head": ["hair"],
    "head-front": ["hair-front"],
}
UNLINED = {"pelvis-patch", "shoulder-patch", "face"}


def lowest(shape: str, angle: float) -> float:
    """Return how far, in %, the shape hangs below its joint when turned by the angle."""
    a = radians(angle)
    return max(x * sin(a) + y * cos(a) for path in SHAPES[shape] for x, y in path)


def stroke_path(points: list[Point]) -> str:
    """Return an open smooth line; a quadratic through three points, else straight joins."""
    (x0, y0), *rest = [(x * UNIT, y * UNIT) for x, y in points]
    if len(rest) == 2:
        (x1, y1), (x2, y2) = rest
        bend = f"{2 * x1 - (x0 + x2) / 2:.1f} {2 * y1 - (y0 + y2) / 2:.1f}"
        return f"M{x0:.1f} {y0:.1f}Q{bend} {x2:.1f} {y2:.1f}"
    pts = [(x0, y0), *rest]
    out = f"M{x0:.1f} {y0:.1f}"
    for i in range(len(pts) - 1):
        a, b, c, d = pts[max(i - 1, 0)], pts[i], pts[i + 1], pts[min(i + 2, len(pts) - 1)]
        out += f"C{b[0] + (c[0] - a[0]) / 6:.1f} {b[1] + (c[1] - a[1]) / 6:.1f} "
        out += f"{c[0] - (d[0] - b[0]) / 6:.1f} {c[1] - (d[1] - b[1]) / 6:.1f} {c[0]:.1f} {c[1]:.1f}"
    return out


def mark_path(mark: str) -> str:
    """Return a mark as path commands."""
    return "".join(stroke_path(points) for points in MARKS[mark])


def outline_of(shape: str) -> str:
    """Return a shape as path commands."""
    return "".join(spline(path) for path in SHAPES[shape])


def worn_outline(shape: str) -> str:
    """Return a shape and its clothes as path commands, for the contour around both."""
    return "".join(outline_of(s) for s in [shape, *WORN.get(shape, [])] if s not in UNLINED)
