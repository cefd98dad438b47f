"""`manage.py copy_media --from-folder FOLDER`: copy recordings and pictures into the bucket, or back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from practice.storage.chosen import media
from practice.storage.errors import StorageAway
from practice.storage.folder import Folder
from practice.storage.store import MediaStore


class Command(BaseCommand):
    """The command for changing where files are kept. It removes nothing, and can be repeated."""

    help = "Copy recordings and pictures into the bucket of S3_BUCKET, or back: --to-folder. Removes nothing."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--from-folder", default="", help="copy from this folder into the bucket")
        way.add_argument("--to-folder", default="", help="copy from the bucket into this folder")
        parser.add_argument("--dry-run", action="store_true", help="only say how much there is to copy")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.S3 is None:
            raise CommandError("S3_BUCKET is not set, so there is no bucket. See docs/storage.md.")
        folder = Path(options["from_folder"] or options["to_folder"]).resolve()
        if options["from_folder"] and not folder.is_dir():
            raise CommandError(f"The folder {folder} does not exist.")
        places: list[MediaStore] = [Folder(folder), media()]
        source, target = places if options["from_folder"] else reversed(places)
        try:
            count, size = self.copy(source, target, dry=options["dry_run"])
        except StorageAway as error:
            raise CommandError(f"{error} What was copied stays; run this again.") from error
        said = "are to be copied" if options["dry_run"] else "were copied"
        self.stdout.write(f"{count} files, {size / 1_000_000:.1f} MB, {said} to {target}.")

    def copy(self, source: MediaStore, target: MediaStore, *, dry: bool) -> tuple[int, int]:
        """Copy what is not there yet; return how many files, and their bytes. Raises StorageAway."""
        there = {one.name: one.size for one in target.names()}
        missing = [one for one in source.names() if there.get(one.name) != one.size]
        for one in () if dry else missing:
            with source.local(one.name) as file, target.room(one.name) as room:
                target.keep(Path(shutil.copyfile(file, room / "copy")), one.name)
        return len(missing), sum(one.size for one in missing)
