"""/healthz for monitoring, with what is not well in words; /livez for a load balancer."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from practice.core import zone_data
from practice.health import findings, zone_data_age
from practice.health.findings import Finding, State, look_at_all
from practice.site.processes import leaving
from practice.site.processes.claim import died_programs

RECENTLY = timedelta(minutes=2)  # above the longest pause before a program is started again


def programs(now: datetime) -> Finding:
    """Check that no program of `up` on this machine died in the last minutes."""
    ended = died_programs(settings.VAR_DIR)
    if ended is None:
        return Finding("run one by one", _("The programs of the site run."))
    died = [name for name, one in ended.items() if time.time() - one.at < RECENTLY.total_seconds()]
    if not died:
        return Finding("run", _("The programs of the site run."))
    told = "; ".join(f"“{name}” {ended[name].how} (in a row: {ended[name].times})" for name in died)
    return Finding(
        f"Not long ago {told}. It was, or will be, started again; its own output says why.",
        _("A program of the site stopped and was started again."),
        State.DOWN,
        _("If this stays for more than a few minutes, tell the person who runs your server."),
        since=datetime.fromtimestamp(min(ended[name].at for name in died), UTC),
    )


findings.register("programs", programs, public=True)


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
    found = look_at_all(timezone.now(), only_public=True)
    parts = {one.name: {"ok": one.state < State.DOWN, "says": one.says} for one in found}
    well = all(part["ok"] for part in parts.values())
    answer = {"ok": well, "parts": parts, "time_zones": time_zones()}
    return JsonResponse(answer, status=200 if well else 503)


@login_not_required
@never_cache
@require_safe
def livez(request: HttpRequest) -> JsonResponse:
    """Answer 200 and ask nothing, so that no web process is drained because Redis is away.

    503 while this process is told to stop: it still answers, and new requests had better go to another.
    """
    if leaving.is_leaving():
        return JsonResponse({"ok": False, "says": "This process is about to stop."}, status=503)
    return JsonResponse({"ok": True})
