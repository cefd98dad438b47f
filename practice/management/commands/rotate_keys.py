"""`manage.py rotate_keys`: seal everything anew under the newest of FIELD_KEYS."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from practice.actions.rotate_keys import Rotated, rotate_all


class Command(BaseCommand):
    """How a key is retired: put a new one first, restart, run this, take the old one out, restart."""

    help = "Encrypts everything anew under the first of FIELD_KEYS. Can be broken off, and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit code 1 while something rests under a key that FIELD_KEYS does not hold."""
        found = rotate_all(self.tell)
        anew, lost = sum(one.anew for one in found), sum(one.lost for one in found)
        self.stdout.write(f"{anew} encrypted anew. {lost} cannot be opened by any of FIELD_KEYS.")
        if lost:
            sys.exit(1)
        self.stdout.write("All rests under the newest key. The others may be taken out of FIELD_KEYS.")

    def tell(self, one: Rotated) -> None:
        """One line for each column that holds anything."""
        if one.anew or one.already or one.lost:
            self.stdout.write(
                f"{one.column}: {one.anew} anew, {one.already} already, {one.lost} cannot be opened"
            )
