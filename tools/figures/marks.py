"""Drawings around a figure: arrows, the blanket, the chair, the rug."""

from __future__ import annotations

from math import atan2, cos, degrees, radians, sin

from tools.figures.scene import Scene
from tools.figures.skeleton import ANKLE_HEIGHT, SHANK, UNIT


def arc(cx: float, cy: float, r: float, start: float, end: float, *, both: bool = False) -> str:
    """Return a bent arrow on a circle, from start to end in degrees; clockwise when end > start."""
    way = 1 if end > start else -1
    (x0, y0), (x1, y1) = (
        (cx + r * cos(radians(angle)), cy + r * sin(radians(angle))) for angle in (start, end)
    )
    large = int(abs(end - start) > 180)
    line = f'<path d="M{x0:.1f} {y0:.1f}A{r:.1f} {r:.1f} 0 {large} {int(way > 0)} {x1:.1f} {y1:.1f}"/>'
    first = point(x0, y0, start - way * 90 + way * 8) if both else ""
    return line + point(x1, y1, end + way * 90 - way * 8) + first


def straight(x0: float, y0: float, x1: float, y1: float, *, both: bool = False) -> str:
    """Return a straight arrow."""
    a = degrees(atan2(y1 - y0, x1 - x0))
    line = f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}"/>'
    return line + point(x1, y1, a) + (point(x0, y0, a + 180) if both else "")


def point(x: float, y: float, angle: float, size: float = 8.0) -> str:
    """Return the head of an arrow."""
    a, b = ((x - size * cos(radians(angle + s)), y - size * sin(radians(angle + s))) for s in (32, -32))
    return f'<path d="M{a[0]:.1f} {a[1]:.1f}L{x:.1f} {y:.1f}L{b[0]:.1f} {b[1]:.1f}"/>'


def ground(scene: Scene) -> str:
    """Return the surface that carries the weight."""
    under = {"blanket": _blanket, "rug": _rug, "chair": _on_a_chair}[scene.ground](scene.floor)
    if scene.pillow:
        under += f'<rect class="pillow" x="88" y="{scene.floor - 4:.0f}" width="62" height="5" rx="2.5"/>'
    return under


def _blanket(f: float) -> str:
    return (
        f'<path class="floor" d="M12 {f + 8:.0f}H468"/>'
        f'<path class="blanket" d="M34 {f:.0f}H446a4 4 0 0 1 0 8H34a4 4 0 0 1 0-8z"/>'
        f'<path class="weave" d="M46 {f:.0f}v8M53 {f:.0f}v8M427 {f:.0f}v8M434 {f:.0f}v8"/>'
    )


def _rug(_: float) -> str:
    return (
        '<rect class="blanket" x="-6" y="0" width="492" height="300" rx="8"/>'
        '<path class="weave" d="M12 0v300M20 0v300M460 0v300M468 0v300"/>'
        '<rect class="pillow" x="82" y="98" width="76" height="104" rx="16"/>'
    )


def chair(f: float) -> str:
    """Return a chair whose seat is as high as a sitting figure's knees."""
    seat = f - (SHANK + ANKLE_HEIGHT + 1.0) * UNIT + 5.6 * UNIT
    legs = f"M150 {f:.0f}L156 {seat + 8:.0f}M238 {f:.0f}V{seat + 8:.0f}M150 {seat + 44:.0f}H238"
    return (
        f'<path class="chair" d="{legs}M156 {seat:.0f}L146 {seat - 64:.0f}"/>'
        f'<rect class="seat" x="146" y="{seat:.0f}" width="98" height="8" rx="4"/>'
    )


def _on_a_chair(f: float) -> str:
    return f'<path class="floor" d="M60 {f:.0f}H420"/>{chair(f)}'
