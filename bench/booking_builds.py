"""A measurement of booking and of free times, beside the build before issue 15, in turns in one run.

*New* and *known*: the POST that books a held time, by a guest whose address nobody knows and by somebody who
is signed in, with what it asks of the database and its processor time. *Fifty*: that many people book fifty
held times at once, through a real web server; the median of their answers. *Slots*: 90 days of five
practitioners, made anew, and asked again with nothing changed.

Both builds run the same program, `booking_costs.py`, each with a database of its own: SQLite in a temporary
folder, or databases of the PostgreSQL that DATABASE_URL names (`tools/with_postgres`).
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.earlier_build import ROOT, earlier_code
from bench.programs import Program, in_turns, rows

ROUNDS = 3
COSTS = ROOT / "bench" / "booking_costs.py"


def build(code: Path, folder: Path, database: str) -> Program:
    """Start the program that measures one build."""
    mine = {
        **{"VAR_DIR": str(folder), "KEYS_DIR": f"{folder}-keys", "DATABASE_URL": database},
        **{"PYTHONPATH": str(code), "DJANGO_SETTINGS_MODULE": "practice.settings", "SITE_URL": ""},
        **{"EMAIL_URL": "", "REDIS_URL": "", "DEMO": "0", "RATE_LIMITS": "on"},
    }
    return Program([sys.executable, COSTS], mine, folder=code, log=folder.parent / f"{folder.name}.log")


def databases(folder: Path) -> tuple[str, str]:
    """Return the addresses of two databases; on PostgreSQL the second one is made."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        return f"sqlite:///{folder}/before.sqlite3", f"sqlite:///{folder}/now.sqlite3"
    import psycopg  # noqa: PLC0415  only where there is one

    with psycopg.connect(given.replace("/portal?", "/postgres?"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE portal_now")
    return given, given.replace("/portal?", "/portal_now?")


def main() -> None:
    """Print the table."""
    engine = "postgresql" if os.environ.get("DATABASE_URL", "").startswith("postgres") else "sqlite"
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        addresses = databases(folder)
        with earlier_code(folder / "code") as code:
            builds = [build(code, folder / "before", addresses[0]), build(ROOT, folder / "now", addresses[1])]
            try:
                print(f"Booking and free times, this build beside the one before; {engine}")
                print(f"{'':34} {'before':>9} {'now':>9} {'ratio':>6}")
                for what in ("bookings", "fifty", "slots"):
                    for label, was, is_now, ratio in rows(*in_turns(builds, what, ROUNDS)):
                        print(f"{label:34} {was:9.2f} {is_now:9.2f} {ratio:6.2f}", flush=True)
            finally:
                for one in builds:
                    one.end()


if __name__ == "__main__":
    main()
