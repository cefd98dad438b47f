"""PURE. The file that says that a restore has begun and not finished, and into which database."""

from __future__ import annotations

import json
from pathlib import Path


def marker(var: Path) -> Path:
    """Return the path of the file."""
    return var / "restoring.json"


def begin(var: Path, database: str) -> None:
    """Note that a restore into this database begins. The database was empty before."""
    marker(var).write_text(json.dumps({"database": database}), encoding="utf-8")


def finish(var: Path) -> None:
    """Note that it ended, well or with everything cleared away."""
    marker(var).unlink(missing_ok=True)


def is_unfinished(var: Path) -> bool:
    """Return whether a restore runs here, or was killed."""
    return marker(var).exists()


def left_half(var: Path, database: str) -> bool:
    """Return whether this very database holds what a killed restore began, and may be cleared."""
    try:
        return bool(json.loads(marker(var).read_text(encoding="utf-8"))["database"] == database)
    except (OSError, ValueError, KeyError, TypeError):
        return False
