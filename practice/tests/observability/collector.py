"""A collector of errors on this machine, and a site that reports to it: run in a process of its own.

    python -m practice.tests.observability.collector

The real SDK reports to a real server what fails in a page, in a task, in the sending of an email, in a thread
and in the program. Each time, words stand wherever they could: in what was posted, headers, cookies,
variables, messages of errors, arguments. Printed: all that arrived, as JSON.
"""

from __future__ import annotations

import gzip
import json
import logging
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import brotli

ARRIVED: list[str] = []


class Collector(BaseHTTPRequestHandler):
    """Keeps what is posted."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        unpack = {"gzip": gzip.decompress, "br": brotli.decompress}.get(self.headers.get("Content-Encoding"))
        body = unpack(body) if unpack else body
        ARRIVED.append(f"{self.path}\n{self.headers}\n{body.decode()}")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *said: Any) -> None:
        """Say nothing."""


def start_collector() -> int:
    """Start it; return its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def fail_everywhere(words: list[str]) -> None:
    """Fail in a page, a task, our own code, a thread and the program, with these words in all places."""
    import structlog
    from django.http import HttpRequest, HttpResponse
    from django.test import Client
    from django.urls import path

    from practice.celery import app

    said = " ".join(words)

    def page(request: HttpRequest) -> HttpResponse:
        typed = {"said": said, "posted": request.POST.dict()}
        raise ValueError(f"cannot keep {typed}") from KeyError(said)

    page.login_required = False  # type: ignore[attr-defined]
    from django.conf import settings

    from practice import urls

    urls.urlpatterns.insert(0, path("broken/", page))
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "observability" in one]
    browser = Client(
        raise_request_exception=False, headers={"user-agent": said, "referer": f"http://x/?{said}"}
    )
    browser.cookies["said"] = said.split()[0]
    browser.post(f"/broken/?said={words[0]}", {"noticing": said})

    def task(argument: str) -> None:
        raise RuntimeError(f"task broke on {argument}")

    app.task(task, name="broken").apply(args=[said])
    log = structlog.get_logger("practice.mail.delivery.deliver")
    try:
        raise OSError(said)
    except OSError:
        log.exception("letter: cannot be sent", letter=3, said=said)
    logging.getLogger("asyncio").error("a line of another package: %s", said)

    def thread() -> None:
        raise LookupError(said)

    one = threading.Thread(target=thread, name=said)
    one.start()
    one.join()
    try:
        raise SystemError(said)
    except SystemError:
        sys.excepthook(*sys.exc_info())


def main(words: list[str], start: Callable[[], int] = start_collector) -> None:
    """Print what arrived."""
    import os

    os.environ["SENTRY_DSN"] = f"http://key@127.0.0.1:{start()}/1"
    os.environ["DJANGO_SETTINGS_MODULE"] = "practice.settings"
    import django

    django.setup()
    import sentry_sdk

    fail_everywhere(words)
    sentry_sdk.flush(timeout=60)
    print(json.dumps(ARRIVED))


if __name__ == "__main__":
    main(json.loads(sys.stdin.read()))
