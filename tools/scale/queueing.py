"""PURE. How long a request waits where several share some servers (M/M/c: random arrivals and lengths)."""

from __future__ import annotations

import math


def utilization(per_s: float, seconds_each: float, servers: int) -> float:
    """Return which share of the servers' time is used; over 1: more comes than they can do."""
    return per_s * seconds_each / servers


def chance_to_wait(load: float, servers: int) -> float:
    """Return the chance that all servers are busy (Erlang's C). `load`: those busy on average.

    Raises ValueError where more comes than they can do: then everybody waits, ever longer.
    """
    if load >= servers:
        raise ValueError("more comes than the servers can do")
    # B by its recurrence, which no factorial overflows; then C from B.
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - (load / servers) * (1 - blocked))


def mean_wait(per_s: float, seconds_each: float, servers: int) -> float:
    """Return the mean seconds before a server is free; infinite where more comes than they can do."""
    load = per_s * seconds_each
    if load >= servers:
        return math.inf
    return chance_to_wait(load, servers) * seconds_each / (servers - load)


def drained_after(waiting: float, seconds_each: float, servers: int) -> float:
    """Return after how many seconds so much work that comes at one instant is done."""
    return waiting * seconds_each / servers
