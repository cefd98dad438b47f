"""The site's own drawings of somebody who sits or stands: inline, in the colors of its tokens.

They are beside templates/art/lying.svg, on the same floor: the line below them is the page's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tools.figures.drawing import LINES, Drawing
from tools.figures.marks import chair
from tools.figures.positions import sitting, standing
from tools.figures.scene import Scene
from tools.figures.skeleton import Pose

FOLDER = Path(__file__).resolve().parents[2] / "templates" / "art"
WIDTH = 640  # so wide that nobody is larger than the one who lies
MOVING_CLASS = re.compile(r' class="m [a-z-]+"')
PAINT = {
    "skin": "art-skin",
    "shirt": "art-wash",
    "trousers": "art-cloth",
    "hair": "art-dark",
    "seat": "art-skin art-outline",
    "chair": "art-line",
    "detail": "art-line art-thin",
}


def files() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each drawing."""
    sits = Scene("sitting", "", "", sitting, [Pose(), Pose()], floor=280.0)
    stands = Scene("standing", "", "", standing, [Pose(), Pose()], floor=352.0)
    yield "sitting.svg", _file(sits, chair(sits.floor), middle=206, height=276)
    yield "standing.svg", _file(stands, "", middle=320, height=340)


def _file(scene: Scene, under: str, *, middle: float, height: float) -> str:
    """Return a drawing. `middle`: of the figure, from the left; `height`: from the floor to the top."""
    drawn = under + Drawing(scene).figure()
    painted = MOVING_CLASS.sub("", drawn).replace("\n", "").replace(LINES, '<g class="art-contour">')
    painted = painted.replace('<g class="fill" fill="#fbf7f0">', "<g>")
    for old, new in PAINT.items():
        painted = painted.replace(f'class="{old}"', f'class="{new}"')
    box = f"{middle - WIDTH // 2:g} {scene.floor - height:g} {WIDTH} {height:g}"
    head = f'<svg class="art art--{scene.slug}" viewBox="{box}" aria-hidden="true" focusable="false">'
    return f"{head}{painted}</svg>\n"


def write(folder: Path = FOLDER) -> None:
    """Write all drawings."""
    for path, text in files():
        (folder / path).write_text(text, encoding="utf-8")
