"""PURE. At how many practices each limit of one PostgreSQL, and of the machines before it, is reached."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tools.scale import practice_load as load
from tools.scale.costs import Costs
from tools.scale.practice_load import Practice


@dataclass(frozen=True)
class Machine:
    """A machine that one could rent, for PostgreSQL or for practices. `cores` like the one that measured."""

    cores: int = 8
    memory_mb: float = 32_000
    disk_mb: float = 1_000_000
    busy: float = 0.7  # the share of its cores that may be used before waiting begins to show
    buffers_mb: float = 8_000
    connections: int = 100  # as PostgreSQL ships it
    raised_connections: int = 2_500
    reserved: int = 3
    redis_databases: int = 16  # as Redis ships it
    emails_per_s: float = 14  # what a provider takes at first
    naptime: float = 60  # seconds: autovacuum_naptime

    @property
    def milliseconds(self) -> float:
        """Return the processor time of a second that may be used."""
        return self.cores * self.busy * 1_000


@dataclass(frozen=True)
class Limit:
    """A limit. `practices`: the most that fit; `what`: how one more shows; `after`: the most then."""

    name: str
    practices: int
    what: str
    remedy: str
    after: int = 0


def limits(costs: Costs, practice: Practice, machine: Machine) -> list[Limit]:
    """Return the limits of the code as it is, the first one first."""
    found = [*of_connections(costs, machine), *of_machines(costs, practice, machine)]
    return sorted([*found, *of_postgres(costs, practice, machine)], key=lambda one: one.practices)


def of_connections(costs: Costs, machine: Machine) -> list[Limit]:
    """Return the limits that are numbers in a configuration."""
    usable, raised = machine.connections - machine.reserved, machine.raised_connections - machine.reserved
    each = math.ceil(costs.pooled_connections_each) + 1  # one more for a busy moment
    raise_it = f"PgBouncer and `max_connections = {machine.raised_connections}`"
    return [
        Limit(
            "one Redis for all",
            machine.redis_databases,
            "a practice takes the ticks of another: each needs its own database number",
            "`databases 1024`; or no `REDIS_URL`: each has its own broker",
            1_024,
        ),
        Limit(
            "`max_connections`, every thread in use",
            math.floor(usable / costs.most_connections),
            "“too many clients already”: pages answer 503, emails wait",
            raise_it,
            math.floor(raised / each),
        ),
        Limit(
            "`max_connections`, at rest",
            math.floor(usable / costs.held_connections),
            "the same, with nobody there but the monitor",
            raise_it,
            math.floor(raised / each),
        ),
    ]


def of_machines(costs: Costs, practice: Practice, machine: Machine) -> list[Limit]:
    """Return the limits of one machine on which practices run."""
    usable = machine.memory_mb * 0.9
    return [
        Limit(
            "memory of one machine with practices",
            math.floor(usable / costs.up_in_use_mb),
            "the machine swaps",
            "`WEB_CONCURRENCY=1`; more machines, for practices share nothing",
            math.floor(usable / costs.up_one_web_mb),
        ),
        Limit(
            "cores of one machine with practices, busiest hour",
            math.floor(machine.milliseconds / load.portal_work(practice, costs).total),
            "pages wait",
            "more machines",
        ),
    ]


def of_postgres(costs: Costs, practice: Practice, machine: Machine) -> list[Limit]:
    """Return the limits of PostgreSQL's own machine."""
    pooled = load.pooled(costs)
    room = machine.memory_mb * 0.9 - machine.buffers_mb
    after_five = costs.empty_mb + load.grown_mb(practice, costs, 5)

    def fit(one: Costs) -> int:
        return math.floor(room / (one.held_connections * one.backend_in_use_mb))

    def busiest(one: Costs) -> int:
        return math.floor(machine.milliseconds / load.database_work(practice, one).total)

    return [
        Limit(
            "memory of PostgreSQL for connections",
            fit(costs),
            "it is killed for its memory, and all practices answer 503",
            "PgBouncer",
            fit(pooled),
        ),
        Limit(
            "autovacuum: ten databases a second at most",
            math.floor(machine.naptime / 0.1),
            "a database waits for its turn longer than the minute that is set",
            "none needed: with 1,000, a round takes 100 s",
        ),
        Limit(
            "cores of PostgreSQL at rest",
            math.floor(machine.milliseconds / costs.rest_database_ms_per_s),
            "ticks alone keep it busy",
            "PgBouncer",
            math.floor(machine.milliseconds / pooled.rest_database_ms_per_s),
        ),
        Limit(
            "cores of PostgreSQL, busiest hour",
            busiest(costs),
            "pages and bookings wait",
            "PgBouncer",
            busiest(pooled),
        ),
        Limit(
            "disk of PostgreSQL after five years",
            math.floor(machine.disk_mb * 0.8 / after_five),
            "nothing can be saved any more, by nobody",
            "a larger disk",
        ),
    ]
