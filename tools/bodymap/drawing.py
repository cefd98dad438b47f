"""The drawing as SVG: shapes and patterns once for a page, and the two views that use them.

Colors are classes; every one of them comes from the site's tokens (see paint.py and look.css).
"""

from __future__ import annotations

from itertools import chain

from practice.core.body import region_of
from practice.core.body_map import LABELS
from tools.bodymap.curves import path
from tools.bodymap.regions import SILHOUETTE, VIEWS, shapes

# What is only drawn: collar bones, navel, kneecaps; spine, shoulder blades, dimples, heel strings.
LINES = {
    "front": "M5 83Q16 77.5 33 80.5M-5 83Q-16 77.5 -33 80.5M0 171.5v3.4"
    "M14.5 290.5Q16 296.5 20.4 297Q24.8 296.5 26 290.5M-14.5 290.5Q-16 296.5 -20.4 297Q-24.8 296.5 -26 290.5",
    "back": "M0 90V146M0 156V176M13.5 98Q12 114 18.5 125Q23.5 127 26.5 119M-13.5 98Q-12 114 -18.5 125"
    "Q-23.5 127 -26.5 119M9 193v.1M-9 193v.1M15.5 372Q16.5 380 15.6 387M-15.5 372Q-16.5 380 -15.6 387"
    "M21.5 372Q20.6 380 21.6 387M-21.5 372Q-20.6 380 -21.6 387",
}
# Strength is density: distance between dots and their radius; about 3, 11 and 26 per cent are covered.
DOTS = {1: (9.0, 1.25), 2: (6.2, 1.5), 3: (4.6, 1.75)}
COARSE = 1.7  # in small drawings, so that the dots stay dots
NOT_SEEN = 'aria-hidden="true" focusable="false"'


def page_shapes() -> str:
    """Return patterns and shapes to which the drawings of a page refer, in an SVG without size."""
    found = patterns("bm", 1.0) + patterns("bms", COARSE)
    for view in VIEWS:
        parts = shapes(view)
        found += [f'<path id="bm-{view}-{part}" d="{path(curves)}"/>' for part, curves in parts.items()]
        edges = "".join(f'<use href="#bm-{view}-{part}"/>' for part in parts)
        found.append(f'<g id="bm-{view}-edges">{edges}</g>')
        found.append(f'<path id="bm-{view}-lines" d="{LINES[view]}"/>')
    found.append(f'<path id="bm-outline" d="{path(SILHOUETTE)}"/>')
    body = "\n".join(found)
    return f'<svg class="bm-shapes" width="0" height="0" {NOT_SEEN}><defs>\n{body}\n</defs></svg>\n'


def patterns(prefix: str, scale: float) -> list[str]:
    """Return the patterns: three densities of dots."""
    found = []
    for strength, (distance, radius) in DOTS.items():
        wide = round(distance * scale, 2)
        high = round(wide * 1.732, 2)
        dots = "".join(
            f'<circle class="bm-dot" cx="{wide * at:.2f}" cy="{high * at:.2f}" r="{radius * scale:.2f}"/>'
            for at in (0.25, 0.75)
        )
        found.append(
            f'<pattern id="{prefix}-{strength}" width="{wide}" height="{high}" patternUnits="userSpaceOnUse">'
            f'<rect class="bm-tint bm-tint-{strength}" width="{wide}" height="{high}"/>{dots}</pattern>'
        )
    return found


def drawing() -> str:
    """Return both views, large, each part a group that a click can find."""
    sides = {"front": ("right", "left"), "back": ("left", "right")}
    found = [f'<svg class="bm" viewBox="0 0 390 444" {NOT_SEEN}>']
    for view, x in zip(VIEWS, (100, 290)):
        found.append(f'<g transform="translate({x} 8)">')
        found.append(
            f'<use class="bm-body" href="#bm-outline"/><use class="bm-edges" href="#bm-{view}-edges"/>'
        )
        found += [_part(view, part) for part in shapes(view)]
        found.append(
            f'<use class="bm-lines" href="#bm-{view}-lines"/><use class="bm-outline" href="#bm-outline"/>'
        )
        words = zip((-76, 76, 0), (270, 270, 429), (*sides[view], view.capitalize()))
        found += [
            f'<text class="bm-text" x="{at}" y="{y}">{{% translate "{word}" context "of the body" %}}</text>'
            for at, y, word in words
        ]
        found.append("</g>")
    return "\n".join([*found, "</svg>\n"])


def _part(view: str, part: str) -> str:
    region = region_of(part)
    slug = region.slug if region else ""
    return f'<g data-part="{part}" data-region="{slug}"><use class="bm-part" href="#bm-{view}-{part}"/></g>'


def seen_in() -> dict[str, set[str]]:
    """Return the views that each part of the body map is drawn in."""
    drawn = {view: shapes(view).keys() for view in VIEWS}
    assert set(chain.from_iterable(drawn.values())) == set(LABELS)
    return {part: {view for view in VIEWS if part in drawn[view]} for part in LABELS}
