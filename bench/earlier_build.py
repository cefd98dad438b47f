"""The build before this issue, checked out for a while, to be measured in turns with this one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASE = "e4cbe043"


@contextmanager
def earlier_code(folder: Path, commit: str = BASE) -> Iterator[Path]:
    """Check an earlier build out into a folder while the block runs."""
    subprocess.run(["git", "worktree", "add", "-q", "--detach", folder, commit], cwd=ROOT, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["git", "worktree", "remove", "--force", folder], cwd=ROOT, check=True)
