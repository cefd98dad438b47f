"""A measurement of the search at work among 50,000 clients: runs `search_times.py` with Django set up.

On SQLite in a temporary folder, or on the PostgreSQL that DATABASE_URL names (`tools/with_postgres`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Runs the file named first with Django set up.
SET_UP = "import django, runpy, sys; django.setup(); runpy.run_path(sys.argv.pop(1), run_name='__main__')"


def main() -> None:
    """Measure, with a folder for what the programs write."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        mine = {
            "VAR_DIR": f"{folder}/var",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "practice.settings",
        }
        words = [sys.executable, "-c", SET_UP, str(ROOT / "bench" / "search_times.py")]
        subprocess.run(words, cwd=ROOT, env={**os.environ, **mine}, check=True)


if __name__ == "__main__":
    main()
