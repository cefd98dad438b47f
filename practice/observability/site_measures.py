"""The measures of emails, heartbeats, checks, database and disk."""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from practice.health.findings import look_at_all
from practice.mail.queries import queue_state
from practice.models import Heartbeat, Letter
from practice.observability.measures import Measure, Reading

HOUR = timedelta(hours=1)


def emails(now: datetime) -> Reading:
    """Return how many emails are in each state in which something is still to happen."""
    queue = queue_state(now)
    for state in ("due", "planned", "sending", "failed", "unknown"):
        yield state, getattr(queue, state)


def oldest_due(now: datetime) -> Reading:
    """Return for how many seconds the oldest due email has waited; 0 when none is due."""
    yield "", queue_state(now).oldest_due_seconds or 0


def sent_lately(now: datetime) -> Reading:
    """Return how many emails went in the last hour."""
    yield "", Letter.objects.filter(sent_at__gt=now - HOUR).count()


def heartbeats(now: datetime) -> Reading:
    """Return the age of each heartbeat in seconds."""
    for name, at in Heartbeat.objects.values_list("name", "at"):
        yield name, (now - at).total_seconds()


def checks(now: datetime) -> Reading:
    """Return how each check of `/healthz` and of the owner's page stands."""
    for one in look_at_all(now):
        yield one.name, int(one.state)


def database_bytes(now: datetime) -> Reading:
    """Return the size of the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            yield "", cursor.fetchone()[0]
            return
        cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        yield "", cursor.fetchone()[0]


def database_connections(now: datetime) -> Reading:
    """Return how many connections PostgreSQL has open to this database; nothing on SQLite."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        yield "", cursor.fetchone()[0]


def disk_free(now: datetime) -> Reading:
    """Return the free bytes where the data and the media are."""
    places: dict[str, Path] = {"data": settings.VAR_DIR}
    if settings.S3 is None:
        places["media"] = settings.MEDIA_ROOT
    for name, place in places.items():
        if place.is_dir():
            yield name, shutil.disk_usage(place).free


MEASURES = (
    Measure("portal_emails", "Emails by state; sent ones are counted by the hour.", emails, "state"),
    Measure("portal_emails_oldest_due_seconds", "For how long the oldest due email has waited.", oldest_due),
    Measure("portal_emails_sent_last_hour", "Emails sent in the last hour.", sent_lately),
    Measure("portal_heartbeat_age_seconds", "Since when a ticking part was heard.", heartbeats, "name"),
    Measure("portal_check_state", "A check: 0 well, 1 needs attention, 2 not working.", checks, "check"),
    Measure("portal_database_bytes", "Size of the database.", database_bytes),
    Measure("portal_database_connections", "Open connections (PostgreSQL).", database_connections),
    Measure("portal_disk_free_bytes", "Free room on the disk.", disk_free, "place"),
)
