"""PURE. What a number of practices asks of one PostgreSQL and of the machines before it.

A practice is that of `make year`: three practitioners, 400 clients, a session of each every 80 days. What it
is assumed to do in its busiest hour is in `Practice`; what each of that costs was measured.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tools.scale.costs import Costs

DAYS = 365
WORDS_STAY = 90  # days (keep_letter_bodies_days of a practice)
DAY = 86_400.0
HOUR = 3_600.0


@dataclass(frozen=True)
class Practice:
    """One practice, as it is assumed. `busiest_hour`: the share of a day that falls into its busiest hour."""

    practitioners: int = 3
    sessions_per_year: int = 1_825
    pages_per_session: int = 15
    pages_at_work_per_day: int = 150
    lessons_per_day: int = 30
    reports_per_lesson: int = 85  # one for each 15 seconds of 21 minutes
    busiest_hour: float = 0.15
    probe_seconds: float = 60.0
    emails_at_nine: int = 12  # three reminders of a full hour, nine follow-ups


@dataclass(frozen=True)
class Rates:
    """What one practice does in a second of its busiest hour."""

    bookings: float
    pages: float
    heard: float
    emails: float
    probes: float


def rates(practice: Practice, costs: Costs) -> Rates:
    """Return what happens in a second of the busiest hour."""
    sessions = practice.sessions_per_year / DAYS
    in_hour = practice.busiest_hour / HOUR
    return Rates(
        bookings=sessions * in_hour,
        pages=(sessions * practice.pages_per_session + practice.pages_at_work_per_day) * in_hour,
        heard=practice.lessons_per_day * practice.reports_per_lesson * in_hour,
        emails=sessions * costs.emails_per_session * in_hour,
        probes=1 / practice.probe_seconds,
    )


@dataclass(frozen=True)
class Work:
    """Milliseconds of processor time in a second, by what it is for."""

    ticks: float
    probes: float
    pages: float
    heard: float
    bookings: float
    emails: float

    @property
    def total(self) -> float:
        """Return all of it."""
        return self.ticks + self.probes + self.pages + self.heard + self.bookings + self.emails


def database_work(practice: Practice, costs: Costs) -> Work:
    """Return what one practice asks of PostgreSQL in a second of its busiest hour."""
    each = rates(practice, costs)
    return Work(
        ticks=costs.rest_database_ms_per_s,
        probes=each.probes * costs.health_database_ms,
        pages=each.pages * costs.page_database_ms,
        heard=each.heard * costs.heard_database_ms,
        bookings=each.bookings * costs.booking_database_ms,
        emails=each.emails * costs.email_database_ms,
    )


def pooled(costs: Costs) -> Costs:
    """Return what things cost when PgBouncer keeps the connections, on the machine of PostgreSQL."""
    return replace(
        costs,
        rest_database_ms_per_s=costs.rest_database_ms_per_s_pooled + costs.rest_pooler_ms_per_s,
        held_connections=costs.pooled_connections_each,
    )


def portal_work(practice: Practice, costs: Costs) -> Work:
    """Return what one practice asks of its web processes and its worker in a second of its busiest hour."""
    each = rates(practice, costs)
    return Work(
        ticks=costs.rest_portal_ms_per_s,
        probes=each.probes * costs.health_portal_ms,
        pages=each.pages * costs.page_portal_ms,
        heard=each.heard * costs.heard_portal_ms,
        bookings=each.bookings * costs.booking_portal_ms,
        emails=each.emails * costs.email_portal_ms,
    )


def grown_mb(practice: Practice, costs: Costs, years: float) -> float:
    """Return by how much the database of one practice has grown after so many years, a quarter or more.

    The words of emails are removed after a quarter; everything else stays.
    """
    sessions, heard = (
        practice.sessions_per_year,
        DAYS * practice.lessons_per_day * practice.reports_per_lesson,
    )
    emails = sessions * costs.emails_per_session
    words = emails * WORDS_STAY / DAYS * (costs.email_kb - costs.email_blank_kb)
    each_year = sessions * costs.session_kb + emails * costs.email_blank_kb + heard * costs.heard_kb
    return (each_year * years + words) / 1_000


def wal_gb_per_day(practice: Practice, costs: Costs, practices: int) -> float:
    """Return what is written to the log of PostgreSQL in a day."""
    sessions = practice.sessions_per_year / DAYS * costs.session_wal_kb
    heard = practice.lessons_per_day * practice.reports_per_lesson * costs.heard_wal_kb
    return practices * (costs.rest_wal_bytes_per_s * DAY + (sessions + heard) * 1_000) / 1e9


def dump_seconds(costs: Costs, mb_beyond_empty: float) -> float:
    """Return the processor time that a backup of one database takes, of pg_dump and PostgreSQL together."""
    return (costs.dump_empty_ms + costs.dump_ms_per_mb * mb_beyond_empty) / 1_000


def dump_mb(costs: Costs, mb_beyond_empty: float) -> float:
    """Return how large that backup is."""
    return costs.dump_kb_empty / 1_000 + costs.dump_share * mb_beyond_empty
