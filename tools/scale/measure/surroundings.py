"""Programs of ours beside a measurement: a database of their own, nothing of this machine's practice."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
UNSET = ("REDIS_URL", "EMAIL_URL", "SITE_URL", "TEXT_MESSAGES_URL", "DEMO", "DEBUG", "BACKUP_TO", "METRICS")


def environ(database_url: str, folder: Path, **more: str) -> dict[str, str]:
    """Return the environment of a program that works on this database, with its files in a folder."""
    own = {name: value for name, value in os.environ.items() if name not in UNSET}
    own |= {"DATABASE_URL": database_url, "VAR_DIR": str(folder / "var"), "KEYS_DIR": str(folder / "keys")}
    return {**own, "DJANGO_SETTINGS_MODULE": "practice.settings", "PYTHONPATH": str(ROOT), **more}


def manage(database_url: str, *words: str, **more: str) -> None:
    """Run a command of `manage.py`."""
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env=environ(database_url, Path(name), **more), check=True)


def asked(module: str, database_url: str, *words: str, **more: str) -> dict[str, Any]:
    """Run a module of ours in a process of its own; return the JSON of the last line that it prints."""
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        own = environ(database_url, Path(name), RATE_LIMITS="off", **more)
        command = [sys.executable, "-m", module, *words]
        said = subprocess.run(command, cwd=ROOT, env=own, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return found
