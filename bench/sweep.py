"""A measurement of every periodic task among 100,000 clients: runs `sweep_times.py` with Django set up.

On SQLite in a temporary folder, or on the PostgreSQL that DATABASE_URL names (`tools/with_postgres`).
`python bench/sweep.py 5000` makes fewer clients, on a machine that is busy.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Runs the file named first with Django set up; what it imports from this folder is found.
SET_UP = (
    "import django, runpy, sys; django.setup(); sys.path.insert(0, 'bench'); "
    "runpy.run_path(sys.argv.pop(1), run_name='__main__')"
)


def main() -> None:
    """Measure, with a folder for what the programs write."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        mine = {
            "VAR_DIR": f"{folder}/var",
            "KEYS_DIR": f"{folder}/keys",
            "PYTHONPATH": str(ROOT),
            "DJANGO_SETTINGS_MODULE": "practice.settings",
            "EMAIL_URL": "",
        }
        words = [sys.executable, "-c", SET_UP, str(ROOT / "bench" / "sweep_times.py"), *sys.argv[1:]]
        subprocess.run(words, cwd=ROOT, env={**os.environ, **mine}, check=True)


if __name__ == "__main__":
    main()
