"""The health page in words: /healthz for monitoring, /livez for a load balancer."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from booking.calendars.queries import not_read
from booking.locking import overlap_guard
from practice.core import zone_data
from practice.health import zone_data_age
from practice.mail_events.queries import unread_mailbox
from practice.models import Heartbeat, Letter
from practice.site.processes.claim import died_programs

LATE = dt.timedelta(minutes=15)
RECENTLY = dt.timedelta(minutes=2)  # above the longest pause before a program is started again
QUIET = dt.timedelta(minutes=2)
BROKER_WAIT = 1  # seconds


class CheckFailed(Exception):
    """Raised when a part is not well; the text says what, and holds no secret."""


def database() -> str:
    """Check that the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "answers"


def no_overlap() -> str:
    """Check that the overlap guard is in the database."""
    if not overlap_guard.is_installed():
        raise CheckFailed("The rule against overlapping appointments is missing. Run manage.py migrate.")
    return "stands"


def broker() -> str:
    """Check that the broker answers within a second."""
    client = redis.Redis.from_url(
        settings.BROKER_URL, socket_connect_timeout=BROKER_WAIT, socket_timeout=BROKER_WAIT
    )
    try:
        client.ping()
    except (redis.RedisError, OSError) as error:
        raise CheckFailed(
            "The broker does not answer. Letters wait in the database until it does."
        ) from error
    finally:
        client.close()
    return "answers"


def beat() -> str:
    """Check that a tick was worked off lately: beat, broker and a worker are all there."""
    pulse = Heartbeat.objects.filter(name="beat").first()
    if pulse is None:
        raise CheckFailed("No tick was ever worked off. Is beat running, and a worker for the queue letters?")
    age = timezone.now() - pulse.at
    if age > QUIET:
        raise CheckFailed(f"The last tick was worked off {minutes(age)} ago. Is beat running, and a worker?")
    return "ticks"


def programs() -> str:
    """Check that no program of `up` on this machine died in the last minutes."""
    ended = died_programs(settings.VAR_DIR)
    if ended is None:
        return "run one by one"
    died = [name for name, one in ended.items() if time.time() - one.at < RECENTLY.total_seconds()]
    if died:
        told = "; ".join(f"“{name}” {ended[name].how} (in a row: {ended[name].times})" for name in died)
        raise CheckFailed(f"Not long ago {told}. It was, or will be, started again; its own output says why.")
    return "run"


def letters() -> str:
    """Check that no email has been due for longer than 15 minutes."""
    oldest = Letter.objects.filter(state=Letter.State.PLANNED).order_by("due_at").values("due_at").first()
    age = timezone.now() - oldest["due_at"] if oldest else dt.timedelta()
    if age > LATE:
        raise CheckFailed(f"The oldest letter that should have gone is {minutes(age)} late.")
    return "go out"


def calendars() -> str:
    """Say whether every other calendar was read within a day; never red, since its owner is told."""
    silent = not_read(now=timezone.now()).count()
    return f"{silent} not read for a day" if silent else "are read"


def bounces() -> str:
    """Say whether the mailbox for bounces was read within a day; never red, since the owner is told."""
    if settings.BOUNCE_MAILBOX is None:
        return "no mailbox is set"
    return "not read for a day" if unread_mailbox(timezone.now()) else "are read"


def minutes(age: dt.timedelta) -> str:
    """Return a length of time in whole minutes."""
    return f"{int(age.total_seconds() // 60)} min"


CHECKS: dict[str, Callable[[], str]] = {
    "database": database,
    "no_overlap": no_overlap,
    "programs": programs,
    "broker": broker,
    "beat": beat,
    "letters": letters,
    "calendars": calendars,
    "bounces": bounces,
}


def look(check: Callable[[], str]) -> tuple[bool, str]:
    """Return whether a check passes, and its words."""
    try:
        return True, check()
    except CheckFailed as sick:
        return False, str(sick)
    except DatabaseError:
        return False, "The database does not answer this."


def time_zones() -> dict[str, object]:
    """Return the version of the time zone data and warnings about it; never red."""
    try:
        warnings = zone_data_age.warnings(timezone.now())
    except DatabaseError:
        warnings = []  # the parts say so already
    return {"version": zone_data.version(), "warnings": warnings}


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """Answer 200 when all is well, otherwise 503; the body says which part is not, and why."""
    found = {name: look(check) for name, check in CHECKS.items()}
    well = all(stands for stands, _ in found.values())
    parts = {name: {"ok": stands, "says": says} for name, (stands, says) in found.items()}
    answer = {"ok": well, "parts": parts, "time_zones": time_zones()}
    return JsonResponse(answer, status=200 if well else 503)


@login_not_required
@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """Answer 200 and ask nothing, so that no web process is drained because Redis is away."""
    return JsonResponse({"ok": True})
