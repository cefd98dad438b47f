"""`manage.py reset_second_step ADDRESS`: for people who lost phone and recovery codes, the owner too."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from practice.accounts.actions.sign_in_help import NothingToReset, reset_second_step
from practice.models import User


class Command(BaseCommand):
    """The command that resets a second factor. Its user could read the database anyway."""

    help = "Remove the second sign-in step of the person with this address, and sign them out everywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address they sign in with."""
        parser.add_argument("address")

    def handle(self, *args: Any, address: str, **options: Any) -> None:
        """Reset the second factor, or say why not."""
        user = User.objects.by_email(address)
        if user is None:
            raise CommandError(f"No account uses {address}.")
        try:
            reset_second_step(user, by=None, now=timezone.now())
        except NothingToReset as nothing:
            raise CommandError(str(nothing)) from nothing
        self.stdout.write(
            f"The second sign-in step of {user.name} was removed, and they are signed out everywhere. "
            "They can sign in with a code by email and set up a new one."
        )
