"""The files of the figures: each exercise still, and moving, with the site's colors inside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tools.figures.drawing import Drawing
from tools.figures.marks import ground
from tools.figures.scene import HEIGHT, Scene
from tools.figures.scenes import SCENES

FOLDER = Path(__file__).resolve().parents[2] / "practice" / "static" / "figures"
STYLE = (Path(__file__).parent / "figure.css").read_text(encoding="utf-8").strip().replace("\n", "")
PLAY = "@media (prefers-reduced-motion:no-preference){.m{animation-play-state:running}}"
MOVING_CLASS = re.compile(r' class="m [a-z-]+"')


def draw(scene: Scene) -> tuple[str, str]:
    """Return the still picture and the moving one."""
    drawing = Drawing(scene)
    art = drawing.ghost() + drawing.figure() + drawing.marks()
    if scene.turned_over:
        art = f'<g transform="translate(0 {HEIGHT}) scale(1 -1)">{art}</g>'
    arrows = f'<g class="arrow" fill="none">{"".join(scene.arrows)}</g>' if scene.arrows else ""
    rules = "".join(drawing.rules.values()) + scene.rules
    if scene.seconds != 5.0:
        rules += f".m{{animation-duration:{scene.seconds:g}s}}"
    body = f"<g>{ground(scene)}</g>\n{art}{arrows}{scene.extra}\n"
    return _file(scene, STYLE, MOVING_CLASS.sub("", body)), _file(scene, STYLE + rules + PLAY, body)


def _file(scene: Scene, style: str, body: str) -> str:
    box = " ".join(f"{value:g}" for value in scene.window)
    classes = f"figure {scene.slug}" + (" round" if scene.loop else "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" class="{classes}">\n'
        f"<title>{scene.title}</title><desc>{scene.words}</desc>\n<style>{style}</style>\n{body}</svg>\n"
    )


def files() -> Iterator[tuple[str, str]]:
    """Yield the path of every file below the folder of figures, and its text."""
    for scene in SCENES:
        still, moving = draw(scene)
        yield f"{scene.slug}.svg", still
        yield f"moving/{scene.slug}.svg", moving


def write(folder: Path = FOLDER) -> None:
    """Write all files."""
    for path, text in files():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
