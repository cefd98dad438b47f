"""`manage.py verify_backup [NAME] [--from PLACE]`: read all of a backup, say whether it is good."""

from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from booking.locking import overlap_guard
from practice.backup.actions.back_up import sentences
from practice.backup.actions.verify import Finding, verify
from practice.backup.kinds.table import place_at
from practice.backup.places import Trouble
from practice.backup.stored import LATEST, manifest_of


class Command(BaseCommand):
    """The command that checks a backup without changing anything. Exit code 0: it is good; 1: it is not."""

    help = "Read all of a backup, open its database in a temporary place, and compare everything."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", default=LATEST, help="its name; default: the latest")
        parser.add_argument("--from", dest="place", default="", help="where it is; default: BACKUP_TO")

    def handle(self, *args: Any, **options: Any) -> None:
        address = options["place"] or settings.BACKUP_TO
        if not address:
            raise CommandError(
                "Where is the backup? Set BACKUP_TO in .env, or name it: --from /mnt/backups/portal"
            )
        try:
            place = place_at(address)
            with sentences(place):
                manifest = manifest_of(place, options["name"])
                found = verify(place, manifest, guard=overlap_guard.names(manifest.engine))
        except Trouble as error:
            raise CommandError(str(error)) from error
        for one in found:
            self.print_line(one)
        if not all(one.good for one in found):
            self.stdout.write(
                "This backup is NOT good. Use an earlier one, and make a new one: manage.py backup"
            )
            sys.exit(1)
        self.stdout.write("This backup is good.")

    def print_line(self, one: Finding) -> None:
        """Print a line of the table."""
        self.stdout.write(f"{'ok' if one.good else 'WRONG':6} {one.what:24} {one.says}")
