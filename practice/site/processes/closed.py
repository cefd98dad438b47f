"""The page that visitors get while the practice is closed for an upgrade, and how `up` and `upgrade` meet.

`upgrade` holds a lock on a file in VAR_DIR for as long as it runs, and writes there how it ended. `up` waits
for that lock, so that it learns of the end even when `upgrade` is killed.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

RETRY = 60  # seconds, which browsers and probes are asked to wait
RUNNING, DONE, FAILED = "running", "done", "failed"
#: The name under which `up` notes that it shows this page.
CLOSED = "closed"
STYLE = (Path(__file__).resolve().parents[2] / "static" / "css" / "closed.css").read_bytes()
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Back in a few minutes</title><link rel="stylesheet" href="/closed.css"></head>
<body><main><h1>Back in a few minutes</h1>
<p>We’re updating this site. Nothing you booked or saved is lost. Please try again shortly.</p>
<div lang="es"><h2>Volvemos en unos minutos</h2>
<p>Estamos actualizando este sitio. No se pierde nada de lo que reservó o guardó.
Inténtelo de nuevo en breve.</p>
</div></main></body></html>
""".encode()
HEALTH = json.dumps(
    {"ok": False, "parts": {"upgrade": {"ok": False, "says": "Opens as soon as the database is ready."}}}
).encode()


class _Closed(BaseHTTPRequestHandler):
    """Answers every request alike: 503, and when to come back."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "portal", ""
    timeout = 10

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/livez":
            self._send(200, "application/json", b'{"ok": true}')
        elif path == "/closed.css":
            self._send(200, "text/css; charset=utf-8", STYLE)
        elif path == "/healthz":
            self._send(503, "application/json", HEALTH)
        else:
            self._send(503, "text/html; charset=utf-8", PAGE)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _answer

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.close_connection = True  # what a form sends along is not read
        self.send_response(status)
        headers = {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
            "X-Content-Type-Options": "nosniff",
            "Connection": "close",
        }
        for name, value in (headers | ({"Retry-After": str(RETRY)} if status == 503 else {})).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: addresses of visitors belong in no log."""


def show_page(port: int) -> None:
    """Answer every request on this port of 127.0.0.1 with the page, until this process is ended."""
    with ThreadingHTTPServer(("127.0.0.1", port), _Closed) as server:
        server.daemon_threads = True
        server.serve_forever()


@contextlib.contextmanager
def page_shown(port: int) -> Iterator[None]:
    """Answer every request on this port of 127.0.0.1 with the page while the block runs."""
    with ThreadingHTTPServer(("127.0.0.1", port), _Closed) as server:
        server.daemon_threads = True
        serving = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
        serving.start()
        try:
            yield
        finally:
            server.shutdown()
            serving.join()


class AlreadyUpgrading(Exception):
    """Raised when another upgrade runs on this var/."""


class Upgrade:
    """The note of an upgrade that runs. `ended_with`: how it ended; without it, it failed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.ended_with(RUNNING)

    def ended_with(self, state: str) -> None:
        """Note a state."""
        self._path.write_text(json.dumps({"state": state}), encoding="utf-8")


@contextlib.contextmanager
def upgrading(var: Path) -> Iterator[Upgrade]:
    """Hold the lock of upgrades while the block runs. Raises AlreadyUpgrading."""
    with (var / "upgrade.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyUpgrading from error
        upgrade = Upgrade(var / "upgrade.json")
        try:
            yield upgrade
        except BaseException:
            upgrade.ended_with(FAILED)
            raise


def wait_for_the_end(var: Path) -> bool:
    """Wait until no upgrade runs; return whether the last one ended well."""
    with (var / "upgrade.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        try:
            said = json.loads((var / "upgrade.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
    return bool(said["state"] == DONE)


def wait_until_done(var: Path) -> None:
    """Wait until an upgrade ended well. One that fails, or is killed, can be run again."""
    while not wait_for_the_end(var):
        time.sleep(1)
