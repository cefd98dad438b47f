"""PURE. The measured unit costs: what one practice, one connection, one email, one booking costs.

Stored in `costs.json`, which `python -m tools.scale.measure` writes. Milliseconds are of one core of the
machine that measured; MB are 1,000,000 bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

STORED = Path(__file__).with_name("costs.json")


@dataclass(frozen=True)
class Costs:
    """What things cost. `database`: processor time of PostgreSQL; `portal`: of our own processes."""

    # an empty database of one practice, migrated
    empty_mb: float
    empty_files: float
    create_s: float
    migrate_first_s: float
    migrate_nothing_s: float
    # one practice at rest: `manage.py up`, nobody there
    up_mb: float
    up_one_web_mb: float
    up_in_use_mb: float
    rest_connects_per_s: float
    rest_transactions_per_s: float
    rest_database_ms_per_s: float
    rest_portal_ms_per_s: float
    rest_wal_bytes_per_s: float
    rest_syncs_per_s: float
    rest_database_ms_per_s_of_many: float
    rest_database_ms_per_s_pooled: float
    rest_pooler_ms_per_s: float
    held_connections: float
    pooled_connections_each: float
    most_connections: float
    # a connection
    connect_database_ms: float
    connect_database_ms_pooled: float
    backend_rest_mb: float
    backend_in_use_mb: float
    # one of each
    email_database_ms: float
    email_portal_ms: float
    booking_database_ms: float
    booking_portal_ms: float
    booking_trips: float
    booking_locked_trips: float
    booking_commits: float
    page_database_ms: float
    page_portal_ms: float
    heard_database_ms: float
    heard_portal_ms: float
    health_database_ms: float
    health_portal_ms: float
    # what grows
    session_kb: float  # without its emails, and without what was heard of lessons
    session_wal_kb: float
    heard_kb: float
    heard_wal_kb: float
    emails_per_session: float
    email_kb: float
    email_blank_kb: float  # after 90 days, without its words
    # a backup by pg_dump
    dump_empty_ms: float
    dump_ms_per_mb: float
    dump_kb_empty: float
    dump_share: float
    sync_ms: float


def read(file: Path = STORED) -> Costs:
    """Return the stored costs. Raises KeyError when one of them was not measured."""
    said: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))["costs"]
    return Costs(**{one.name: float(said[one.name]) for one in fields(Costs)})


def seconds_by_distance(name: str, file: Path = STORED) -> dict[float, float]:
    """Return what was measured across each distance, by its round trip in seconds."""
    said = json.loads(file.read_text(encoding="utf-8"))["costs"][name]
    return {float(rtt): float(value) for rtt, value in said.items()}


def machine(file: Path = STORED) -> str:
    """Return where and when they were measured, in a sentence."""
    said: str = json.loads(file.read_text(encoding="utf-8"))["machine"]
    return said
