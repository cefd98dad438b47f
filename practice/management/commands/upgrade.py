"""`manage.py upgrade [--yes] [--rolling]`: say what will happen, back up, migrate, check, open again."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from booking.locking import overlap_guard
from practice.backup import databases, here, restore_marker, stored
from practice.backup.actions.back_up import back_up, sentences
from practice.backup.engine.upgrade_plan import UpgradePlan, way_back
from practice.backup.kinds.table import place_at
from practice.backup.places import Trouble
from practice.site import old_version, welcome
from practice.site.processes import closed
from practice.site.processes.claim import process_started_at, running_up
from practice.site.processes.programs import serves
from practice.site.processes.supervise import CLOSING, PATIENCE, START

CLOSE = 3 * PATIENCE  # seconds in which the site closes: each program finishes its work first
OPEN = 3 * START  # seconds in which it opens again
#: What is said of a failed upgrade, and of one while the old version runs.
FAILED = (
    "The upgrade failed. The site stays closed.",
    "The upgrade failed. Restart nothing: the old version keeps running.",
)


class Command(BaseCommand):
    """The command that brings a practice to the version of this code. Exit code 1: it failed."""

    help = "Say what will happen, back up, migrate, check everything, and open the site again."
    requires_system_checks: list[str] = []  # they ask about the database, which is migrated first

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--yes", action="store_true", help="do not ask")
        parser.add_argument(
            "--rolling", action="store_true", help="several machines: the old version keeps running meanwhile"
        )
        parser.add_argument("--backup-to", default="", help="where to; default: the setting BACKUP_TO")
        parser.add_argument("--no-backup", action="store_true", help="without a backup there is no way back")

    def handle(self, *args: Any, **options: Any) -> None:
        address = "" if options["no_backup"] else options["backup_to"] or settings.BACKUP_TO
        if not address and not options["no_backup"]:
            raise CommandError(
                "Where is the backup to go? Set BACKUP_TO in .env, name a folder with --backup-to, or do "
                "without: --no-backup"
            )
        up = running_up(settings.VAR_DIR)
        self.is_rolling = options["rolling"]
        if self.is_rolling and up:
            raise CommandError("“up” runs here: it closes the site and opens it again, without --rolling.")
        try:
            with closed.upgrading(settings.VAR_DIR) as note:
                self.upgrade(address, pid=up.pid if up else None, asks=not options["yes"])
                note.ended_with(closed.DONE)
        except closed.AlreadyUpgrading as error:
            raise CommandError("Another upgrade runs here. Wait until it has finished.") from error
        except Trouble as error:
            raise CommandError(str(error)) from error
        if up:
            self.wait_until_open(up.pid)
            return
        for for_whom, link in welcome.sign_in_links(now=timezone.now()):  # as `up` prints them
            self.say(f"{for_whom}: {link}")
        if self.is_rolling:
            self.say("Now restart web servers and workers, one after the other: docs/several-machines.md")
        else:
            self.say("Start the site: manage.py up, or systemctl restart portal (on each machine).")

    def upgrade(self, address: str, *, pid: int | None, asks: bool) -> None:
        """Do it, step by step. Raises Trouble or CommandError; what was closed stays closed then."""
        self.refuse_what_is_not_ours()
        with sentences(settings.VAR_DIR):
            plan = self.plan(address, pid=pid)
        for line in plan.lines():
            self.say(line)
        if asks and not self.is_agreed():
            raise CommandError("Nothing was changed.")
        if pid and not self.is_closed():
            if address:  # while it is open: the next one is quick, and a full disk closes nothing
                self.back_up(address)
            self.close_site(pid)
        name = self.back_up(address) if address else ""
        try:
            self.migrate_and_check()
        except Exception as error:
            self.say(f"FAILED: {type(error).__name__}: {error}")
            self.tell_the_way_back(address, name)
            raise CommandError(FAILED[self.is_rolling]) from error
        self.say("The database is up to date, and everything is checked.")

    def is_agreed(self) -> bool:
        """Ask, and return whether the answer is yes. Without a terminal it is no."""
        with contextlib.suppress(EOFError):
            return input("Go ahead? [y/N] ").strip().lower() in ("y", "yes")
        return False

    def refuse_what_is_not_ours(self) -> None:
        """Raise CommandError for half a restore, and for a database that is newer than this code."""
        if restore_marker.is_unfinished(settings.VAR_DIR):
            raise CommandError("A restore did not finish here. Finish it first: manage.py restore")
        if newer := here.newer_migrations():
            raise CommandError(
                "A newer version of the portal has changed this database already. Install that version or a "
                f"later one. Unknown here: {', '.join(newer)}."
            )

    def plan(self, address: str, *, pid: int | None) -> UpgradePlan:
        """Return what will be done. Raises Trouble."""
        executor = MigrationExecutor(connection)
        steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if self.is_rolling:
            self.refuse_what_the_old_version_cannot_live_with(executor, [one for one, _backward in steps])
        last = []
        if address:
            with sentences(address):
                last = stored.readable(place_at(address))[-1:]
        return UpgradePlan(
            version=here.version(),
            migrations=[f"{one.app_label}.{one.name}" for one, _backward in steps],
            backup_to=address,
            seconds=last[0].seconds if last else None,
            pid=pid,
            is_rolling=self.is_rolling,
        )

    def refuse_what_the_old_version_cannot_live_with(
        self, executor: MigrationExecutor, migrations: list[Migration]
    ) -> None:
        """Raise CommandError with a line for each such change of the database."""
        loader = executor.loader
        before = loader.project_state([key for key in loader.applied_migrations if key in loader.graph.nodes])
        if found := old_version.troubles(migrations, before):
            raise CommandError(
                "The old version can’t keep running while this is done:\n"
                + "".join(f"  {line}\n" for line in found)
                + "Nothing was changed. Stop all programs on all machines, then run it without --rolling."
            )

    def is_closed(self) -> bool:
        """Return whether the `up` here shows visitors that we are back soon."""
        up = running_up(settings.VAR_DIR)
        return up is not None and closed.CLOSED in up.programs

    def close_site(self, pid: int) -> None:
        """Have `up` stop its programs and show the page. Raises CommandError when it does not."""
        self.say("Closing the site …")
        os.kill(pid, CLOSING)
        deadline = time.monotonic() + CLOSE
        while not self.is_closed():
            if not process_started_at(pid) or time.monotonic() > deadline:
                raise CommandError(
                    "The site did not close. Stop it, and run this again. Nothing was changed."
                )
            time.sleep(0.1)

    def back_up(self, address: str) -> str:
        """Make a backup, and return its name. Raises Trouble."""
        self.say("Backing up …")
        name = back_up(place_at(address), now=timezone.now()).name
        self.say(f"Backup {name} is made.")
        return name

    def migrate_and_check(self) -> None:
        """Migrate, prepare the files, and run every check."""
        self.say("Migrating …")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if "zone_changes" in get_commands():
            call_command("zone_changes", quiet=True, stdout=self.stdout)
        self.check(databases=["default"])
        if not overlap_guard.is_installed():
            raise Trouble("The rule against double bookings is not in the database.")
        connections.close_all()

    def tell_the_way_back(self, address: str, name: str) -> None:
        """Print the commands that bring back what was before."""
        if not name:
            self.say("No backup was made by this upgrade. Correct what is wrong, and run it again.")
            return
        database, is_sqlite = databases.place_of_database(), connection.vendor == "sqlite"
        for line in way_back(place=address, name=name, database=database, is_sqlite=is_sqlite):
            self.say(line)

    def wait_until_open(self, pid: int) -> None:
        """Wait until `up` has started everything again."""
        self.say("Opening the site …")
        deadline = time.monotonic() + OPEN
        while not self.is_open():
            if not process_started_at(pid) or time.monotonic() > deadline:
                self.say("The site is not open yet. What “up” printed, or its log, says why.")
                sys.exit(1)
            time.sleep(0.2)
        self.say("The site is open.")

    def is_open(self) -> bool:
        """Return whether the web server runs and answers."""
        up = running_up(settings.VAR_DIR)
        return up is not None and "web" in up.programs and serves(settings.PORT)

    def say(self, line: str) -> None:
        """Print a line at once."""
        self.stdout.write(line)
        self.stdout.flush()
