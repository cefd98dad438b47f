"""The command `manage.py zone_changes`: bookings that no longer match the clocks of their zone."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from booking.links import on_our_site
from booking.zone_changes.actions.check_zones import ZoneCheckResult, find_mismatches
from booking.zone_changes.wording import line_of
from practice.core import zone_data
from practice.queries import the_practice


class Command(BaseCommand):
    """A check that moves nothing. It reports until somebody has decided on the workspace's page."""

    help = "List bookings, requests, holds and emails that no longer match their time zone rules."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add `--quiet`: no output when everything matches."""
        parser.add_argument("--quiet", action="store_true", help="Print nothing when everything matches.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Report what no longer matches. Exit code 0 either way: it is a finding, not a failure."""
        found = find_mismatches(now=timezone.now())
        if found.appointments or found.letters:
            self.tell(found)
        elif not options["quiet"]:
            self.stdout.write(f"All bookings match their time zones (time zone data {zone_data.version()}).")

    def tell(self, found: ZoneCheckResult) -> None:
        """Write one line for each finding, and where to decide."""
        locale = the_practice().locale
        self.stdout.write(f"No longer matching their time zones (time zone data {zone_data.version()}):")
        for one in found.appointments:
            self.stdout.write(f"  {line_of(one, locale=locale)}")
        if found.letters:
            self.stdout.write(f"  Emails that would be sent at a different hour than chosen: {found.letters}")
        self.stdout.write(f"Nothing has been moved. Review them at {on_our_site('workspace_clocks')}")
