"""The elements and the CSS of an email's HTML, by the names that caniemail.com gives them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from practice.tests.every_email.content_checks import Reader

DECLARATION = re.compile(r"(?:^|[;{])\s*([a-z-]+)\s*:\s*([^;{}]*)")
AT_RULE = re.compile(r"@([a-z-]+)\s*([^{]*)")
STYLE = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
#: Where caniemail has an entry for a value beside that of the property.
VALUES = {("display", "none"), ("display", "inline-block")}
#: What caniemail says (see its `source`), of the features that our emails use and of no others.
TABLE = Path(__file__).with_suffix(".json")


def features_of(html: str) -> set[str]:
    """Return what the HTML uses, such as "html-a", "css-margin" and "css-at-media"."""
    seen, found = Reader(html), set[str]()
    found |= {f"html-{tag}" for tag in seen.elements}
    rules = "\n".join(STYLE.findall(html))
    for styles in (*seen.styles, rules):
        for name, value in DECLARATION.findall(styles):
            found.add(f"css-{name}")
            if (name, value.strip()) in VALUES:
                found.add(f"css-{name}-{value.strip()}")
    for name, query in AT_RULE.findall(rules):
        found.add(f"css-at-{name}")
        found |= {f"css-at-{name}-{feature}" for feature in re.findall(r"\(([a-z-]+):", query)}
    if "!important" in rules:
        found.add("css-important")
    if "<!--[if mso]>" in html:
        found.add("html-comments")
    return found


def known() -> dict[str, Any]:
    """Return the features that our emails may use, with what caniemail says of each."""
    return dict(json.loads(TABLE.read_text(encoding="utf-8"))["features"])


def table() -> str:
    """Return the table of docs/emails.md: each feature that is not supported everywhere."""
    everything = json.loads(TABLE.read_text(encoding="utf-8"))
    lines = [
        f"caniemail of {everything['of']}, {len(everything['programs'])} programs.",
        "",
        "| used | not in | in part | then the reader sees |",
        "|---|---|---|---|",
    ]
    for name, said in everything["features"].items():
        if said["not_in"] or said["partly_in"]:
            cells = ("; ".join(said["not_in"]), "; ".join(said["partly_in"]), said["reader_sees"])
            lines.append(f"| `{name}` | {' | '.join(cells)} |")
    return "\n".join(lines)
