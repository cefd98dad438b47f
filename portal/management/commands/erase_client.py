"""`manage.py erase_client WHO [--yes]`: show what erasing a client would remove; with --yes, remove it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from portal.erasure.actions.erase import NotErased, Report, erase, foresee
from portal.management.whose import client_named


class Command(BaseCommand):
    """The command that erases a client; a dry run unless --yes is given, since it cannot be undone."""

    help = "Show what erasing a client would remove; with --yes, erase them. WHO: email address or number."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("who", metavar="WHO")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="Only show what would go (the default).")
        how.add_argument("--yes", action="store_true", help="Erase. This cannot be undone.")

    def handle(self, *args: Any, **options: Any) -> None:
        client = client_named(options["who"])
        try:
            report = erase(client, now=timezone.now()) if options["yes"] else foresee(client)
        except NotErased as error:
            raise CommandError(str(error)) from error
        self.show(report)
        if options["yes"]:
            self.stdout.write("Erased. Older backups still contain the data: see docs/erasure.md.")
        else:
            self.stdout.write("Nothing was changed. To erase, add --yes.")

    def show(self, report: Report) -> None:
        """Print numbers only: a terminal keeps what it showed."""
        for heading, rows in (
            ("removed", report.gone),
            ("kept without the person", report.kept),
            ("found elsewhere", report.elsewhere),
        ):
            self.stdout.write(f"{heading}:")
            for name, count in sorted(rows.items()):
                if count:
                    self.stdout.write(f"  {count:>6}  {name}")
