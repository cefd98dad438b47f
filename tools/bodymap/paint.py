"""CSS rules that let the form paint the drawing: a checked box shows its part, a radio button its density."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from practice.core.body_map import MIDDLING, PARTS, STRENGTHS

LOOK = (Path(__file__).parent / "look.css").read_text(encoding="utf-8").strip()


def stylesheet() -> str:
    """Return the whole of bodymap.css: the look written by hand, then a few rules for each part."""
    said = "/* Written by `python -m tools.bodymap` out of tools/bodymap/look.css and regions.py. */"
    return "\n".join([said, LOOK, "", "/* the form is the truth, the drawing follows */", *rules(), ""])


def rules() -> Iterator[str]:
    """Yield the rules for marked parts, their strength, and the part in focus."""
    for part in PARTS:
        shape = f'[data-part="{part}"] .bm-part'
        box = f'[name="region"][value="{part}"]'
        yield f".bodymap:has({box}:checked) {shape} {{ {mark(MIDDLING)} }}"
        for strength in STRENGTHS:
            if strength != MIDDLING:
                radio = f'[name="strength-{part}"][value="{strength}"]'
                yield f".bodymap:has({box}:checked):has({radio}:checked) {shape} {{ {mark(strength)} }}"
        here = f".bodymap:has({box}:focus-visible, label:hover > {box}) {shape}"
        yield f"{here} {{ stroke: var(--focus); stroke-width: 3.5; }}"


def mark(strength: int) -> str:
    """Return the declarations of a marked part."""
    return f"fill: url(#bm-{strength}); stroke: var(--art-line);"
