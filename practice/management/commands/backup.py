"""`manage.py backup [--to FOLDER] [--keys-to FOLDER]`: make a backup now."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practice.backup.actions.back_up import back_up
from practice.backup.actions.copy_keys import copy_keys, refuse_near
from practice.backup.backup_settings import backup_place
from practice.backup.engine.refusals import megabytes
from practice.backup.kinds.table import place_at
from practice.backup.places import Trouble
from practice.core.env import BadSetting
from practice.storage.storage_settings import is_bucket

NEVER_IN = ("VAR_DIR", "KEYS_DIR", "MEDIA_ROOT")


class Command(BaseCommand):
    """The command that makes a backup, as the worker does on its schedule."""

    help = "Back up the database and all files, while the site runs. The keys are not in it: see --keys-to."
    requires_system_checks: list[str] = []  # an upgrade backs up before it migrates

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", default="", help="where to; default: the setting BACKUP_TO")
        parser.add_argument(
            "--keys-to", default="", help="a folder for a copy of the keys, away from the backups"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            to = backup_place(
                "--to",
                options["to"]
                if is_bucket(options["to"])
                else options["to"] and str(Path(options["to"]).resolve()),
                never_in={name: Path(getattr(settings, name)) for name in NEVER_IN},
            )
        except BadSetting as error:
            raise CommandError(str(error)) from error
        address = to or settings.BACKUP_TO
        if not address:
            raise CommandError("Where to? Set BACKUP_TO in .env, or name a place: --to /mnt/backups/portal")
        try:
            keys_to = Path(options["keys_to"]).resolve() if options["keys_to"] else None
            if keys_to:
                refuse_near(keys_to, backups=None if is_bucket(address) else Path(address))
            made = back_up(place_at(address), now=timezone.now().replace(microsecond=0))
            if keys_to:
                for file in copy_keys(keys_to):
                    self.stdout.write(f"Keys: {file}")
        except Trouble as error:
            raise CommandError(f"No backup was made. {error}") from error
        self.stdout.write(
            f"Backup {made.name} in {address}: {sum(made.counts.values()):,} rows, {len(made.files)} files, "
            f"{megabytes(made.size)}, {made.seconds} s."
        )
        self.stdout.write(
            f"Check it: manage.py verify_backup {made.name}" + (f" --from {address}" if to else "")
        )
        if not options["keys_to"]:
            self.stdout.write(f"The keys are not in it. Keep a copy of {settings.KEYS_DIR} in another place.")
