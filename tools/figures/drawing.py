"""The drawing of a scene: placed parts become outlines, fills, a light ghost, and keyframes.

Every layer is drawn twice: first all its parts with a wide stroke, then all fills without one.
What stays is one contour around the union, whatever the angles.
"""

from __future__ import annotations

from tools.figures.scene import Scene
from tools.figures.shapes import (
    CLOTH,
    DETAILS,
    SHAPES,
    WORN,
    mark_path,
    outline_of,
    stroke_path,
    worn_outline,
)
from tools.figures.skeleton import Figure, Part

SAMPLES = 10  # baked steps between two key positions
REST = 9  # per cent of the time a movement waits at each end
# From back to front.
LAYERS = [
    ("far", ["far-hand", "far-forearm", "far-upper-arm"]),
    ("far", ["far-foot", "far-shank", "far-thigh"]),
    ("", ["neck", "turned-nose", "head", "turned-head", "turned-face", "waist", "ribs", "chest", "pelvis"]),
    ("", ["near-foot", "near-shank", "near-thigh", "=pelvis-patch"]),
    ("", ["near-hand", "near-forearm", "near-upper-arm", "=shoulder-patch"]),
    ("under", ["right-foot", "right-shank", "right-thigh"]),
    ("", ["left-foot", "left-shank", "left-thigh"]),
    (
        "",
        [
            *(
                "right-hand",
                "right-forearm",
                "right-upper-arm",
                "left-hand",
                "left-forearm",
                "left-upper-arm",
            ),
            *("neck-front", "nose", "head-front", "pelvis-front", "trunk-front", "face"),
        ],
    ),
]
PATCHES = {"=pelvis-patch": ("pelvis", "pelvis-patch"), "=shoulder-patch": ("chest", "shoulder-patch")}
LINES = '<g class="line" fill="none" stroke="currentColor" stroke-width="5" stroke-linejoin="round">'


def transform(p: Part, *, css: bool = False) -> str:
    """Return a part's position as an attribute or as a CSS rule."""
    if css:
        return f"translate({p.x:.1f}px,{p.y:.1f}px) rotate({p.angle:.1f}deg) scale({p.sx:.3g},{p.sy:.3g})"
    whole = abs(p.sx - 1) < 1e-3 and abs(p.sy - 1) < 1e-3
    scale = "" if whole else f" scale({p.sx:.3g} {p.sy:.3g})"
    return f"translate({p.x:.1f} {p.y:.1f}) rotate({p.angle:.1f}){scale}"


def apart(a: Part, b: Part, *, way: float, turn: float, size: float) -> bool:
    """Return whether two positions of a part differ by more than these amounts."""
    return (
        abs(a.x - b.x) + abs(a.y - b.y) > way
        or abs(a.angle - b.angle) > turn
        or abs(a.sx - b.sx) + abs(a.sy - b.sy) > size
        or abs(a.opacity - b.opacity) > 0.01
    )


class Drawing:
    """A scene drawn at its first key position; `rules` collects the keyframes on the way."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        count = SAMPLES * (len(scene.poses) - (0 if scene.loop else 1))
        self.times = [i / count for i in range(count + 1)]
        self.frames = [scene.figure_at(t) for t in self.times]
        self.rules: dict[str, str] = {}

    def moving(self, name: str) -> bool:
        """Return whether a part moves at all."""
        first = self.frames[0][name]
        return any(apart(first, frame[name], way=0.25, turn=0.25, size=0.01) for frame in self.frames)

    def place(self, name: str) -> str:
        """Return the attributes that put a part into position, and move it if it moves."""
        part = self.frames[0][name]
        fade = f' opacity="{part.opacity:.2g}"' if part.opacity != 1 else ""
        if not self.moving(name):
            return f'transform="{transform(part)}"{fade}'
        label = f"{self.scene.slug}-{name}"
        if label not in self.rules:
            self.rules[label] = f"@keyframes {label}{{{self.steps(name)}}}.{label}{{animation-name:{label}}}"
        return f'class="m {label}" transform="{transform(part)}"{fade}'

    def steps(self, name: str) -> str:
        """Return the keyframes of a part. It waits at both ends, except in a circle."""
        lead = 0 if self.scene.loop else REST
        fades = any(frame[name].opacity != 1 for frame in self.frames)
        stops: dict[str, str] = {}
        for t, frame in zip(self.times, self.frames):
            fade = f";opacity:{frame[name].opacity:.2g}" if fades else ""
            stops[f"{lead + t * (100 - 2 * lead):.4g}%"] = (
                f"transform:{transform(frame[name], css=True)}{fade}"
            )
        text = "".join(f"{at}{{{rule}}}" for at, rule in stops.items())
        return text.replace("9%{", "0%,9%{", 1).replace("91%{", "91%,100%{", 1) if lead else text

    def layer(self, names: list[str]) -> str:
        """Return the outlines of some parts, and over them their fills."""
        lines, fills = [], []
        for name in names:
            if name in PATCHES:
                owner, shape = PATCHES[name]
                if owner in self.frames[0]:
                    path = f'<path class="{CLOTH[shape]}" d="{outline_of(shape)}"/>'
                    fills.append(f"<g {self.place(owner)}>{path}</g>")
            elif name in self.frames[0] and any(frame[name].opacity for frame in self.frames):
                shape, where = self.frames[0][name].shape, self.place(name)
                if outline := worn_outline(shape):
                    lines.append(f'<g {where}><path d="{outline}"/></g>')
                fills.append(f"<g {where}>{self.inside(shape)}</g>")
        if not fills:
            return ""
        return f'{LINES}{"".join(lines)}</g><g class="fill" fill="#fbf7f0">{"".join(fills)}</g>'

    def inside(self, shape: str) -> str:
        """Return a part's fill, its clothes and its small lines."""
        worn = WORN.get(shape, [])
        bare = [shape] if SHAPES[shape] else []
        fills = "".join(f'<path class="{CLOTH.get(s, "skin")}" d="{outline_of(s)}"/>' for s in [*bare, *worn])
        details = (points for s in [shape, *worn] for points in DETAILS.get(s, []))
        return fills + "".join(f'<path class="detail" d="{stroke_path(points)}"/>' for points in details)

    def figure(self) -> str:
        """Return the whole body."""
        # Seen from above, legs lie side by side unless they turn: then one is under the other, and darker.
        under = "far" if any(pose.turn for pose in self.scene.poses) else "near"
        drawn = ((under if kind == "under" else kind or "near", self.layer(names)) for kind, names in LAYERS)
        return "".join(f'<g class="{kind}">{text}</g>\n' for kind, text in drawn if text)

    def others(self) -> list[Figure]:
        """Return the key positions besides the first that the still picture shows."""
        if self.scene.loop and not self.scene.ghosts:
            return [self.frames[len(self.frames) // 2]]
        shown = self.scene.ghosts or range(1, len(self.scene.poses))
        return [self.frames[i * SAMPLES] for i in shown]

    def ghost(self) -> str:
        """Return the moved parts at the other key positions, in a light line behind the figure."""
        return "".join(f'<g class="ghost">{self.trace(other)}</g>\n' for other in self.others())

    def trace(self, other: Figure) -> str:
        """Return the ghost of one key position."""
        out = []
        for _, names in LAYERS:
            paths = "".join(self.elsewhere(name, other) for name in names)
            if paths:
                out.append(f'{LINES}{paths}</g><g class="fill" fill="#fbf7f0">{paths}</g>')
        return "".join(out)

    def elsewhere(self, name: str, other: Figure) -> str:
        """Return a part at another key position; nothing if it has not moved."""
        if name not in other or name in self.scene.ghost_without:
            return ""
        if other[name].opacity <= 0.5 or not SHAPES[other[name].shape]:
            return ""
        there = other[name]
        if not apart(self.frames[0][name], there, way=1.5, turn=2, size=0.05):
            return ""
        shapes = [s for s in [there.shape, *WORN.get(there.shape, [])] if SHAPES[s]]
        return "".join(f'<path transform="{transform(there)}" d="{outline_of(s)}"/>' for s in shapes)

    def marks(self) -> str:
        """Return lines over the figure, for parts that move too little to be seen behind it."""
        here = "".join(
            f'<g {self.place(name)}><path d="{mark_path(mark)}"/></g>' for name, mark in self.scene.marks
        )
        there = "".join(
            f'<path class="dashed" transform="{transform(other[name])}" d="{mark_path(mark)}"/>'
            for other in self.others()
            for name, mark in self.scene.ghost_marks
        )
        return f'<g class="over" fill="none">{there}{here}</g>\n' if here or there else ""
