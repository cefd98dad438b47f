"""Checks of the machine: database, broker, ticks, clock, disk, and the age of the time zone data."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import redis
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext_lazy as _

from practice.core import zone_data
from practice.health import zone_data_age
from practice.health.findings import Finding, State
from practice.models import Heartbeat

QUIET = timedelta(minutes=2)
BUSY = timedelta(minutes=30)  # a long recording keeps its worker for so long
BROKER_WAIT = 1  # seconds
CLOCK_MAY_DIFFER = timedelta(seconds=5)
#: Free bytes: below the first, somebody should make room; below the second, writing may fail any moment.
LITTLE_ROOM, NO_ROOM = 1_000_000_000, 100_000_000
OPERATOR = _("The person who runs your server can help: show them this page.")
RESTART = _("Ask the person who runs your server to start the portal again. Emails wait and nothing is lost.")


def minutes(age: timedelta) -> str:
    """Return a length of time in whole minutes, for programs."""
    return f"{int(age.total_seconds() // 60)} min"


def database(now: datetime) -> Finding:
    """Check that the database answers, and takes what is written."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('transaction_read_only')")
            writable = cursor.fetchone()[0] == "off"
        else:
            cursor.execute("SELECT 1")
            file = Path(str(connection.settings_dict["NAME"]))
            writable = not file.is_file() or os.access(file, os.W_OK)
    if not writable:
        return Finding(
            "The database can be read, but not written.",
            _("Nothing can be saved: the database can only be read."),
            State.DOWN,
            OPERATOR,
        )
    return Finding("answers", _("The database answers."))


def migrations(now: datetime) -> Finding:
    """Check that the database has the shape that this version expects, without loading any migration."""
    rows = MigrationRecorder(connection).migration_qs.values_list("app", "name")
    missing = sorted(f"{app}.{name}" for app, name in shipped_migrations() - set(rows))
    if missing:
        return Finding(
            f"Migrations are pending: {', '.join(missing[:3])}. Run manage.py migrate.",
            _("An update of the site isn’t finished."),
            State.DOWN,
            _("Ask the person who runs your server to run “manage.py migrate”."),
        )
    return Finding("are applied", _("The site and its database have the same version."))


@cache
def shipped_migrations() -> frozenset[tuple[str, str]]:
    """Return (app, name) of the migrations in the folders, which don't change while a program runs."""
    return frozenset(
        (config.label, file.stem)
        for config in apps.get_app_configs()
        for file in (Path(config.path) / "migrations").glob("[0-9]*.py")
    )


def broker(now: datetime) -> Finding:
    """Check that the broker answers within a second."""
    client = redis.Redis.from_url(
        settings.BROKER_URL, socket_connect_timeout=BROKER_WAIT, socket_timeout=BROKER_WAIT
    )
    try:
        client.ping()
    except (redis.RedisError, OSError):
        return Finding(
            "The broker does not answer. Letters wait in the database until it does.",
            _("Emails wait: the program that hands them out doesn’t answer."),
            State.DOWN,
            RESTART,
        )
    finally:
        client.close()
    return Finding("answers", _("Work is handed out."))


def beat(now: datetime) -> Finding:
    """Check that a tick was worked off lately: beat, broker and a worker are all there."""
    pulse = Heartbeat.objects.filter(name="beat").first()
    if pulse is None:
        return Finding(
            "No tick was ever worked off. Is beat running, and a worker for the queue letters?",
            _("No email has been sent since the site was set up: nothing picks them up."),
            State.DOWN,
            RESTART,
        )
    age = now - pulse.at
    if age < -QUIET:
        return Finding(
            "The last tick was worked off in the future: the clock was set back. Is beat running?",
            _("The clock of the server was set back."),
            State.DOWN,
            OPERATOR,
        )
    if age > QUIET:
        return Finding(
            f"The last tick was worked off {minutes(age)} ago. Is beat running, and a worker?",
            _("Emails and reminders wait: nothing picks them up."),
            State.DOWN,
            RESTART,
            since=pulse.at,
        )
    return Finding("ticks", _("Emails and reminders are picked up every few seconds."))


def media(now: datetime) -> Finding:
    """Check that the worker for recordings and calendars took something lately, if it ever did."""
    pulse = Heartbeat.objects.filter(name="media").first()
    if pulse and now - pulse.at > BUSY:
        return Finding(
            f"The worker of the queue media took its last task {minutes(now - pulse.at)} ago.",
            _("Recordings and other calendars wait: nothing picks them up."),
            State.ATTENTION,
            RESTART,
            since=pulse.at,
        )
    return Finding("works", _("Recordings and other calendars are picked up."))


def disk(now: datetime) -> Finding:
    """Check that there is room on the disk for what is written."""
    places = {settings.VAR_DIR} | (set() if settings.S3 else {settings.MEDIA_ROOT})
    free = min((shutil.disk_usage(one).free for one in places if one.is_dir()), default=LITTLE_ROOM)
    said = f"{free // 1_000_000} MB are free"
    if free >= LITTLE_ROOM:
        return Finding(said, _("There is enough room on the disk."))
    full = free < NO_ROOM
    return Finding(
        f"{said}. Make room.",
        _("The disk is full: soon nothing can be saved.") if full else _("The disk is almost full."),
        State.DOWN if full else State.ATTENTION,
        _("Ask the person who runs your server to make room, such as by removing old logs."),
    )


def clock(now: datetime) -> Finding:
    """Check that the database and this machine have the same time."""
    well = Finding("agrees", _("The clocks agree."))
    if connection.vendor != "postgresql":
        return well  # the same machine
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        apart = abs(cursor.fetchone()[0] - datetime.now(UTC))
    if apart <= CLOCK_MAY_DIFFER:
        return well
    return Finding(
        f"The clocks of the database and this machine are {int(apart.total_seconds())} s apart.",
        _("The clocks of two of your machines differ, so reminders may go at the wrong time."),
        State.ATTENTION,
        _("Ask the person who runs your server to have both set their clocks by the network."),
    )


def time_zones(now: datetime) -> Finding:
    """Say whether the time zone data is good."""
    warnings = zone_data_age.warnings(now)
    if not warnings:
        return Finding(zone_data.version(), _("Time zone rules are up to date."))
    return Finding(
        warnings[-1],
        _("Time zone rules may be out of date."),
        State.ATTENTION,
        _("Times are right until a country changes its rules. Ask for an update of the site."),
    )
