"""`manage.py restore [NAME] [--from PLACE] [--dry-run]`: restore a backup into an empty place."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practice.backup import databases, erased
from practice.backup.actions.back_up import sentences
from practice.backup.actions.restore import refused, restoring
from practice.backup.actions.verify import verify
from practice.backup.engine.manifest import Manifest
from practice.backup.engine.refusals import in_utc, megabytes
from practice.backup.kinds.table import place_at
from practice.backup.places import BackupPlace, Trouble
from practice.backup.stored import LATEST, manifest_of
from practice.site.after_restore import open_again
from practice.site.processes.claim import AlreadyRunning, claimed
from practice.storage.chosen import media

SHOWN = (
    ("people", "practice_user"),
    ("appointments", "booking_appointment"),
    ("session notes", "portal_sessionnote"),
    ("lessons", "portal_lesson"),
    ("emails", "practice_letter"),
)


class Command(BaseCommand):
    """The command that restores a backup. It never overwrites anything. Exit code 1: it is refused."""

    help = "Restore a backup into an empty database and media folder. --dry-run only says what would happen."
    requires_system_checks: list[str] = []  # there is no database yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default=LATEST, help="its name; default: the latest")
        parser.add_argument("--from", dest="place", default="", help="where it is; default: BACKUP_TO")
        parser.add_argument("--dry-run", action="store_true", help="change nothing")
        parser.add_argument(
            "--new-secret-key", action="store_true", help="SECRET_KEY is lost: restore without it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["place"] or settings.BACKUP_TO
        if not address:
            raise CommandError(
                "Where is the backup? Set BACKUP_TO in .env, or name it: --from /mnt/backups/portal"
            )
        try:
            with claimed(settings.VAR_DIR):
                self.restore(place_at(address), options)
        except AlreadyRunning as error:
            raise CommandError("The practice is running here. Stop it first.") from error
        except Trouble as error:
            raise CommandError(f"Nothing was restored. {error}") from error

    def restore(self, place: BackupPlace, options: dict[str, Any]) -> None:
        """Check everything, then restore and bring the database to this version. Raises Trouble."""
        with sentences(place):
            manifest = manifest_of(place, options["name"])
            since = erased.since(place, manifest.made_at)
            self.say(f"Backup {manifest.name} of {in_utc(manifest.made_at)}, {megabytes(manifest.size)}.")
            self.must_be_allowed(place, manifest, new_secret_key=options["new_secret_key"])
        if options["dry_run"]:
            self.say(f"It can be restored into {databases.place_of_database()} and {media()}.")
            self.say(f"{len(since)} erasures of later days would be repeated. Nothing was changed.")
            return
        with restoring(place, manifest, say=self.say):
            left = open_again(manifest.made_at, since, now=timezone.now(), say=self.say)
        counts = databases.contents().counts
        self.say("Restored: " + ", ".join(f"{counts.get(table, 0):,} {what}" for what, table in SHOWN) + ".")
        self.say(f"What was entered after {in_utc(manifest.made_at)} is not in it.")
        for one in left:
            self.say(f"To do: {one}")
        self.say("Start the practice: manage.py up")

    def must_be_allowed(self, place: BackupPlace, manifest: Manifest, *, new_secret_key: bool) -> None:
        """End with every reason why it cannot be restored; a backup that is damaged is refused too."""
        found = refused(manifest, new_secret_key=new_secret_key)
        if not found:
            found = [f"{one.what}: {one.says}." for one in verify(place, manifest) if not one.good]
        if found:
            for one in found:
                self.stderr.write(f"- {one}")
            self.stderr.write("Nothing was changed.")
            sys.exit(1)

    def say(self, line: str) -> None:
        """Print a line at once."""
        self.stdout.write(line)
        self.stdout.flush()
