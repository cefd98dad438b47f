"""Write practice/site/new_database.sql anew: `python -m tools.new_database`, after each new migration."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from practice.site.new_database import SCRIPT, script_of

ROOT = Path(__file__).resolve().parent.parent


def migrated_script() -> str:
    """Return the script of a database to which every migration was applied, one by one."""
    with tempfile.TemporaryDirectory(prefix="new-database-") as folder:
        environ = {**os.environ, "VAR_DIR": f"{folder}/var", "KEYS_DIR": f"{folder}/keys", "DATABASE_URL": ""}
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(command, cwd=ROOT, env=environ, check=True)
        with closing(sqlite3.connect(f"{folder}/var/portal.sqlite3")) as database:
            return script_of(database)


if __name__ == "__main__":
    SCRIPT.write_text(migrated_script(), encoding="utf-8")
    print(f"Written: {SCRIPT.relative_to(ROOT)}")
