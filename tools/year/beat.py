"""Celery's clock in a run: each periodic task at the instants of its own grid at which it finds something."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from django.utils import timezone

from practice.celery import app
from tools.year.killing import dies_at
from tools.year.rows import asked, column, moment, told

EPOCH = datetime(2027, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)  # also by the database's own clock, which nobody moves here
LEASE, AGAIN = timedelta(minutes=5), timedelta(seconds=30)
#: Name of a tick → when there is something for it.
WAITS = {
    "deliver": "SELECT min(due_at) FROM practice_letter WHERE state = 'planned'",
    "holds": "SELECT min(hold_expires_at) FROM booking_appointment WHERE state = 'held'",
    "requests": "SELECT min(answer_by) FROM booking_appointment WHERE state = 'pending'",
    "waitlist": "SELECT min(expires_at) FROM booking_offer WHERE state = 'open'",
}
#: What has nothing to find here most of the time, so many times a day.
TIMES_A_DAY = {
    "waitlist": 4,
    "tidy": 2,
    **dict.fromkeys(("zones", "keys", "reminders"), 1),
    **dict.fromkeys(("calendars", "imports", "recordings", "silences", "videos"), 0.2),
}
FIRST_STATEMENTS = 60  # of a sender: among so many one is drawn at which it dies


@dataclass
class Beat:
    """The clock. `away_until`: the broker takes no tick before."""

    random: Random
    done: Counter[str]
    killed: Callable[[], None]
    away_until: datetime = EPOCH
    senders_to_kill: int = 0
    leases_end: datetime | None = None
    not_before: dict[str, datetime] = field(default_factory=dict)

    def next_due(self) -> tuple[datetime, str] | None:
        """Return when the next tick has something to do, and which."""
        dues = []
        for name, sql in WAITS.items():
            if (due := moment(asked(sql)[0][0])) is not None:
                first = max(due, self.not_before.get(name, EPOCH), self.away_until)
                dues.append((on_grid(first, name), name))
        if self.leases_end:
            dues.append((max(self.leases_end, self.away_until), "leases"))
        return min(dues, default=None)

    def tick(self, name: str) -> None:
        """Do one task as a worker would; the sender of this hour may be killed over it."""
        now = timezone.now()
        if now < self.away_until:
            return
        if name == "leases" and self.leases_end:
            told("UPDATE practice_letter SET leased_until = %s WHERE state = 'claimed'", [column(LONG_AGO)])
            self.leases_end, name = None, "deliver"
        task = app.tasks[app.conf.beat_schedule[name]["task"]]
        if name == "deliver" and self.senders_to_kill:
            self.kill_a_sender(task)
        else:
            task()
        self.not_before[name] = now + AGAIN  # what still waits is looked at again then

    def kill_a_sender(self, task: Callable[[], object]) -> None:
        """Have a worker die while it delivers; its lease is over five minutes later."""
        if dies_at(self.random.randint(1, FIRST_STATEMENTS), task):
            self.senders_to_kill -= 1
            self.done["worker killed while it delivered"] += 1
            self.killed()
            self.leases_end = timezone.now() + LEASE


def on_grid(instant: datetime, name: str) -> datetime:
    """Return the first tick of this name at or after the instant."""
    step = app.conf.beat_schedule[name]["schedule"]
    return EPOCH + timedelta(seconds=math.ceil((instant - EPOCH).total_seconds() / step) * step)
