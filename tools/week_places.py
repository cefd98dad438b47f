"""Write practice/static/css/week-places.css: the places on a board, in steps of five minutes.

    python -m tools.week_places

A page may carry no inline style, so that each place is a class. `.at-0900` begins at nine, `.for-60` lasts an
hour; `.week--from-8` lets boards begin at eight, `.week--hours-11` makes them eleven hours long.
"""

from pathlib import Path

STEP, DAY = 5, 1440
PLACE = Path(__file__).resolve().parents[1] / "practice" / "static" / "css" / "week-places.css"
HEAD = """/* Places on the boards of the week. Made by tools/week_places.py: change it there. */

.lane > [class*="at-"] { grid-column: calc(var(--at) - var(--from) + 1) / span var(--for, 1); }
"""


def sheet() -> str:
    """Return the stylesheet."""
    rules = [f".week--from-{hour}{{--from:{hour * 60 // STEP}}}" for hour in range(24)]
    rules += [f".week--hours-{hours}{{--steps:{hours * 60 // STEP}}}" for hours in range(1, 25)]
    rules += [f".at-{at // 60:02}{at % 60:02}{{--at:{at // STEP}}}" for at in range(0, DAY, STEP)]
    rules += [f".for-{minutes}{{--for:{minutes // STEP}}}" for minutes in range(STEP, DAY + STEP, STEP)]
    lines = ["".join(rules[first : first + 5]) for first in range(0, len(rules), 5)]
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    PLACE.write_text(sheet(), encoding="utf-8")
