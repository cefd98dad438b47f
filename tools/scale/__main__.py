"""Print the tables of docs/scale.md from the stored unit costs; `--write` puts them there.

python -m tools.scale
"""

from __future__ import annotations

import sys

from tools.scale.costs import machine, read
from tools.scale.table import DOCUMENT, sections, written_into


def main() -> int:
    """Return 0."""
    tables = sections(read())
    print(f"Measured on {machine()}.")
    for name, lines in tables.items():
        print("", name, "", *lines, sep="\n")
    if "--write" in sys.argv[1:]:
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(written_into(text, tables), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
