"""`manage.py export_client WHO --to FILE`: write a copy of all that is kept of a client, as one ZIP."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.export.actions import export
from portal.export.archive import filename
from portal.management.whose import client_named


class Command(BaseCommand):
    """The command that exports a client; only the user who runs it can read the file."""

    help = "Write a copy of everything kept about a client. WHO: the client's email address or number."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", metavar="WHO")
        parser.add_argument("--to", type=Path, metavar="FILE", help="The file to write (default: here).")

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_named(options["who"])
        path = options["to"] or Path(filename(client.name))
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
        with os.fdopen(descriptor, "wb") as file, export(client, by=None, now=timezone.now()) as made:
            shutil.copyfileobj(made, file)
        self.stdout.write(f"Wrote {path}. It contains health information: hand it over, then delete it.")
