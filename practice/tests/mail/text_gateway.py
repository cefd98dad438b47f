"""A real gateway for text messages: an HTTP server that takes, refuses, delays and drops as it is told.

It speaks Twilio's Messages API, as far as we use it, and keeps what it took in `taken`.
"""

from __future__ import annotations

import json
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.utils import timezone

ACCOUNT, TOKEN, FROM = "AC0123456789", "t0ken-of-the-gateway", "+13035550100"


class TextGateway:
    """What it answers may be set at any moment."""

    def __init__(self) -> None:
        self.taken: list[dict[str, Any]] = []
        self.asked: list[str] = []
        #: Status and error for a message, before it is taken: 201 takes it.
        self.answer: Callable[[dict[str, str]], tuple[int, dict[str, Any]]] = lambda _form: (201, {})
        #: After a message was taken: drop the line, or wait for `go_on`, instead of saying so.
        self.drops = self.waits = False
        self.go_on = threading.Event()
        self.port = 0

    @property
    def url(self) -> str:
        """The setting that leads here."""
        return f"http://{ACCOUNT}:{TOKEN}@127.0.0.1:{self.port}?from={FROM}"

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        """Take a message."""
        message = {
            "sid": f"SM{len(self.taken):032}",
            "status": "queued",
            "to": form["To"],
            "from": form["From"],
            "body": form["Body"],
            "callback": form.get("StatusCallback", ""),
            "num_segments": "1",
            "price": None,
            "price_unit": "USD",
            "error_code": None,
            "date_created": format_datetime(timezone.now()),
        }
        self.taken.append(message)
        return message


class Desk(BaseHTTPRequestHandler):
    """One connection to the gateway."""

    gateway: TextGateway
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def handle(self) -> None:
        """Answer, unless whoever asked was killed over it."""
        with suppress(ConnectionResetError):
            super().handle()

    def do_POST(self) -> None:
        form = {
            name: values[-1]
            for name, values in parse_qs(
                self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True
            ).items()
        }
        if not self.is_ours():
            return
        status, said = self.gateway.answer(form)
        if status != 201:
            self.say(status, {"status": status, **said})
            return
        message = self.gateway.take(form)
        if self.gateway.drops:
            self.close_connection = True
            self.connection.close()
            return
        if self.gateway.waits:
            self.gateway.go_on.wait(30)
        self.say(201, message)

    def do_GET(self) -> None:
        if not self.is_ours():
            return
        self.gateway.asked.append(self.path)
        parts = urlsplit(self.path)
        if parts.path.endswith("/Messages.json"):
            to = parse_qs(parts.query)["To"][0]
            self.say(200, {"messages": [one for one in reversed(self.gateway.taken) if one["to"] == to]})
            return
        sid = parts.path.rpartition("/")[2].removesuffix(".json")
        found = next((one for one in self.gateway.taken if one["sid"] == sid), None)
        self.say(200 if found else 404, found or {"code": 20404, "message": "not found"})

    def is_ours(self) -> bool:
        """Whether account and token are right; said, if not."""
        key = b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        right = self.headers["Authorization"] == f"Basic {key}" and f"/Accounts/{ACCOUNT}/" in self.path
        if not right:
            self.say(401, {"code": 20003, "message": "Authenticate"})
        return right

    def say(self, status: int, said: dict[str, Any]) -> None:
        """Answer in JSON."""
        body = json.dumps(said).encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:  # who asked did not wait
            self.close_connection = True


@contextmanager
def text_gateway(gateway: TextGateway | None = None) -> Iterator[TextGateway]:
    """A gateway that listens until the test ends; the given one, if there is one."""
    gateway = gateway or TextGateway()
    desk = type("OurDesk", (Desk,), {"gateway": gateway})
    server = ThreadingHTTPServer(("127.0.0.1", 0), desk)
    server.daemon_threads = True
    gateway.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield gateway
    finally:
        gateway.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
