"""How much a database grows with each session: some weeks of `make year`, and its tables before and after.

`python -m tools.scale.measure.growth DAYS CLIENTS`, on the PostgreSQL that DATABASE_URL names. Prints JSON.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402  (Django comes first)

from practice.mail.retention import blank_old_bodies  # noqa: E402
from tools.scale.measure.meter import Meter  # noqa: E402
from tools.year.rows import asked, told  # noqa: E402
from tools.year.run import run  # noqa: E402
from tools.year.scale import a_year  # noqa: E402

SIZES = """
SELECT relname, pg_total_relation_size(oid), (SELECT count(*) FROM pg_index WHERE indrelid = c.oid)
FROM pg_class AS c WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""
HEARD, EMAILS = "portal_segment", "practice_letter"
NEVER = 10_000  # days: a restored backup would be written anew
MORE = 200_000  # stretches of lessons, so that a page more or less says nothing


def tables() -> dict[str, tuple[float, int]]:
    """Return of each table its kB, indexes included, and its rows."""
    return {
        name: (size / 1_000, int(asked(f'SELECT count(*) FROM "{name}"')[0][0]))
        for name, size, _indexes in asked(SIZES)
    }


def hear_more() -> None:
    """Add copies of the stretches that were heard, each with a number and at a time of its own."""
    columns = [
        name
        for (name,) in asked(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY 1", [HEARD]
        )
        if name not in ("id", "seq")
    ]
    there, names = int(asked(f"SELECT count(*) FROM {HEARD}")[0][0]), ", ".join(columns)
    values = ", ".join(f"{one} + later" if one.endswith("_at") else one for one in columns)
    # Another time for each row, since it names the row: a backup of rows that are alike would be too small.
    later = "SELECT random() * INTERVAL '300 days' + more * INTERVAL '0'"
    told(
        f"INSERT INTO {HEARD} (seq, {names}) SELECT seq + 1000 * more, {values} "
        f"FROM {HEARD}, generate_series(1, %s) AS more, LATERAL ({later}) AS own (later)",
        [MORE // there],
    )


def main() -> None:
    """Print what was found, as JSON."""
    days, clients = map(int, sys.argv[1:])
    logging.disable(logging.CRITICAL)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    meter, before = Meter(os.environ["DATABASE_URL"]), tables()
    look = meter.look()
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        world = run(replace(a_year(3, days=days, clients=clients), backup_day=NEVER), Path(name))
    used = meter.look().since(look)
    told("VACUUM FULL")  # what killed processes left is no growth
    after = tables()
    blank_old_bodies(world.scale.day(NEVER))
    told(f"VACUUM FULL {EMAILS}")
    hear_more()
    blank_kb = tables()[EMAILS][0] - before[EMAILS][0]
    grown = {
        name: (after[name][0] - before.get(name, (0, 0))[0], after[name][1] - before.get(name, (0, 0))[1])
        for name in after
    }
    sessions = grown["booking_appointment"][1]
    (heard_kb, heard_rows), (emails_kb, emails) = tables()[HEARD], grown[EMAILS]
    most = sorted(grown.items(), key=lambda one: -one[1][0])[:12]
    found = {
        "sessions": sessions,
        "session_kb": sum(kb for name, (kb, _) in grown.items() if name not in (HEARD, EMAILS)) / sessions,
        "session_wal_kb": used.wal / 1_000 / sessions,
        "emails_per_session": emails / sessions,
        "email_kb": emails_kb / emails,
        "email_blank_kb": blank_kb / emails,
        "heard_kb": heard_kb / heard_rows,
        "tables": {name: {"kb": kb, "rows": rows} for name, (kb, rows) in most},
        "done": dict(world.done),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
