"""PURE. What an upgrade will do, and how to return from one that failed, in words for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LISTED = 12


@dataclass(frozen=True)
class UpgradePlan:
    """What `upgrade` found. `backup_to`: "" for none; `seconds`: of the last backup; `pid`: of `up`.

    `is_rolling`: programs of the old version keep running, on this machine and on others.
    """

    version: str
    migrations: Sequence[str]
    backup_to: str
    seconds: float | None
    pid: int | None
    is_rolling: bool = False

    def lines(self) -> list[str]:
        """Return what will happen, step by step."""
        site = (
            f"Close the site (process {self.pid}): visitors see that we are back in a few minutes."
            if self.pid
            else "The site does not run here. Stop it elsewhere first: old programs on a new database fail."
        )
        again = "Open the site again." if self.pid else "You start the site again."
        if self.is_rolling:
            site = "The site stays open: the old version can live with these migrations."
            again = "You restart the programs, one after the other."
        steps = [site, self._backup(), self._migrations(), "Check everything.", again]
        numbered = [f"  {number}. {step}" for number, step in enumerate(steps, start=1)]
        end = [] if self.is_rolling else [self._how_long()]
        return [f"Upgrade to version {self.version}:", *numbered, *end]

    def _backup(self) -> str:
        if not self.backup_to:
            return "NO backup is made (--no-backup): there is no way back."
        return f"Make a backup in {self.backup_to}."

    def _migrations(self) -> str:
        if not self.migrations:
            return "No migrations: the database is up to date."
        listed = ", ".join(self.migrations[:LISTED])
        more = len(self.migrations) - LISTED
        what = "1 migration" if len(self.migrations) == 1 else f"{len(self.migrations)} migrations"
        return f"{what}: {listed}" + (f" and {more} more." if more > 0 else ".")

    def _how_long(self) -> str:
        if not self.backup_to:
            return "It is closed for about a minute."
        if self.seconds is None:
            return "It is closed for a minute, and for as long as the first backup takes."
        minutes = 1 + round(self.seconds / 60)
        return f"It is closed for about {minutes} min: the last backup took {self.seconds:.0f} s."


def way_back(*, place: str, name: str, database: str, is_sqlite: bool) -> list[str]:
    """Return the commands that bring back what was before a failed upgrade. `name`: of its backup."""
    away = (
        f'for file in "{database}" "{database}-wal" "{database}-shm"; do [ ! -e "$file" ] || '
        'mv "$file" "$file.failed"; done'
        if is_sqlite
        else "create an empty database, and set DATABASE_URL to it"
    )
    return [
        "Nothing is lost. To return to what was before:",
        "  1. Stop the site, wherever it runs.",
        "  2. Install the version you had; after git pull: git reset --keep ORIG_HEAD",
        "     .venv/bin/pip install --require-hashes -r requirements.lock",
        f"  3. {away}",
        f"  4. .venv/bin/python manage.py restore {name} --from {place}",
        "  5. Start the site: .venv/bin/python manage.py up",
        "Or correct what is wrong, and run the upgrade again: it goes on where it stopped.",
    ]
