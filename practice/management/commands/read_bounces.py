"""`manage.py read_bounces`: read the mailbox for bounces now, or messages that lie in files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from practice.mail_events.actions.read_bounces import MailboxSilent, read_bounces, record_message
from practice.mail_events.actions.record import StillSending


class Command(BaseCommand):
    """The command `read_bounces`."""

    help = "Record bounces and complaints: from the mailbox of BOUNCE_MAILBOX, or from files, one email each."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the files."""
        parser.add_argument("files", nargs="*", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the files, or the mailbox, and say how many reports are new."""
        if options["files"]:
            new = sum(len(self.record_file(path)) for path in options["files"])
        elif settings.BOUNCE_MAILBOX is None:
            raise CommandError("BOUNCE_MAILBOX is not set. Name files, or set it.")
        else:
            try:
                new = read_bounces(settings.BOUNCE_MAILBOX)
            except MailboxSilent as error:
                raise CommandError(f"The mailbox can’t be read: {error}") from error
        self.stdout.write(f"New reports about emails: {new}")

    @staticmethod
    def record_file(path: Path) -> list[Any]:
        """Return the new reports of a file."""
        try:
            return list(record_message(path.read_bytes()))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except StillSending as error:
            raise CommandError(
                f"{path}: the email is being sent right now. Try again in a minute."
            ) from error
