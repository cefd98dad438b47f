"""A measurement of booking and of free times beside django-appointment, where it does the same job, in turns.

*A booking in two steps*: somebody signed in chooses a time, then says the rest. *One person, 90 days*: all
free times of somebody with four or five sessions a day: one request here, one for each day there.
SQLite, which both have wait for the disk; what it sends by email stays in the queue here and is thrown away
there. django-appointment gets an environment of its own, made anew in a temporary folder.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.booking_builds import build  # noqa: E402
from bench.programs import Program, in_turns, rows  # noqa: E402

OTHER, SITE = "django-appointment==3.12.0", ROOT / "bench" / "other_product_site.py"
ROUNDS = 3


def installed(folder: Path) -> Path:
    """Install the other product, and return the interpreter that has it."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", OTHER], check=True, stderr=subprocess.DEVNULL)
    return python


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        python = installed(folder / "other")
        mine = {"TMPDIR": str(folder), "PYTHONPATH": ""}
        other = Program([python, SITE], mine, folder=folder, log=folder / "other.log")
        ours = build(ROOT, folder / "ours", f"sqlite:///{folder}/ours.sqlite3")
        try:
            print(f"Booking and free times beside {OTHER}; SQLite")
            print(f"{'':38} {'other':>9} {'ours':>9} {'ratio':>6}")
            for label, theirs, own, ratio in rows(*in_turns((other, ours), "alone", ROUNDS)):
                print(f"{label:38} {theirs:9.1f} {own:9.1f} {ratio:6.2f}")
        finally:
            other.end()
            ours.end()


if __name__ == "__main__":
    main()
