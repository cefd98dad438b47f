"""`manage.py rotate_keys`: encrypt everything again under the newest of FIELD_KEYS."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from practice.security.actions.rotate_keys import RotationResult, rotate_all


class Command(BaseCommand):
    """The command that retires a key.

    Put a new key first in FIELD_KEYS, restart, run this, take the old key out, restart.
    """

    help = "Re-encrypt everything with the first key in FIELD_KEYS. Can be stopped and run again."

    def handle(self, *args: Any, **options: Any) -> None:
        """Encrypt again; exit code 1 while something is under a key that FIELD_KEYS does not hold."""
        found = rotate_all(self.tell)
        anew, lost = sum(one.anew for one in found), sum(one.lost for one in found)
        self.stdout.write(f"{anew} re-encrypted. {lost} cannot be decrypted with any key in FIELD_KEYS.")
        if lost:
            sys.exit(1)
        self.stdout.write(
            "Everything is encrypted with the newest key. You can remove the others from FIELD_KEYS."
        )

    def tell(self, one: RotationResult) -> None:
        """Print one line for a column that holds anything."""
        if one.anew or one.already or one.lost:
            self.stdout.write(
                f"{one.column}: {one.anew} re-encrypted, {one.already} unchanged, {one.lost} lost"
            )
