"""`manage.py tidy [--dry-run]`: remove what is too old, as the worker does every hour."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from practice.retention import chores


class Command(BaseCommand):
    """The command that runs the chores of retention and prints one line for each."""

    help = "Delete data that has expired. With --dry-run, only count it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        done = chores.foresee(now) if options["dry_run"] else chores.tidy(now)
        for name, count in sorted(done.items()):
            self.stdout.write(f"{count:>8}  {name.replace('_', ' ')}")
        if options["dry_run"]:
            self.stdout.write("Nothing was changed.")
