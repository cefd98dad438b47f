"""`manage.py up`: the whole practice on one machine, with one command."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection, connections
from django.utils import timezone

from practice.core import zone_data
from practice.models import Practice
from practice.site import welcome as site_welcome
from practice.site.processes import broker
from practice.site.processes import programs as processes_programs
from practice.site.processes.claim import AlreadyRunning, Claim, claimed, stop_left_over
from practice.site.processes.supervise import PATIENCE, Program, Supervisor


class Command(BaseCommand):
    """The command that prepares database and files, then runs broker, web server, workers and clock."""

    help = "Run everything on this machine: broker, web server, workers, scheduler. Ctrl-C stops it all."
    requires_system_checks: list[str] = []  # they ask about the database, which is prepared first

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all; exit code 0 after a stop that was asked for, 1 when something died or could not start."""
        try:
            with claimed(settings.VAR_DIR) as claim:
                sys.exit(self.run(claim))
        except AlreadyRunning as error:
            where = f" as process {error.pid}" if error.pid else ""
            raise CommandError(
                f"This practice is already running{where}, with its data in {settings.VAR_DIR}. "
                "Stop it first, or use a different VAR_DIR."
            ) from error
        except broker.NoBroker as error:
            raise CommandError(str(error)) from error

    def run(self, claim: Claim) -> int:
        """Prepare, start the programs and wait until they end; return the exit code."""
        self.clear_away(claim)
        if not processes_programs.can_bind(settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} is used by another program. "
                f"Stop it, or choose another port: PORT={settings.PORT + 1}"
            )
        self.refuse_a_demo_elsewhere()
        self.prepare()
        supervisor = Supervisor(self.programs(), settings.BASE_DIR, self.say, report=claim.note)
        return supervisor.run(welcome=self.welcome)

    def say(self, line: str) -> None:
        """Print a line to the terminal, at once. A terminal that has gone away stops nothing."""
        with contextlib.suppress(OSError):
            self.stdout.write(line)
            self.stdout.flush()

    def clear_away(self, claim: Claim) -> None:
        """End the programs that a killed run left behind."""
        left_over = claim.left_over
        if left_over:
            self.say(f"The last run was killed. Stopping what it left running: {', '.join(left_over)}.")
            stop_left_over(left_over, patience=PATIENCE)

    def refuse_a_demo_elsewhere(self) -> None:
        """Raise CommandError when DEMO is on for a database with a real practice.

        Before anything is migrated: nothing in it is touched.
        """
        if not settings.DEMO or Practice._meta.db_table not in connection.introspection.table_names():
            return
        if Practice.objects.filter(is_demo=False).exists():
            raise CommandError(
                "DEMO=1 is on, but this database holds a practice that the demo did not create: "
                "unset DEMO to start that practice, or give the demo its own VAR_DIR and DATABASE_URL. "
                "Nothing was changed."
            )

    def prepare(self) -> None:
        """Prepare the database, the files and a new demo's people; then run every check, the guard's too."""
        self.say(f"Preparing the database and the files … (time zone data {zone_data.version()})")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO and "demo" in get_commands() and not Practice.objects.exists():
            call_command("demo", stdout=self.stdout)
        if "zone_changes" in get_commands():  # an upgrade may have brought new rules
            call_command("zone_changes", quiet=True, stdout=self.stdout)
        self.check(databases=["default"])
        connections.close_all()

    def programs(self) -> list[Program]:
        """Return the programs in the order of their start; the web server, last, shows that all are up."""
        embedded = []
        if settings.EMBEDDED_BROKER:
            broker.private_folder(settings.RUNTIME_DIR, uid=os.getuid())
            embedded = [broker.program(socket=settings.BROKER_SOCKET, data=settings.VAR_DIR / "broker")]
        return [
            *embedded,
            processes_programs.worker("letters"),
            processes_programs.worker("media"),
            processes_programs.beat(settings.VAR_DIR / "beat"),
            processes_programs.web(port=settings.PORT, behind_proxy=settings.TRUSTED_PROXY_COUNT > 0),
        ]

    def welcome(self) -> None:
        """Print the address, and the links to sign in."""
        ways = site_welcome.sign_in_links(now=timezone.now())
        connections.close_all()
        self.say(site_welcome.welcome_lines(settings.SITE_URL, ways))
