"""PURE. How long a booking takes across a distance, and how many one practitioner's calendar takes a second.

A round trip (`rtt`) is in seconds. What is counted: round trips between the web process and its database,
commits that wait for a replica, and the one round trip of the client's request on an open connection.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Booking:
    """What a booking is made of: seconds of processor time, round trips to the database, and commits.

    `locked_trips`: of the round trips, those while the practitioner's row is locked, the commit among them.
    """

    seconds: float
    trips: float
    commits: float
    locked_trips: float


@dataclass(frozen=True)
class Design:
    """Where things are. Each number says how many of the distances between both regions are on the way."""

    name: str
    client: int  # between the client and the web process
    database: int  # between the web process and its database
    replica: int  # between the database and the replica that must have a commit


DESIGNS = (
    Design("everything in one region, the client there", 0, 0, 0),
    Design("everything in the other region", 1, 0, 0),
    Design("web processes here, the database there", 0, 1, 0),
    Design("one region, each commit waits for a replica there", 0, 0, 1),
    Design("the other region, each commit waits for a replica here", 1, 0, 1),
)


def booking_seconds(design: Design, booking: Booking, rtt: float) -> float:
    """Return how long the request that books takes."""
    trips = design.client + design.database * booking.trips + design.replica * booking.commits
    return booking.seconds + trips * rtt


def bookings_per_second(design: Design, booking: Booking, rtt: float) -> float:
    """Return how many bookings of one practitioner follow each other in a second: each holds the lock."""
    share = booking.locked_trips / booking.trips
    held = booking.seconds * share + (design.database * booking.locked_trips + design.replica) * rtt
    return 1 / held
