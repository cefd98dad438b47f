"""Many practices at rest on one PostgreSQL: their ticks, each at its own second, for a minute.

`python -m tools.scale.measure.many COUNT SECONDS`: copies the template for each practice. One process does
the work of all workers, with a connection for each tick as they have. Prints JSON. Where DATABASE_URL leads
through PgBouncer, SCALE_SERVER is the address of PostgreSQL itself.
"""

from __future__ import annotations

import heapq
import json
import logging
import os
import sys
import time
from random import Random

import django

django.setup()

from django.db import connection, connections  # noqa: E402  (Django comes first)

from practice.celery import app  # noqa: E402
from tools.scale.measure.databases import TEMPLATE  # noqa: E402
from tools.scale.measure.meter import Meter  # noqa: E402

Tick = tuple[float, int, str]


def live(names: list[str], seconds: float) -> int:
    """Do the ticks of these databases for so long; return how many were done."""
    random, schedule, done = Random(15), app.conf.beat_schedule, 0
    ticks: list[Tick] = [
        (random.uniform(0, said["schedule"]), number, name)
        for number in range(len(names))
        for name, said in schedule.items()
    ]
    heapq.heapify(ticks)
    began = time.monotonic()
    while (tick := heapq.heappop(ticks))[0] < seconds:
        at, number, name = tick
        if (left := began + at - time.monotonic()) > 0:
            time.sleep(left)
        connection.settings_dict["NAME"] = names[number]
        app.tasks[schedule[name]["task"]].run()
        connections.close_all()
        done += 1
        heapq.heappush(ticks, (at + schedule[name]["schedule"], number, name))
    return done


def main() -> None:
    """Print what was found, as JSON."""
    count, seconds = int(sys.argv[1]), float(sys.argv[2])
    logging.disable(logging.CRITICAL)
    app.loader.import_default_modules()
    meter = Meter(os.environ.get("SCALE_SERVER") or os.environ["DATABASE_URL"])
    names = [f"many_{os.getpid()}_{number}" for number in range(count)]
    created = sum(meter.create(name, TEMPLATE) for name in names)
    connections.close_all()
    live(names, 5)
    done = 0

    def work() -> None:
        nonlocal done
        done = live(names, seconds)

    began = time.monotonic()
    used = meter.used_by(work)
    took = time.monotonic() - began
    quiet = meter.used_by(lambda: time.sleep(20))
    print(
        json.dumps(
            {
                "many_databases": count,
                "many_create_s": created / count,
                "many_ticks_per_s": done / took,
                "many_late_s": took - seconds,
                "rest_database_ms_per_s_of_many": used.cpu / took / count,
                "many_quiet_ms_per_s": quiet.cpu / quiet.wall / count,
            }
        )
    )


if __name__ == "__main__":
    main()
