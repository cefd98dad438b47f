"""`manage.py up`: the whole practice on one machine, with one command."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from practice.backup import here, restore_marker
from practice.core import zone_data
from practice.models import Practice
from practice.observability.metrics import forget_counts
from practice.site import new_database, preload, static_files
from practice.site import welcome as site_welcome
from practice.site.processes import broker, closed
from practice.site.processes import programs as processes_programs
from practice.site.processes.claim import AlreadyRunning, Claim, claimed, stop_left_over
from practice.site.processes.program import Program
from practice.site.processes.supervise import CLOSING, PATIENCE, Supervisor
from practice.storage.errors import StorageAway


class Command(BaseCommand):
    """The command that prepares database and files, then runs broker, web server, workers and clock."""

    help = "Run everything on this machine: broker, web server, workers, scheduler. Ctrl-C stops it all."
    requires_system_checks: list[str] = []  # they ask about the database, which is prepared first

    def handle(self, *args: Any, **options: Any) -> None:
        """Run all; exit code 0 after a stop that was asked for, 1 when something died or could not start."""
        try:
            with claimed(settings.VAR_DIR) as claim:
                signal.signal(CLOSING, signal.SIG_IGN)  # until there is something to close
                sys.exit(self.run(claim))
        except KeyboardInterrupt:
            self.say("Stopped.")
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
        self.began, self.prepared = time.monotonic(), 0.0
        self.clear_away(claim)
        if not processes_programs.can_bind(settings.PORT):
            raise CommandError(
                f"Port {settings.PORT} is used by another program. "
                f"Stop it, or choose another port: PORT={settings.PORT + 1}"
            )
        self.refuse_half_a_restore()
        supervisor = Supervisor(self.programs(), settings.BASE_DIR, self.say, report=claim.note)
        code = supervisor.run(
            prepare=lambda: self.prepare(supervisor), welcome=lambda: self.welcome(supervisor)
        )
        if supervisor.is_closing:
            self.stay_closed(claim)
        return code

    def stay_closed(self, claim: Claim) -> None:
        """Show visitors that we are back soon until an upgrade ended well; then start with its code."""
        with closed.page_shown(settings.PORT):
            claim.note({closed.CLOSED: os.getpid()})
            self.say("Closed. Visitors see that we are back soon. “manage.py upgrade” says what happens.")
            closed.wait_until_done(settings.VAR_DIR)
        claim.note({})
        self.say("The upgrade is done. Starting again.")
        os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606  (our own command line)

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

    def refuse_half_a_restore(self) -> None:
        """Raise CommandError after a restore that was killed: its emails are not held back yet, for one."""
        if restore_marker.is_unfinished(settings.VAR_DIR):
            raise CommandError(
                "A restore did not finish here. Run it again, and it starts over: manage.py restore. "
                f"If you gave it up, delete {restore_marker.marker(settings.VAR_DIR)} and what it restored."
            )

    def refuse_a_newer_schema(self) -> None:
        """Raise CommandError when a newer version has migrated this database: this one would misread it."""
        if newer := here.newer_migrations():
            raise CommandError(
                "A newer version of the portal has changed this database. Install that version or a later "
                f"one. Unknown here: {', '.join(newer)}. Nothing was changed."
            )

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

    def prepare(self, supervisor: Supervisor) -> int:
        """Prepare the database and the files, and load what the programs share; return 0, or an exit code.

        The database is opened only in processes that end: what they needed does not stay in memory, and a
        connection would not survive a fork.
        """
        self.say(f"Preparing the database and the files … (time zone data {zone_data.version()})")
        # Migrations of a big practice take a while: visitors get the page that says we are back soon.
        with supervisor.beside(lambda: closed.show_page(settings.PORT)):
            jobs = [supervisor.begin(self.job(work)) for work in (self.prepare_database, self.prepare_files)]
            preload.preload()
            code = supervisor.finish(jobs) or supervisor.finish([supervisor.begin(self.job(self.check_all))])
        preload.freeze()
        self.prepared = time.monotonic() - self.began
        return code

    def job(self, work: Callable[[], None]) -> Callable[[], None]:
        """Return the work, with what it raises as one sentence."""

        def done() -> None:
            try:
                work()
            except (CommandError, StorageAway) as error:
                self.stderr.write(self.style.ERROR(f"CommandError: {error}"))
                sys.exit(1)

        return done

    def prepare_database(self) -> None:
        """Bring the database up to date, and make a new demo's people."""
        self.refuse_a_newer_schema()
        self.refuse_a_demo_elsewhere()
        took = {"tables": timed(self.migrate)}
        call_command("createcachetable", verbosity=0)
        if settings.DEMO and "demo" in get_commands() and not Practice.objects.exists():
            took["demo"] = timed(lambda: call_command("demo", stdout=self.stdout))
        if "zone_changes" in get_commands():  # an upgrade may have brought new rules
            call_command("zone_changes", quiet=True, stdout=self.stdout)
        self.say("Database ready: " + ", ".join(f"{part} {seconds:.1f} s" for part, seconds in took.items()))

    def migrate(self) -> None:
        """Create the tables of a new SQLite database at once, and apply what migrations are left."""
        new_database.create_all_tables(connection)
        call_command("migrate", interactive=False, verbosity=0)

    def prepare_files(self) -> None:
        """Put style sheets, scripts and pictures where they are served from."""
        static_files.collect()
        forget_counts(settings.VAR_DIR / "metrics")

    def check_all(self) -> None:
        """Run every check, the overlap guard's too. Raises SystemCheckError."""
        self.check(databases=["default"])

    def programs(self) -> list[Program]:
        """Return the programs in the order of their start; the web server, last, shows that all are up."""
        embedded = []
        if settings.EMBEDDED_BROKER:
            broker.private_folder(settings.RUNTIME_DIR, uid=os.getuid())
            embedded = [broker.program(socket=settings.BROKER_SOCKET, data=settings.VAR_DIR / "broker")]
        return [
            *embedded,
            processes_programs.worker(clock=settings.VAR_DIR / "beat"),
            processes_programs.web(port=settings.PORT, behind_proxy=settings.TRUSTED_PROXY_COUNT > 0),
        ]

    def welcome(self, supervisor: Supervisor) -> None:
        """Print how long the start took, the address, and the links to sign in."""
        took = time.monotonic() - self.began
        self.say(f"Open after {took:.1f} s, {self.prepared:.1f} s of them to prepare database and files.")
        supervisor.finish([supervisor.begin(self.print_links)])

    def print_links(self) -> None:
        """Print the address, and links that are made for this start."""
        ways = site_welcome.sign_in_links(now=timezone.now())
        self.say(site_welcome.welcome_lines(settings.SITE_URL, ways))


def timed(work: Callable[[], object]) -> float:
    """Do the work and return the seconds it took."""
    began = time.monotonic()
    work()
    return time.monotonic() - began
