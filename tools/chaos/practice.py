"""The practice under test: its programs, which are killed and come back, and what it says of its emails."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from booking.tests.processes.web_server import Web
from practice.tests.processes.killing import end
from practice.tests.processes.practice_site import CelerySite, celery_site_in
from practice.tests.processes.waiting import soon
from tools.chaos.oracle import Kill, Record, Row
from tools.chaos.servers import RecordingGateway, RecordingMailServer, servers

INSIDE = "from tools.chaos.due_emails import *"
AN_HOUR = timedelta(hours=1)
SHORT_LIVED = 20.0  # seconds after which some sign-in codes are too late
PATIENCE = 120  # seconds, on a machine that is busy
WAITING = "SELECT kind, due_at FROM practice_letter WHERE state = 'planned'"
ROWS = "SELECT message_id, kind, state, to_address, why, not_after, due_at, attempts FROM practice_letter"


class ChaosPractice:
    """A practice with its programs and its two servers. `record`: what the judge is shown."""

    def __init__(
        self, site: CelerySite, smtp: RecordingMailServer, gateway: RecordingGateway, record: Record
    ) -> None:
        self.site, self.smtp, self.gateway, self.record = site, smtp, gateway, record
        self.beat: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []
        self.web: Web | None = None
        self.broker = site.broker()
        self.batches, self.most_workers, self.has_clock = 0, 2, True
        site.inside(INSIDE, "open_practice()")

    def start_broker_and_clock(self) -> None:
        """Start them again, if they do not run."""
        if not runs(self.broker):
            self.broker = self.site.broker()
        if self.has_clock and not runs(self.beat):
            self.beat = self.site.beat()

    def start_all(self) -> None:
        """Start again whatever does not run."""
        self.start_broker_and_clock()
        self.workers = [worker for worker in self.workers if runs(worker)]
        self.workers += [self.site.worker() for _ in range(self.most_workers - len(self.workers))]

    def kill_workers(self) -> None:
        """Kill all workers with their children. Their leases are over: nobody is left to hold one."""
        living = [worker for worker in self.workers if runs(worker)]
        for worker in living:
            end(worker)
        if living:
            self.killed(len(living))
        self.workers = []
        self.smtp.wait_until(lambda: not self.smtp.talking, PATIENCE)
        self.site.age_leases()

    def killed(self, senders: int = 1) -> None:
        """Write down that so many senders were killed now."""
        self.record.kills.append(Kill(timezone.now(), senders))

    def plan(self, kind: str, count: int) -> None:
        """Plan so many emails of a kind, due now."""
        self.batches += 1
        call = f"plan({kind!r}, {str(self.batches)!r}, {count}, short_lived={SHORT_LIVED})"
        self.record.planned |= set(self.site.inside(INSIDE, call).split())

    def have_in_front(self, kind: str, count: int) -> None:
        """Have at least so many emails of this kind be due, and no other kind, until `all_due`.

        What a server refused before does not hold the kind back: the next fault needs it.
        """
        self.lift_stops()
        if (lacking := count - self.due(kind)) > 0:
            self.plan(kind, lacking)
        now = self.as_column(timezone.now())
        later = self.as_column(timezone.now() + AN_HOUR)
        self.site.sql(
            f"UPDATE practice_letter SET due_at = '{later}' "
            f"WHERE state = 'planned' AND due_at <= '{now}' AND kind <> '{kind}'"
        )

    def as_column(self, instant: datetime) -> str:
        """Return an instant as the database writes it."""
        return f"{instant:%Y-%m-%d %H:%M:%S}" + ("" if self.site.sqlite else "+00")

    def due(self, kind: str = "") -> int:
        """Return how many emails could be sent now, of this kind or of all."""
        now = timezone.now()
        return sum(moment(due_at) <= now and kind in ("", of) for of, due_at in self.site.sql(WAITING))

    def rows(self) -> dict[str, Row]:
        """Return every email that is due, was, or was put later by `have_in_front`, by its Message-ID."""
        soon_due = timezone.now() + 2 * AN_HOUR
        return {
            name: Row(kind, state, to, bool(codes(why)), moment(not_after))
            for name, kind, state, to, why, not_after, due_at, attempts in self.site.sql(ROWS)
            if name in self.record.planned or state != "planned" or attempts or moment(due_at) <= soon_due
        }

    def comes_to_rest(self) -> bool:
        """Return whether nothing is left to do once pauses, leases and stopped kinds are over.

        The workers send what is due, and are told to stop. What is claimed then has no sender any more, so
        that its lease can be ended here instead of being waited for.
        """
        self.start_all()
        self.all_due(self.rows())
        self.site.tick()
        soon(lambda: not self.due(), PATIENCE)
        self.stop_workers()
        for _ in range(12):
            open_ones = [name for name, row in self.rows().items() if row.state in ("planned", "claimed")]
            if not open_ones:
                return True
            self.let_time_pass(open_ones)
            self.site.deliver()
        return False

    def let_time_pass(self, open_ones: Iterable[str]) -> None:
        """As if leases, pauses between tries and the hour of a stopped kind were over."""
        self.site.age_leases()
        self.lift_stops()
        self.all_due(open_ones)

    def lift_stops(self) -> None:
        """As if the hour were over for which several refusals stop a kind."""
        self.site.sql("UPDATE practice_letter SET refused_at = NULL WHERE refused_at IS NOT NULL")

    def all_due(self, names: Iterable[str]) -> None:
        """Have these emails be due now, if they wait."""
        now, listed = self.as_column(timezone.now()), ", ".join(f"'{name}'" for name in names)
        self.site.sql(
            f"UPDATE practice_letter SET due_at = '{now}' "
            f"WHERE state = 'planned' AND due_at > '{now}' AND message_id IN ({listed})"
        )

    def stop_workers(self) -> None:
        """Tell all workers to stop; each finishes the email in its hand first."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            worker.wait(PATIENCE)
        self.workers = []


def runs(process: subprocess.Popen[bytes] | None) -> bool:
    """Return whether it was started and has not ended."""
    return process is not None and process.poll() is None


def codes(why: Any) -> list[Any]:
    """Return the reason of a row: a column of JSON comes as text from SQLite, read already elsewhere."""
    return json.loads(why) if isinstance(why, str) else list(why)


def moment(value: Any) -> Any:
    """Return the instant of a column, or None: it is text in UTC from SQLite, read already elsewhere."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value


@contextmanager
def chaos_practice(folder: Path, record: Record) -> Iterator[ChaosPractice]:
    """Yield a practice on the engine that DATABASE_URL names, with only its broker at work."""
    with servers(record) as (smtp, gateway):
        env = {"EMAIL_URL": f"smtp://127.0.0.1:{smtp.port}", "TEXT_MESSAGES_URL": gateway.url}
        with celery_site_in(folder, RATE_LIMITS="off", **env) as site:
            yield ChaosPractice(site, smtp, gateway, record)
