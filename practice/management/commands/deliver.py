"""`manage.py deliver`: send due emails without Celery. With --loop: go on until stopped."""

from __future__ import annotations

import time
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from practice.mail.delivery import graceful_stop
from practice.mail.delivery.deliver import SENDERS, drain

log = structlog.get_logger(__name__)
PAUSE = 2.0  # seconds between looks
NAP = 0.1


class Command(BaseCommand):
    """The command that runs the worker's own step of delivery."""

    help = "Send the emails that are due. SIGTERM finishes the current email and stops."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --loop."""
        parser.add_argument("--loop", action="store_true", help="keep running until stopped")

    def handle(self, *args: Any, loop: bool = False, **options: Any) -> None:
        """Deliver once, or again and again."""
        with graceful_stop.until_stopped() as told:
            if not loop:
                done = drain(stop=told, seconds=float("inf"), senders=SENDERS)
                self.stdout.write(f"{done} email{'' if done == 1 else 's'} processed.")
                return
            while not told():
                close_old_connections()
                try:
                    drain(stop=told, senders=SENDERS)
                except (DatabaseError, InterfaceError) as error:  # it will be back
                    log.warning("the database does not answer", why=str(error))
                    connection.close()
                wait_until = time.monotonic() + PAUSE
                while not told() and time.monotonic() < wait_until:
                    time.sleep(NAP)
