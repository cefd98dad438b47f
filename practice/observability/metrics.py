"""`/metrics` for Prometheus, and the middleware that counts requests. Off by default, and then not loaded.

The web server is several processes: prometheus-client keeps what each counted in files of one folder, and
adds them up when somebody asks.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from practice.observability.measures import readings

Next = Callable[[HttpRequest], HttpResponseBase]
FOLDER = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client reads it when it is loaded
BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
NO_ROUTE = "none"


@cache
def instruments() -> tuple[Any, Any]:
    """Return the counter of requests and the histogram of their seconds, loading what counts."""
    folder = Path(os.environ.setdefault(FOLDER, str(settings.VAR_DIR / "metrics")))
    folder.mkdir(parents=True, exist_ok=True)
    client = import_module("prometheus_client")
    requests = client.Counter("portal_requests", "Requests by route and status.", ["route", "status"])
    seconds = client.Histogram(
        "portal_request_seconds", "Seconds until an answer begins.", ["route"], buckets=BUCKETS
    )
    return requests, seconds


def forget_counts(folder: Path) -> None:
    """Remove what the processes of an earlier start counted: Prometheus takes that for a new beginning."""
    shutil.rmtree(folder, ignore_errors=True)


class MetricsMiddleware:
    """A middleware that counts each request by its route, never by its address. In place only if on."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response
        # Before there are threads: the first two requests of a process may come at once.
        self.requests, self.seconds = instruments()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = self.get_response(request)
        route = request.resolver_match.view_name if request.resolver_match else NO_ROUTE
        self.requests.labels(route, str(response.status_code)).inc()
        self.seconds.labels(route).observe(time.perf_counter() - began)
        return response


class Present:
    """What is measured at the moment of asking, as a collector of prometheus-client."""

    def collect(self) -> Iterator[Any]:
        """Yield a gauge for each measure."""
        core = import_module("prometheus_client.core")
        for measure, values in readings(timezone.now()):
            labels = [measure.label] if measure.label else []
            gauge = core.GaugeMetricFamily(measure.name, measure.help, labels=labels)
            for name, value in values:
                gauge.add_metric([name] if labels else [], value)
            yield gauge


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus, if METRICS lets it; 404 to everybody else."""
    may = settings.METRICS and settings.METRICS.allows(
        authorization=request.headers.get("authorization", ""),
        address=request.META.get("REMOTE_ADDR", ""),
        forwarded="X-Forwarded-For" in request.headers,
    )
    if not may:
        raise Http404
    instruments()
    client = import_module("prometheus_client")
    registry = client.CollectorRegistry()
    import_module("prometheus_client.multiprocess").MultiProcessCollector(registry)
    registry.register(Present())
    return HttpResponse(client.generate_latest(registry), content_type=client.CONTENT_TYPE_LATEST)
