"""Draw the pictures that a lock screen shows beside a lesson: `python -m tools.artwork`.

From the drawings of lying, sitting and standing in templates/art/, in the light colors of tokens.css, as
square PNG files with few colors. Needs what `tools/debian` installs. Look at them after drawing.
"""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
POSTURES = ("lying", "sitting", "standing")
SIZES = (256, 512)  # as portal/templatetags/artwork.py names them
COLORS = 32
BROWSERS = ("chromium-headless-shell", "chromium")
PAGE = """<!doctype html><style>{css}
html, body {{ margin: 0; block-size: 100%; background: var(--paper); }}
body {{ display: grid; place-items: center; }}
.art {{ inline-size: 84%; max-block-size: 84vh; }}</style>{drawing}"""


def main() -> None:
    """Write all pictures and print their sizes."""
    folder = ROOT / "practice" / "static" / "artwork"
    folder.mkdir(exist_ok=True)
    css = "".join((ROOT / f"practice/static/css/{name}.css").read_text() for name in ("tokens", "base"))
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        for posture in POSTURES:
            drawing = (ROOT / "templates" / "art" / f"{posture}.svg").read_text()
            for size in SIZES:
                page = browser.new_page(viewport={"width": size, "height": size}, color_scheme="light")
                page.set_content(PAGE.format(css=css, drawing=drawing))
                picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLORS)
                file = folder / f"{posture}-{size}.png"
                picture.save(file, optimize=True)
                print(f"{file.stat().st_size:7d} {file.relative_to(ROOT)}")
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
