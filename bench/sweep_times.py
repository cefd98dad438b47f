"""What `bench/sweep.py` measures: the periodic tasks among 100,000 clients, without and with a long past.

Each task and hourly chore is carried out some times, without and then with 1,000,000 emails that ended, in
one run: the ratio of the two means something on any machine, the milliseconds do not. Then the growth of
memory (Python's, at its peak) with few and with many rows that are due.
"""

from __future__ import annotations

import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import many_clients  # type: ignore[import-not-found]  # beside this file
import structlog
from django.conf import settings
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from portal.tests.sweeps.query_plans import Plans, explained
from portal.tests.sweeps.test_sweeps import SWEEPS
from practice.mail.delivery import deliver

CLIENTS, FEW, ROUNDS, EMAILS = 100_000, 1_000, 5, 40
#: Carried out with what it claims committed: each round sends other emails.
DELIVER = "practice.deliver"


@dataclass(frozen=True)
class Cost:
    """What one round of a task costs. `milliseconds`: of the processor on SQLite, of the clock elsewhere."""

    milliseconds: float
    plans: Plans


def run(name: str) -> None:
    """Carry out a task once. What it does is taken back, except emails that are sent."""
    if name == DELIVER:
        deliver.drain(limit=EMAILS)
        mail.outbox.clear()
        return
    with transaction.atomic():
        SWEEPS[name].run(timezone.now())
        transaction.set_rollback(True)


def cost(name: str) -> Cost:
    """Return the median of some rounds, and the plans of one more."""
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    took = []
    for _round in range(ROUNDS):
        began = clock()
        run(name)
        took.append((clock() - began) * 1000)
    with explained() as plans:
        run(name)
    return Cost(statistics.median(took), plans)


def peak_of(act: Callable[[], object]) -> float:
    """Return by how many kilobytes Python's memory grew at most."""
    act()  # what the first time loads, and keeps
    tracemalloc.start()
    act()
    peak = tracemalloc.get_traced_memory()[1] / 1000
    tracemalloc.stop()
    return peak


def print_costs(before: dict[str, Cost], after: dict[str, Cost], past: int) -> None:
    """Print the table of all tasks, and of what they read from end to end."""
    print(f"{'task or chore':28} {'queries':>8} {'no past':>10} {past:>10,} {'ratio':>7}")
    for name, one in before.items():
        two = after[name]
        ratio = two.milliseconds / one.milliseconds if one.milliseconds else 0
        print(
            f"{name:28} {one.plans.statements:>3} → {two.plans.statements:<3}"
            f" {one.milliseconds:>7.1f} ms {two.milliseconds:>7.1f} ms {ratio:>6.2f}×"
        )
    for name, two in after.items():
        read = sorted(index for index in two.plans.indexes if index)
        print(f"{name}: {', '.join(read) or 'no index'}")
        for scan in sorted({scan.partition(":")[0] for scan in two.plans.scans}):
            print(f"    reads all: {scan}")


def print_memory(count: int) -> None:
    """Print how much memory tasks take with few and with many rows to do."""
    for name, words, more in (
        ("blank_old_bodies", "emails to blank", many_clients.tidying_due),
        ("old_addresses", "addresses to empty", many_clients.tidying_due),
        ("booking.follow_the_owner", "sessions ahead", many_clients.ahead),
    ):
        peaks = []
        for number in (FEW, count):
            more(number)
            peaks.append(peak_of(partial(run, name)))
        print(f"memory of {name}, {FEW:,} and {count:,} {words}: {peaks[0]:,.0f} and {peaks[1]:,.0f} kB")


def main() -> None:
    """Print the tables."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    began = time.perf_counter()
    many_clients.fill(count)
    print(f"{connection.vendor}: {count:,} clients, filled in {time.perf_counter() - began:.0f} s")
    before = {name: cost(name) for name in SWEEPS}
    past = many_clients.history()
    print_costs(before, {name: cost(name) for name in SWEEPS}, past)
    print_memory(count)


if __name__ == "__main__":
    main()
