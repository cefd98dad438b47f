"""The tables of docs/scale.md, made from the stored unit costs, and their place in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from tools.scale import failover, limits, practice_load, queueing, regions
from tools.scale.costs import Costs, seconds_by_distance
from tools.scale.failover import Scenario
from tools.scale.limits import Machine
from tools.scale.practice_load import Practice

DOCUMENT = Path(__file__).resolve().parents[2] / "docs/scale.md"
MARK = "<!-- python -m tools.scale: {name} -->"
END = "<!-- to here -->"
MANY = (10, 100, 1_000)
DISTANCES = (0.0, 0.03, 0.07, 0.15)
ONE_WAY = 0.035
PRACTICE, MACHINE = Practice(), Machine()

CREATES = ("create_s", "migrate_first_s", "migrate_nothing_s")
SESSION = ("session_kb", "emails_per_session", "session_wal_kb")
HELD = ("held_connections", "most_connections", "pooled_connections_each")
MEMORY = ("up_one_web_mb", "up_mb", "up_in_use_mb")
RESTS = ("rest_connects_per_s", "rest_transactions_per_s")
REST_MS = ("rest_database_ms_per_s", "rest_portal_ms_per_s")
OF_MANY = ("rest_database_ms_per_s_of_many", "rest_database_ms_per_s_pooled", "rest_pooler_ms_per_s")
BACKENDS = ("backend_rest_mb", "backend_in_use_mb")
CONNECTS = ("connect_database_ms", "connect_database_ms_pooled")
TRIPS = ("booking_trips", "booking_locked_trips", "booking_commits")
DUMPS = ("dump_empty_ms", "dump_ms_per_mb")


def shown(value: float) -> str:
    """Return a number with two or three digits that say something."""
    size = abs(value)
    if size < 0.0005 or value == round(value):
        return f"{value:,.0f}"
    digits = 0 if size >= 20 else 1 if size >= 2 else 2 if size >= 0.1 else 3
    return f"{value:,.{digits}f}"


def rows(head: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *body]
    return [
        "| " + " | ".join(line) + " |" if line is not lines[1] else "|---" * len(line) + "|" for line in lines
    ]


#: What, the costs it is made of with their unit, and which step of `tools.scale.measure` measured it.
UNIT_COSTS: tuple[tuple[str, tuple[str, ...], str, str], ...] = (
    ("an empty database of one practice: MB; files", ("empty_mb", "empty_files"), "", "databases"),
    ("to copy it from a template; to migrate it from nothing; again", CREATES, "s", "databases"),
    ("memory of `up`: one web process; two; two in use", MEMORY, "MB", "rest"),
    ("`up` at rest, a second: connections; transactions", RESTS, "", "rest"),
    ("the same: processor time of PostgreSQL; of ours", REST_MS, "ms", "rest"),
    ("the same: waits for the disk; bytes of log", ("rest_syncs_per_s", "rest_wal_bytes_per_s"), "", "rest"),
    ("PostgreSQL for one of 60 at rest; by PgBouncer; its own", OF_MANY, "ms a second", "many, pooled_many"),
    ("connections held at rest; at most; by PgBouncer", HELD, "", "rest, pooled_many"),
    ("memory of a connection: that only ticks; that served pages", BACKENDS, "MB", "rest, work"),
    ("PostgreSQL for a new connection; by PgBouncer", CONNECTS, "ms", "work, pooled"),
    ("an email: PostgreSQL; ours", ("email_database_ms", "email_portal_ms"), "ms", "work"),
    ("the request that books", ("booking_database_ms", "booking_portal_ms"), "ms", "work"),
    ("its round trips to PostgreSQL; of them locked; commits", TRIPS, "", "far, work"),
    ("the page of free times", ("page_database_ms", "page_portal_ms"), "ms", "work"),
    ("15 s of a lesson, reported", ("heard_database_ms", "heard_portal_ms"), "ms", "work"),
    ("`/healthz`", ("health_database_ms", "health_portal_ms"), "ms", "rest"),
    ("a session: kB; its emails; kB of log with them", SESSION, "", "growth"),
    ("an email; after 90 days, without its words", ("email_kb", "email_blank_kb"), "kB", "growth"),
    ("15 s of a lesson, kept; log of it", ("heard_kb", "heard_wal_kb"), "kB", "growth, work"),
    ("`pg_dump`: of an empty database; of each MB more", DUMPS, "ms", "databases, growth"),
    ("a commit’s wait for this disk", ("sync_ms",), "ms", "work"),
)


def unit_costs(costs: Costs) -> list[str]:
    """Return what one of each costs."""
    body = [
        (what, f"{'; '.join(shown(getattr(costs, name)) for name in names)} {unit}".strip(), step)
        for what, names, unit, step in UNIT_COSTS
    ]
    return rows(("what", "measured", "step"), body)


def loads(costs: Costs) -> list[str]:
    """Return what 10, 100 and 1,000 practices ask of one PostgreSQL and of the machines before it."""
    database, portal, pooled = (
        practice_load.database_work(PRACTICE, costs),
        practice_load.portal_work(PRACTICE, costs),
        practice_load.database_work(PRACTICE, practice_load.pooled(costs)),
    )
    year, two = (practice_load.grown_mb(PRACTICE, costs, years) for years in (1, 2))
    lines = {
        "PostgreSQL, cores at rest": lambda n: n * costs.rest_database_ms_per_s / 1_000,
        "PostgreSQL, cores in the busiest hour": lambda n: n * database.total / 1_000,
        "the same, by PgBouncer": lambda n: n * pooled.total / 1_000,
        "of these for ticks, without PgBouncer": lambda n: n * database.ticks / 1_000,
        "of these for what players report": lambda n: n * database.heard / 1_000,
        "of these for pages, bookings, emails, `/healthz`": lambda n: (
            n * (database.pages + database.bookings + database.emails + database.probes) / 1_000
        ),
        "emails a minute in the busiest hour": lambda n: 60 * n * practice_load.rates(PRACTICE, costs).emails,
        "our programs, cores in the busiest hour": lambda n: n * portal.total / 1_000,
        "our programs, GB of memory": lambda n: n * costs.up_in_use_mb / 1_000,
        "new connections a second": lambda n: n * costs.rest_connects_per_s,
        "connections at rest": lambda n: n * costs.held_connections,
        "connections at most": lambda n: n * costs.most_connections,
        "GB of PostgreSQL for connections at rest, each used once": lambda n: (
            n * costs.held_connections * costs.backend_in_use_mb / 1_000
        ),
        "waits for the disk a second, at rest": lambda n: n * costs.rest_syncs_per_s,
        "GB of log a day": lambda n: practice_load.wal_gb_per_day(PRACTICE, costs, n),
        "GB of databases on the first day": lambda n: n * costs.empty_mb / 1_000,
        "GB more after a year": lambda n: n * year / 1_000,
        "GB more in each year that follows": lambda n: n * (two - year) / 1_000,
        "thousand files": lambda n: n * costs.empty_files / 1_000,
    }
    return rows(
        ("practices", *(f"{n:,}" for n in MANY)),
        [(name, *(shown(value(n)) for n in MANY)) for name, value in lines.items()],
    )


def what_breaks(costs: Costs) -> list[str]:
    """Return the limits in their order."""
    found = limits.limits(costs, PRACTICE, MACHINE)
    body = [
        (f"{one.practices:,}", one.name, one.what, one.remedy, f"{one.after:,}" if one.after else "–")
        for one in found
    ]
    return rows(("practices", "what breaks", "how it shows", "remedy", "then"), body)


def moments(costs: Costs) -> list[str]:
    """Return how long it takes where all practices want the same at one moment."""
    cores = MACHINE.cores
    year = practice_load.grown_mb(PRACTICE, costs, 1)
    dump = practice_load.dump_seconds(costs, year)

    def emails(n: int) -> float:
        return n * PRACTICE.emails_at_nine

    def wait_ms(n: int) -> float:
        each = practice_load.database_work(PRACTICE, costs).total / 1_000
        return 1_000 * queueing.mean_wait(n * each / 0.005, 0.005, cores)

    lines = {
        "nine o’clock: emails due at one instant": lambda n: shown(emails(n)),
        "seconds until PostgreSQL has served them": lambda n: shown(
            queueing.drained_after(emails(n), costs.email_database_ms / 1_000, cores)
        ),
        f"minutes at a provider that takes {MACHINE.emails_per_s:.0f} a second from all": lambda n: shown(
            emails(n) / MACHINE.emails_per_s / 60
        ),
        "busiest hour: wait of a query for a core, ms": lambda n: (
            "for ever" if wait_ms(n) == float("inf") else shown(wait_ms(n))
        ),
        "backups begun in one minute, after a year: minutes": lambda n: shown(n * dump / cores / 60),
        "GB of one backup of all": lambda n: shown(n * practice_load.dump_mb(costs, year) / 1_000),
        "new practices from the template: minutes, one after the other": lambda n: shown(
            n * costs.create_s / 60
        ),
        "an upgrade’s `migrate`, one after the other: minutes": lambda n: shown(
            n * costs.migrate_nothing_s / 60
        ),
    }
    return rows(
        ("practices", *(f"{n:,}" for n in MANY)),
        [(name, *(value(n) for n in MANY)) for name, value in lines.items()],
    )


def booking_of(costs: Costs) -> regions.Booking:
    """Return the booking that was measured."""
    return regions.Booking(
        seconds=(costs.booking_database_ms + costs.booking_portal_ms) / 1_000,
        trips=costs.booking_trips,
        commits=costs.booking_commits,
        locked_trips=costs.booking_locked_trips,
    )


def distances(costs: Costs, measured: Mapping[float, float]) -> list[str]:
    """Return the seconds of a booking by design and distance, and how many follow each other."""
    booking = booking_of(costs)
    body = []
    for design in regions.DESIGNS:
        seconds = [regions.booking_seconds(design, booking, rtt) for rtt in DISTANCES]
        rate = regions.bookings_per_second(design, booking, DISTANCES[-1])
        body.append((design.name, *(f"{one:.2f}" for one in seconds), shown(rate)))
        if design.database:
            body.append(("the same, measured", *(f"{measured[rtt]:.2f}" for rtt in DISTANCES), "–"))
    head = [f"{rtt * 1_000:.0f} ms" for rtt in DISTANCES]
    return rows(
        ("seconds of the request that books", *head, "bookings a second of one practitioner, 150 ms"), body
    )


def ends(costs: Costs) -> dict[str, tuple[Scenario, int]]:
    """Return the ends of a region by name, each with how often it is played: 1,000 practices, 70 ms away.

    At nine o'clock each worker has an email in hand, one after the other.
    """
    rates = practice_load.rates(PRACTICE, costs)
    busiest = Scenario(
        sync=False,
        bookings_per_s=1_000 * rates.bookings,
        emails_per_s=1_000 * rates.emails,
        one_way=ONE_WAY,
        behind=0.05,
    )
    at_nine = replace(busiest, urgent=0.25, length=3.0, emails_per_s=1_000 / busiest.sending)
    in_sync = 1_000 / (busiest.sending + 4 * ONE_WAY)
    return {
        "asynchronous, replica 0.05 s behind": (busiest, 200),
        "asynchronous, 1 s behind": (replace(busiest, behind=1.0), 200),
        "asynchronous, 10 s behind": (replace(busiest, behind=10.0), 200),
        "synchronous": (replace(busiest, sync=True, behind=0.0), 200),
        "nine o’clock, asynchronous, 0.05 s behind": (at_nine, 20),
        "nine o’clock, synchronous": (replace(at_nine, sync=True, behind=0.0, emails_per_s=in_sync), 20),
    }


def failovers(costs: Costs) -> list[str]:
    """Return what the end of a region costs."""
    names = ("lost", "ghosts", "unanswered", "twice", "twice_unasked", "unknown")
    body = []
    for name, (scenario, plays) in ends(costs).items():
        found = failover.spread(scenario, plays)
        body.append((name, *(f"{shown(found[one].mean)} ({found[one].most})" for one in names)))
    head = (
        *("bookings lost", "of them confirmed", "kept, client not told"),
        *("emails twice, kinds that may", "kinds that never may", "wait for a person"),
    )
    return rows(("mean of many ends (the worst)", *head), body)


def sections(costs: Costs) -> dict[str, list[str]]:
    """Return every table by the name it has in the document."""
    return {
        "unit costs": unit_costs(costs),
        "loads": loads(costs),
        "what breaks": what_breaks(costs),
        "moments": moments(costs),
        "distances": distances(costs, seconds_by_distance("booking_by_rtt")),
        "failovers": failovers(costs),
    }


def written_into(text: str, tables: Mapping[str, Sequence[str]]) -> str:
    """Return a document with these tables in their places. Raises KeyError for a place without a table."""

    def table(found: re.Match[str]) -> str:
        lines = tables[found[1]]
        return "\n".join((MARK.format(name=found[1]), *lines, END))

    place = re.escape(MARK).replace(re.escape("{name}"), "([a-z ]+)") + ".*?" + re.escape(END)
    return re.sub(place, table, text, flags=re.S)


def names_in(text: str) -> set[str]:
    """Return the names of the places in a document."""
    return set(re.findall(re.escape(MARK).replace(re.escape("{name}"), "([a-z ]+)"), text))
