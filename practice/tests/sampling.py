"""How large the sampled tests are, and which samples they draw.

`make test` draws samples that are large enough to miss a real fault only with a negligible probability; each
test says its own arithmetic. The seed is the commit, so that one commit always gives one result, and each new
commit looks at other samples. `make prove` runs everything at full size.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
#: `make prove` sets it: everything at full size.
PROVE = os.environ.get("PROVE") == "1"
#: Runs in `make prove` only: a variant of a promise that `make test` shows already.
proof_only = pytest.mark.proof


def seed_of_commit() -> int:
    """Return a number made of the commit's hash; 0 where there is no repository. PROOF_SEED overrides it."""
    chosen = os.environ.get("PROOF_SEED", "")
    if chosen:
        return int(chosen)
    asked = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    return int(asked.stdout[:8] or "0", 16) if asked.returncode == 0 else 0


SEED = seed_of_commit()


def size(*, sampled: int, full: int) -> int:
    """Return `full` under `make prove`, else `sampled`."""
    return full if PROVE else sampled
