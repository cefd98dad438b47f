"""Run on the engine that DATABASE_URL names, and leave the outcome in a file.

    python -m tools.chaos.on_engine ENGINE SEED SECONDS FILE

`tools/chaos/__main__.py` starts this with the settings of a practice that has just been set up.
"""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import django

django.setup()

from practice.tests.processes.shifted_clock import shifted  # noqa: E402  (Django comes first)
from tools.chaos.rounds import run  # noqa: E402

if __name__ == "__main__":
    engine, seed, seconds, result = sys.argv[1:]
    with shifted():
        outcome = run(engine, seed=int(seed), seconds=float(seconds))
    Path(result).write_bytes(pickle.dumps(outcome))
