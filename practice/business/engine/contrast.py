"""Contrast of two colors by WCAG 2.2, and the nearest color that can be read.

Source: W3C, Web Content Accessibility Guidelines 2.2, the definitions "relative luminance" and "contrast
ratio" of success criterion 1.4.3: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance, #dfn-contrast-ratio.
"""

from __future__ import annotations

import colorsys
import re

#: Success criterion 1.4.3 for text of normal size.
LEAST = 4.5
HEX = re.compile(r"#[0-9a-fA-F]{6}")
#: How finely a lighter or darker color is looked for.
STEPS = 400


def is_color(text: str) -> bool:
    """Return whether this is a color as in "#9E4926"."""
    return HEX.fullmatch(text) is not None


def luminance(color: str) -> float:
    """Return the relative luminance: 0 for black, 1 for white."""
    red, green, blue = (_linear(part) for part in _parts(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast ratio of two colors, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def shown_ratio(value: float) -> str:
    """Return a ratio as "4.4:1", cut and not rounded: 4.48 must not look like enough."""
    return f"{int(value * 10) / 10}:1"


def moved(color: str, *, to: float) -> str:
    """Return the color in the same hue and saturation with another lightness, 0 to 1."""
    hue, _, saturation = colorsys.rgb_to_hls(*_parts(color))
    parts = colorsys.hls_to_rgb(hue, min(1.0, max(0.0, to)), saturation)
    return "#" + "".join(f"{round(part * 255):02X}" for part in parts)


def lightness(color: str) -> float:
    """Return how light a color is in HLS, 0 to 1."""
    return colorsys.rgb_to_hls(*_parts(color))[1]


def nearest_readable(color: str, *, on: tuple[str, ...], least: float = LEAST) -> str | None:
    """Return the color of this hue, nearest in lightness, that has `least` on each; None if none has."""
    start = lightness(color)
    tried = (moved(color, to=step / STEPS) for step in range(STEPS + 1))
    readable = [one for one in (color.upper(), *tried) if min(ratio(one, under) for under in on) >= least]
    return min(readable, key=lambda one: abs(lightness(one) - start), default=None)


def _parts(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
