"""Looking at a page: on a phone and on a desk, light and dark, as axe sees it and as the browser hears it."""

from __future__ import annotations

import hashlib
import os
import re
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from playwright.sync_api import Page

from practice.tests.sampling import PROVE, SEED, size

#: axe-core 4.14.1 as npm gives it (MPL 2.0, `axe/LICENSE`), and the SHA-256 of that file.
AXE_CORE = Path(__file__).parent / "axe" / "axe.min.js"
AXE_SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
PHONE, DESK = (390, "light"), (1280, "dark")
EVERY_VIEW = ((390, "light"), (390, "dark"), (1280, "light"), (1280, "dark"))
FACTS = """() => ({
    title: document.title.trim(),
    lang: document.documentElement.lang,
    heads: document.querySelectorAll('h1').length,
    said: document.body.innerText,
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
})"""
AXE = """async only => (await axe.run(document, {
    resultTypes: ['violations'], ...(only ? {runOnly: only} : {}),
})).violations.map(found => `${found.id}: ` + found.nodes.map(node => node.target.join(' ')).join(', '))"""
ROBOTIC = "This field is required|Enter a valid|Invalid |successfully"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
#: What one page may pass in one view and fail in another; the other rules read what stands in it.
BY_VIEW = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
#: Every page is looked at in the first view, and one of so many, drawn by the commit, in the others too. What
#: is wrong there comes from the shared style sheets: a fault on a tenth of some 200 pages escapes the 70 that
#: are drawn with a probability of 0.0006 (0.9 to the seventieth); that of a single page is found by `make
#: prove` or, on average, within three commits.
ONE_OF = size(sampled=3, full=1)


@cache
def axe_core() -> str:
    """Return the source of axe-core. Raises ValueError if it is not the file that was chosen."""
    source = AXE_CORE.read_bytes()
    if hashlib.sha256(source).hexdigest() != AXE_SHA256:
        raise ValueError(f"{AXE_CORE} is not the file whose hash stands here")
    return source.decode()


def load_axe(page: Page) -> None:
    """Make `axe` known to the page, unless it is."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(axe_core())


def violations(page: Page) -> list[str]:
    """Return what any of axe's rules objects to on the page that is open."""
    load_axe(page)
    found: list[str] = page.evaluate(AXE, None)
    return found


class PageChecker:
    """Goes through pages in one browser tab and writes down what is wrong with them.

    All of axe's rules are asked in the first of the views, and in the others those that depend on the view,
    of a sample of the pages (`ONE_OF`); `make prove` asks all of them of every page in every view.
    """

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home = page, home
        self.wrong: list[str] = []
        self.looked_at: list[str] = []
        self.heard: list[str] = []
        self.views = EVERY_VIEW if PROVE else (PHONE, DESK)
        self.tags: list[str] = []  # none: all of axe's rules, its good advice too
        page.on("console", lambda said: self.heard.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.heard.append(str(error)))
        page.on("request", lambda asked: self._elsewhere(asked.url))

    def _elsewhere(self, url: str) -> None:
        if not url.startswith((self.home, "data:", "blob:", "about:")):
            self.heard.append(f"asked {url}")

    def go(self, path: str, name: str = "") -> None:
        """Open an address of the site and look at it."""
        self.page.goto(self.home + path)
        self.look(name or path.strip("/").replace("/", "-") or "home")

    def look(self, name: str) -> None:
        """Everything about the page that is open now."""
        self.looked_at.append(name)
        shots = os.environ.get("SHOTS", "")
        # The answer of an error page is itself an entry in the console.
        heard = [line for line in self.heard if not re.search(r"status of [45]\d\d", line)]
        self.wrong += [f"{name}: the browser says: {line}" for line in heard]
        load_axe(self.page)
        for width, scheme in EVERY_VIEW if shots else self._views(name):
            self.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            self.page.set_viewport_size({"width": width, "height": 844 if width == 390 else 900})
            self._judge(f"{name} at {width} {scheme}", width, scheme)
            if shots:
                Path(shots).mkdir(parents=True, exist_ok=True)
                self.page.screenshot(path=f"{shots}/{name}-{width}-{scheme}.png", full_page=True)
        self.heard.clear()  # axe tries styles of its own on a page, which the policy refuses it

    def _views(self, name: str) -> tuple[tuple[int, str], ...]:
        """Return this page's views, first the one it is in: each other one has to be laid out anew."""
        if Random(f"{SEED} {name}").randrange(ONE_OF):
            return self.views[:1]
        here = self.page.viewport_size
        stands = here is not None and here["width"] == self.views[-1][0]
        return self.views[::-1] if stands else self.views

    def _judge(self, where: str, width: int, scheme: str) -> None:
        if (width, scheme) not in self.views:
            return
        facts: dict[str, Any] = self.page.evaluate(FACTS)
        asked = {
            "has no title": not facts["title"],
            "has no language": not facts["lang"],
            f"has {facts['heads']} first headings": facts["heads"] != 1,
            "speaks like a machine": re.search(ROBOTIC, facts["said"]) is not None,
            f"is {facts['wide']} px too wide": width == 390 and facts["wide"] > 0,
        }
        self.wrong += [f"{where} {words}" for words, true in asked.items() if true]
        rules = self._rules(first=(width, scheme) == self.views[0])
        self.wrong += [f"{where}: {found}" for found in self.page.evaluate(AXE, rules)]

    def _rules(self, *, first: bool) -> dict[str, Any] | None:
        if not first and not PROVE:
            return {"type": "rule", "values": [*BY_VIEW]}
        return {"type": "tag", "values": self.tags} if self.tags else None
